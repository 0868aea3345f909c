"""Filters of a search as a condition on rows: every lane asks it, so that no hit escapes a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from agentdesk.store.projections.search_index import Connection
from agentdesk.text.search_query import Wish

STATE: Final = "state"
PRODUCT: Final = "product"
STATES: Final = {
    "in_force": "starts <= ?1 AND (ends = 0 OR ends > ?1)",
    "upcoming": "starts > ?1",
    "expired": "ends > 0 AND ends <= ?1",
}
"""Whether an article holds at a moment: the values of the filter `state:`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What stands behind `AND` in a statement whose row is `{row}`; nothing where there is no filter."""

    sql: str = ""

    def on(self, row: str) -> str:
        """The condition on a column that names a row of `search_item`."""
        return self.sql.replace("{row}", row)


ALL: Final = Condition()


def condition(conn: Connection, wishes: Sequence[Wish], now: int) -> Condition | None:
    """Return the condition that all wishes together make, None where one of them can be met by nothing.

    Wishes of one name widen each other, as kinds do (`kind:faq kind:policy`); tags must all be there.
    """
    parts: list[str] = []
    for values in _groups(wishes):
        part = _states(values, now) if values[0].name == STATE else _facets(conn, values)
        if not part:
            return None
        parts.append(part)
    return Condition("".join(f" AND {part}" for part in parts))


def _groups(wishes: Sequence[Wish]) -> list[list[Wish]]:
    alone = [[wish] for wish in wishes if wish.name == "tag"]
    together: dict[str, list[Wish]] = {}
    for wish in wishes:
        if wish.name != "tag":
            together.setdefault(wish.name, []).append(wish)
    return [*alone, *together.values()]


def _states(wishes: Sequence[Wish], now: int) -> str:
    wanted = [STATES[value].replace("?1", str(int(now))) for wish in wishes for value in wish.values if value in STATES]
    if not wanted:
        return ""
    either = " OR ".join(f"({one})" for one in wanted)
    return f"EXISTS (SELECT 1 FROM search_item WHERE row = {{row}} AND ({either}))"


def _facets(conn: Connection, wishes: Sequence[Wish]) -> str:
    """Write that a row has one of the values; they are numbers by now, so that they may stand in the statement."""
    ids = {value for wish in wishes for value in _ids(conn, wish)}
    if not ids:
        return ""
    listed = ",".join(map(str, sorted(ids)))
    return f"EXISTS (SELECT 1 FROM search_facet WHERE value IN ({listed}) AND search_facet.row = {{row}})"


def _ids(conn: Connection, wish: Wish) -> list[int]:
    """The numbers of the values that a wish means: a product by any part of its name, all else in full."""
    test = "instr(word, ?)" if wish.name == PRODUCT else "word = ?"
    found: list[Any] = []
    for value in wish.values:
        if value:
            rows = conn.execute(f"SELECT value FROM search_facet_value WHERE name = ? AND {test}", (wish.name, value))
            found += rows.fetchall()
    return [one for (one,) in found]
