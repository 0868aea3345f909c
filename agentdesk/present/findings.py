"""A lint finding as one line: severity, category, the words, the reason, what to say instead, and the key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from textual.content import Content

from agentdesk.present.i18n import known, t
from agentdesk.present.labels import label
from agentdesk.present.safe import ACCENT, DIM, ERROR, WARNING, Piece, cut, line, lines, plain, width
from agentdesk.text.templates import fill


class FindingLike(Protocol):
    """What presentation reads of a finding of `text.lint`; offsets are code points, end exclusive."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """Code point after the last."""

    @property
    def rule(self) -> str:
        """Rule id such as FP-01."""

    @property
    def category(self) -> str:
        """Category code of the standard §5.4."""

    @property
    def severity(self) -> str:
        """block, warn or hint."""

    @property
    def text(self) -> str:
        """The words found."""

    @property
    def replacement(self) -> str:
        """Approved wording without variables, empty where there is none."""

    @property
    def template(self) -> str:
        """Approved wording with variables such as `{eta}`, empty where there is none."""

    @property
    def why(self) -> str:
        """Reason in the lexicon's own language."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that the text lacks, by their codes."""

    @property
    def adds(self) -> bool:
        """Whether the wording goes behind the text: nothing in it is wrong."""


class ExplainedLike(FindingLike, Protocol):
    """A finding that also says how it was seen."""

    @property
    def lane(self) -> str:
        """text, apart, repeats, sounds, expression or pair."""


_STYLES = {"block": ERROR, "warn": WARNING, "hint": DIM}
_RANK = {"": 0, "hint": 1, "warn": 2, "block": 3}


LEAST_REASON = 8
"""Cells below which a cut reason says nothing and is left out."""


def worst_of(findings: Sequence[FindingLike]) -> str:
    """Return the highest severity among findings: block, warn, hint or empty."""
    return max((finding.severity for finding in findings), key=lambda severity: _RANK.get(severity, 0), default="")


def reason(finding: FindingLike) -> str:
    """Return why a finding is one, as a sentence in the language in use; where parts are missing, which."""
    if finding.missing:
        return t("lint_reason.missing", parts=t("list.comma").join(map(_part, finding.missing)))
    for key in (f"lint_reason.{finding.rule}", f"lint_reason.{finding.category}"):
        if known(key):
            return t(key)
    return finding.why


def explained(finding: ExplainedLike) -> list[str]:
    """Return a finding in lines: severity, category and words; the reason and how it was seen; what to say instead."""
    head = f"{label('severity', finding.severity)} {label('lint', finding.category)}  {plain(finding.text)}"
    seen = t("trial.seen", why=reason(finding), lane=t(f"lint.lane.{finding.lane}"))
    return [head, seen, *([t("trial.use", words=finding.replacement)] if finding.replacement else [])]


def _part(code: str) -> str:
    """The name of a part; a site's own part is called as the site calls it."""
    return t(f"lint_part.{code}") if known(f"lint_part.{code}") else plain(code)


def wording(finding: FindingLike) -> str:
    """Return what is shown as the words to use: free of variables, or with a gap where the agent must say something."""
    return finding.replacement or (fill(finding.template, {}) if finding.adds else "")


def finding_lines(finding: FindingLike, cells: int, rows: int, *, place: int = 1, count: int = 1) -> Content:
    """Lay a finding out in one line, or where there are two rows the wording to use below what is wrong."""
    if rows < 2 or not wording(finding):
        return finding_line(finding, cells, place=place, count=count)
    head = _head(finding, place, count)
    why = cut(reason(finding), max(0, cells - _used(head) - 2))
    use = cut(wording(finding), max(0, cells - 3))
    return lines(line(*head, ("  " + why, DIM)), line(("^R", f"bold {ACCENT}"), (" " + use, "")))


def finding_line(finding: FindingLike, cells: int, *, place: int = 1, count: int = 1, key: str = "^R") -> Content:
    """Lay a finding out in one line of at most so many cells; the category is never cut.

    `place` of `count` is shown where there are several findings.
    """
    head = _head(finding, place, count)
    used = _used(head)
    why, say = reason(finding), wording(finding)
    free = cells - used - (2 if why else 0) - (width(key) + 3 if say else 0)
    # Where both do not fit, the wording to use gets the greater part, as the reason only explains it; but what is
    # missing is said whole.
    room = max(free - width(why), 0 if finding.missing else free * 3 // 5) if say else 0
    if free - room < min(width(why), LEAST_REASON):
        why, room = "", free + 2
    said = cut(say, max(0, room))
    told = cut(why, max(0, free - width(said)))
    tail: list[Piece] = [("  ", ""), (key, f"bold {ACCENT}"), (" " + said, "")] if say else []
    return line(*head, ("  " + told if told else "", DIM), *tail)


def _head(finding: FindingLike, place: int, count: int) -> list[Piece]:
    """Severity and category, and which of several findings it is."""
    style = _STYLES.get(finding.severity, DIM)
    head: list[Piece] = [(label("severity", finding.severity), style), (" " + label("lint", finding.category), "bold")]
    return [*head, (f" {place}/{count}", DIM)] if count > 1 else head


def _used(pieces: list[Piece]) -> int:
    return sum(width(piece if isinstance(piece, str) else piece[0]) for piece in pieces)


def finding_texts(found: Iterable[FindingLike]) -> list[str]:
    """Findings one line each, as a question lists them: severity, words, category, why."""
    told = ((label("severity", one.severity), one.text, label("lint", one.category), reason(one)) for one in found)
    return ["  ".join(plain(part) for part in parts) for parts in told]
