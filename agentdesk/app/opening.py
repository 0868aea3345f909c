"""What keeps the desk from opening: a terminal that cannot show it, a store that cannot be opened. One sentence each.

Only the check of the terminal stands on the start path; sentences are imported when one is needed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentdesk.preferences import Paths

NO_SCREEN = ("dumb", "unknown")
"""Values of TERM of terminals that place no cursor."""


def terminal_problem(environ: Mapping[str, str] = os.environ) -> tuple[str, dict[str, object]] | None:
    """Return key and details of what is wrong with the terminal; None for one that can show the desk."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return "refusal.terminal.none", {}
    if environ.get("TERM", "") in NO_SCREEN:
        return "refusal.terminal.dumb", {"term": environ["TERM"]}
    encoding = (sys.__stderr__.encoding if sys.__stderr__ is not None else "") or ""
    if encoding.replace("-", "").replace("_", "").lower() != "utf8":
        return "refusal.terminal.encoding", {"encoding": encoding}
    return None


def refuse(key: str, details: Mapping[str, object]) -> int:
    """Say a sentence on standard error, in English where the encoding cannot hold the person's language; return 1."""
    from agentdesk.present import i18n

    said = i18n.t(key, **details)
    try:
        said.encode(sys.stderr.encoding or "utf-8")
    except UnicodeEncodeError:
        i18n.use("en")
        said = i18n.t(key, **details)
    sys.stderr.write(said + "\n")
    return 1


def refuse_error(error: Exception, paths: Paths) -> bool:
    """Say what an error at the opening means, in the person's language; False for what nobody foresaw."""
    from agentdesk.present import console, i18n, troubles

    i18n.use(console.language(paths))
    said = troubles.sentence(error, Path(paths.store).parent)
    if said is None:
        return False
    sys.stderr.write(said + "\n")
    return True
