"""Write docs/preferences.md from the declarations in `agentdesk/preferences.py` and the catalogues.

python scripts/preferences_doc.py            write it
python scripts/preferences_doc.py --check    exit 1 if what stands there is not what would be written
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import catalogue

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that a clone works before it is installed

from agentdesk import preferences  # noqa: E402
from agentdesk.preferences import Preferences  # noqa: E402

TARGET = ROOT / "docs" / "preferences.md"
HEAD = """# Preferences

Made by `scripts/preferences_doc.py` from `agentdesk/preferences.py`; do not edit.

What one person chooses on one machine; it never leaves it. All of it can be chosen in the desk (Shift+F9), which saves
at once and leaves remarks and unknown entries of the file as they are. The file is `preferences.toml` below
`AGENTDESK_HOME`, or where the system wants a person's settings; `agentdesk doctor` names the place.

An entry that cannot be used keeps nobody from working: the desk opens with its default and says what is wrong, on which
line, and what to do; so does `agentdesk doctor`.
"""
SAMPLE: dict[str, str | Mapping[str, str]] = {"theme": "agentdesk-light", "keys": {"queue-open": "f3,ctrl+o"}}


def document() -> str:
    """Return the whole page: one table of fields, a file as the desk writes it, the sentences of what may be wrong."""
    rows = ["| field | kind | default | what it is |", "|---|---|---|---|", *map(_row, fields(Preferences))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "preferences.toml")
        preferences.change(path, SAMPLE)
        sample = path.read_text(encoding="utf-8")
    return "\n".join([HEAD, *rows, "", "## A file", "", f"```toml\n{sample}```", "", *_keys(), "", *_faults(), ""])


def _row(one: Field[Any]) -> str:
    choices = ", ".join(f"`{choice}`" for choice in one.metadata.get("choices", ()))
    kind = f"one of {choices}" if choices else "table"
    default = "none" if one.default is MISSING else f'`"{one.default}"`'
    return f"| `{one.name}` | {kind} | {default} | {one.metadata['about']} |"


def _keys() -> list[str]:
    return [
        "## Keys",
        "",
        "A key is written as Textual writes it: `f6`, `shift+f9`, `ctrl+o`, `alt+x`, `ctrl+up`; several with commas"
        " between them.",
        "Actions may be given function keys (alone, with Shift, Ctrl or Alt), Ctrl or Alt with a letter, and Ctrl with"
        " an arrow up or down or a page key. Refused are keys that terminals lose or fold together, keys that text"
        " fields need, and bare letters, which an input method swallows. A key that another action of the same screen"
        " has is refused until that one has another; two actions may change places. A variant of an action on a screen"
        " of its own goes with it. Footer, help (F1) and palette (F9) show the keys as they are then.",
        "",
        "The ids stand in [keys.md](keys.md).",
    ]


def _faults() -> list[str]:
    texts = [catalogue.load(language) for language in ("zh_CN", "en")]
    rows = [
        "| " + " | ".join(text[key].replace("|", "\\|") for text in texts) + " |"
        for key in sorted(texts[0])
        if key.startswith("preferences.fault.")
    ]
    return ["## What the desk says", "", "| 中文 | English |", "|---|---|", *rows]


def main(words: list[str]) -> int:
    """Write the page, or compare it."""
    wanted = document()
    if "--check" in words:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted
        if not same:
            sys.stdout.write("docs/preferences.md is not what is declared: run python scripts/preferences_doc.py\n")
        return 0 if same else 1
    TARGET.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
