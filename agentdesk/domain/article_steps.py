"""The steps of an article as they are read aloud, ticked off and planned: what is done, by whom, within what time.

A step is a line of text. What stands at its end says who does it and how long it may take: `告知技术与运营 @主管 +10m`;
`m`, `h`, `d` are minutes, hours, days, `+0m` is at once. Both may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from agentdesk.domain import article_links

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_WITHIN: Final = re.compile(r"\+(\d{1,3})([mhd])", re.IGNORECASE)
_ACTOR: Final = re.compile(r"@(\S{1,40})")
_NUMBERED: Final = re.compile(r"[ \t]{0,8}\d{1,3}(?:[.)][ \t]+|[、．][ \t]*)(?P<text>\S.*)")  # noqa: RUF001
_CONTINUED: Final = re.compile(r"[ \t]{2,}(?P<text>[^\s\-*+>#|].*)")
_MARKS: Final = re.compile(
    r"`(?P<code>[^`\n]{1,500})`|\*\*(?P<strong>[^*\n]{1,1000})\*\*"
    r"|(?<![0-9A-Za-z_])__(?P<under>[^_\n]{1,1000})__(?![0-9A-Za-z_])"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `text` is what is said, `actor` who does it ("" anybody), `within` how long it may take."""

    text: str
    actor: str = ""
    within: timedelta | None = None


def parse(line: str) -> Step:
    """Read one step with what stands at its end."""
    text, actor, within = line.strip(), "", None
    for _ in range(2):
        before, _, last = text.rpartition(" ")
        if not before.strip():
            break
        if within is None and (found := _WITHIN.fullmatch(last)):
            within = timedelta(**{_UNITS[found[2].lower()]: int(found[1])})
        elif not actor and (found := _ACTOR.fullmatch(last)):
            actor = found[1]
        else:
            break
        text = before.rstrip()
    return Step(text, actor, within)


def written(step: Step) -> str:
    """A step as a person writes it; `parse` reads the same again."""
    actor = f" @{step.actor}" if step.actor else ""
    return f"{step.text}{actor}" + (f" +{span_of(step.within)}" if step.within is not None else "")


def span_of(span: timedelta) -> str:
    """A length of time as it is written: in the largest unit that it is whole in."""
    minutes = span // timedelta(minutes=1)
    for unit, length in (("d", 24 * 60), ("h", 60)):
        if minutes and not minutes % length:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


def steps_of(steps: Iterable[str], body: str) -> tuple[Step, ...]:
    """The steps of an article: its own, else what its text numbers, in the order of the text."""
    own = tuple(parse(bare(line)) for line in steps if line.strip())
    return own or tuple(parse(line) for line in numbered(body))


def numbered(body: str) -> list[str]:
    """The items of the numbered lists of a text, without the marks of Markdown. Linear in its length."""
    found: list[str] = []
    open_item = code = False
    for row in body.splitlines():
        if row.lstrip().startswith("```"):
            code = not code
        item = None if code else _NUMBERED.match(row)
        more = _CONTINUED.match(row) if open_item and item is None and not code else None
        if item is not None:
            found.append(item["text"])
        elif more is not None:
            found[-1] += more["text"]
        open_item = item is not None or more is not None
    return [bare(text) for text in found]


def bare(text: str) -> str:
    """A line without the marks of Markdown, its links as the words that they show."""
    for link in reversed(article_links.links(text)):
        text = text[: link.start] + (link.shown or link.id) + text[link.end :]
    return _unmarked(text).strip()


def _unmarked(text: str) -> str:
    """Without the marks that stand in pairs; what is in code stays as it is."""
    return _MARKS.sub(lambda found: found["code"] or _unmarked(found["strong"] or found["under"]), text)
