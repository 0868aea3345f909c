"""A text laid out for a width: its rows, and on which of them what leads elsewhere stands.

Use: `Laid.of([title, body], 78).rows`
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from textual.content import Content


@dataclass(frozen=True, slots=True)
class Laid:
    """The rows, and on which of them each link begins; `marked` is the link that stands out, -1 for none."""

    rows: list[Content] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    marked: int = -1

    @classmethod
    def of(cls, told: Iterable[Content], cells: int) -> Laid:
        """Finished texts under one another; what is wider than there is room goes on in the next row."""
        rows = (row for text in told for row in text.split(allow_blank=True))
        return cls([part for row in rows for part in ([row] if row.cell_length <= cells else row.wrap(cells))])
