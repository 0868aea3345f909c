"""Articles in from a file that a person names at the desk: looked at first, imported as they were seen (§6.1).

The rows are those of `kb import`; what is found when it is done must be what was shown, else it is shown again.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from agentdesk.desk import articles
from agentdesk.desk.article_rows import Reading
from agentdesk.desk.articles import Done, Plan
from agentdesk.desk.columns import Words
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal

_QUOTES = "\"'“”"


@dataclass(slots=True)
class Work:
    """A long import on its way: how many rows are done, of how many once they are counted, whether it is to stop."""

    done: int = 0
    total: int = 0
    stop: bool = False

    @property
    def recording(self) -> bool:
        """Whether it writes: once it does, a wish to stop may come too late."""
        return self.total > 0

    def step(self, done: int) -> bool:
        """So many are done; whether to stop."""
        self.done = done
        return self.stop


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: `done` is None where the file, or what is there, is no longer what was seen; `plan` then is what
    is there now, else what was shown."""

    plan: Plan
    done: Done | None


def look(desk: Desk, typed: str, words: Words, work: Work) -> Plan:
    """Look at every row of a file, folder or zip, writing nothing.

    Raises Refusal: role.denied, articles.no_file (file), and those of `articles.plan`; OSError of a file that cannot
    be read.
    """
    path = _path(typed)
    if not (path.is_file() or path.is_dir()):  # a pipe would be waited for
        raise Refusal("articles.no_file", file=str(path))
    return articles.plan(desk, [str(path)], Reading(words, {}), io.BytesIO(), work.step)


def take(desk: Desk, typed: str, words: Words, shown: Plan, work: Work) -> Imported:
    """Import what was shown, all of it or none. Raises as `look`."""
    found = look(desk, typed, words, work)
    if not found.stopped and _what(found) != _what(shown):
        return Imported(found, None)
    work.done, work.total = 0, len(found.ready)
    if found.stopped or work.stop:
        return Imported(shown, Done(stopped=True))
    return Imported(found, articles.record(desk, found.ready, work.step))


def _what(plan: Plan) -> list[tuple[object, ...]]:
    return [(one.values, one.becomes, one.before) for one in plan.ready]


def _path(typed: str) -> Path:
    """A path as it is typed, or pasted from a file manager; one that begins with a dash is no option."""
    tidy = typed.strip().strip(_QUOTES)
    try:
        return Path(tidy).expanduser().absolute()
    except RuntimeError:  # a home that nobody has
        return Path(tidy).absolute()
