"""All projections of one store, refreshed together inside the journal's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from agentdesk.changes import EntityState, Registry
from agentdesk.domain.calendar import Calendar
from agentdesk.domain.records import REGISTRY
from agentdesk.domain.settings import Settings
from agentdesk.store import entities
from agentdesk.store.projections import article_use, contents, customers, phrase_use, policies, queue, requests


class Projections:
    """The projections of one store under the rules in force."""

    def __init__(
        self, settings: Settings | None = None, calendar: Calendar | None = None, registry: Registry = REGISTRY
    ) -> None:
        """Compute with these site settings and this working calendar."""
        self.settings = settings or Settings()
        self.calendar = calendar or Calendar()
        self._registry = registry

    def refresh(
        self,
        conn: Connection,
        touched: Sequence[EntityState],
        *,
        gone_roots: Iterable[str] = (),
        known: Mapping[str, list[EntityState]] | None = None,
    ) -> None:
        """Bring everything that hangs on the touched entities up to date. `known` spares loading roots at hand."""
        team = {state.root for state in touched if self._registry.entities[state.entity].scope == "team"}
        self._refresh_roots(conn, team | set(gone_roots), dict(known or {}))
        contents.refresh(conn, [state for state in touched if state.entity in contents.ENTITIES])
        policies.refresh(conn, touched)
        phrase_use.refresh(conn, touched)
        article_use.refresh(conn, touched)

    def rebuild(self, conn: Connection, roots: Sequence[str]) -> None:
        """Compute every request's rows anew, in slices."""
        queue.clear(conn)
        customers.clear(conn)
        for start in range(0, len(roots), 500):
            self._refresh_roots(conn, set(roots[start : start + 500]), {})

    def _refresh_roots(self, conn: Connection, roots: set[str], known: dict[str, list[EntityState]]) -> None:
        if not roots:
            return
        wanted = [root for root in roots if root not in known]
        states = {**known, **entities.load_roots(conn, wanted, self._registry)}
        facts = {root: self._registry.facts(states[root], self.settings) for root in roots}
        queue.refresh(conn, facts, self.settings, self.calendar)
        customers.refresh(conn, facts)
        requests.refresh(conn, facts)
