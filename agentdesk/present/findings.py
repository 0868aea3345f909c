"""A lint finding as one line: severity, category, the words, the reason, what to say instead, and the key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from textual.content import Content

from agentdesk.present.i18n import known, t
from agentdesk.present.labels import label
from agentdesk.present.safe import ACCENT, DIM, ERROR, WARNING, Piece, cut, line, width


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
        """Approved wording, empty where there is none."""


_STYLES = {"block": ERROR, "warn": WARNING, "hint": DIM}
_RANK = {"": 0, "hint": 1, "warn": 2, "block": 3}


def worst_of(findings: Sequence[FindingLike]) -> str:
    """Return the highest severity among findings: block, warn, hint or empty."""
    return max((finding.severity for finding in findings), key=lambda severity: _RANK.get(severity, 0), default="")


def reason(finding: FindingLike) -> str:
    """Return why a finding is one, as a sentence in the language in use."""
    for key in (f"lint_reason.{finding.rule}", f"lint_reason.{finding.category}"):
        if known(key):
            return t(key)
    return ""


def finding_line(finding: FindingLike, cells: int, *, place: int = 1, count: int = 1, key: str = "^R") -> Content:
    """Lay a finding out in one line of at most so many cells; the replacement gives way last but one, its key never.

    `place` of `count` is shown where there are several findings.
    """
    style = _STYLES.get(finding.severity, DIM)
    head: list[Piece] = [(label("severity", finding.severity), style), (" " + label("lint", finding.category), "bold")]
    if count > 1:
        head.append((f" {place}/{count}", DIM))
    tail: list[Piece] = []
    if finding.replacement:
        room = max(8, cells // 2 - 8)
        tail = [("  ", ""), (key, f"bold {ACCENT}"), (" " + cut(finding.replacement, room), "")]
    used = sum(width(piece if isinstance(piece, str) else piece[0]) for piece in head + tail)
    why = cut(reason(finding), max(0, cells - used - 2)) if cells - used > 8 else ""
    return line(*head, ("  " + why if why else "", DIM), *tail)
