"""One use case's transaction: facts are folded as they are written, so that each guard sees what came before it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from agentdesk.changes import (
    Attempt,
    Change,
    EntityState,
    Kind,
    NotCanonical,
    fold_pending,
    instant,
    shape_problem,
    stamp_time,
)
from agentdesk.changes.judge import illegal
from agentdesk.domain.refusal import Refusal
from agentdesk.store import entities
from agentdesk.store.entities import Key
from agentdesk.store.identity import Identity
from agentdesk.store.rebase import keep_shadow

if TYPE_CHECKING:
    from agentdesk.store.journal import Journal

MAX_CHANGES = 100
MAX_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Written:
    """One change of this transaction with its place in the outbox of a scope."""

    scope: str
    ctr: int
    change: Change


class Transaction:
    """Made by `Journal.transaction`; read with `state` and `facts`, write with `write` and `transition`."""

    def __init__(
        self, journal: Journal, conn: Connection, identity: Identity, last_ctr: dict[str, int] | None = None
    ) -> None:
        """Begin; the database transaction is open already. `last_ctr`: counters of a batch that it goes on from."""
        self.conn = conn
        self.me = identity
        self.at = journal.now()
        self._journal = journal
        self._registry = journal.registry
        self._states: dict[Key, EntityState | None] = {}
        self._before: dict[Key, EntityState | None] = {}
        self._roots: dict[str, list[Key]] = {}
        self._written: list[Written] = []
        self._txn_ids: dict[str, str] = {}
        self.last_ctr: dict[str, int] = {} if last_ctr is None else last_ctr

    @property
    def touched(self) -> set[Key]:
        """The entities that were written."""
        return {(item.change.entity, item.change.entity_id) for item in self._written}

    def new_id(self) -> str:
        """Return a new time-ordered id."""
        return self._journal.new_id()

    def now(self) -> str:
        """Return the `at` of facts that happen now."""
        return stamp_time(self.at)

    def is_fresh(self, entity: str, entity_id: str) -> None:
        """Say that an id was made just now, so that nobody looks for it in the file."""
        self._states.setdefault((entity, entity_id), None)

    def state(self, entity: str, entity_id: str) -> EntityState | None:
        """Return the entity as shown, with what this transaction wrote; None if it does not exist."""
        key = (entity, entity_id)
        if key not in self._states:
            self._states[key] = entities.load(self.conn, [key]).get(key)
        return self._states[key]

    def facts(self, root: str) -> Any:
        """Return the facts of everything under a root, as guards and clocks read them."""
        self._load_root(root)
        states = [state for key in self._roots[root] if (state := self._states[key]) is not None]
        return self._registry.facts(states, self._journal.projections.settings)

    def _load_root(self, root: str) -> None:
        if root in self._roots:
            return
        self._roots[root] = []
        if self._is_new(root):
            stored: Sequence[EntityState] = ()
        else:
            stored = entities.load_roots(self.conn, [root], self._registry)[root]
        for state in stored:
            key = (state.entity, state.id)
            self._states.setdefault(key, state)
            self._roots[root].append(key)
        written = (key for key, state in self._states.items() if state and state.root == root)
        self._roots[root] += [key for key in written if key not in self._roots[root]]

    def _is_new(self, root: str) -> bool:
        """Whether this transaction made the root, so that nothing can lie under it in the file."""
        return any(key[1] == root and before is None for key, before in self._before.items())

    def write(
        self,
        entity: str,
        entity_id: str,
        *,
        root: str,
        patch: Mapping[str, Any],
        seen: Mapping[str, Sequence[str]] | None = None,
        scope: str = "",
    ) -> str:
        """Write facts: one change with these groups. Returns the change's id.

        Bases of texts and lanes are what is shown now; `seen` names for texts what the person had before their eyes,
        so that what came meanwhile is not replaced unread; `scope` for what belongs elsewhere than its kind. Raises
        Refusal `change.shape` or `change.too_large`.
        """
        state = self.state(entity, entity_id)
        base = {name: shown for name in patch if (shown := self._seen(entity, name, state))}
        base |= {name: list(ids) for name, ids in (seen or {}).items() if name in patch}
        scope = state.scope if state else scope or self._journal.scope_of(entity)
        change = self._make(scope, entity, entity_id, root, patch, base)
        key = (entity, entity_id)
        if key not in self._before:
            self._before[key] = copy.deepcopy(state)
        ctr = self._next_ctr(scope)
        self._states[key] = fold_pending(state, change, ctr, self.me.person_id, scope, self._registry)
        self._written.append(Written(scope, ctr, change))
        if root in self._roots and key not in self._roots[root]:
            self._roots[root].append(key)
        return change.id

    def transition(
        self, entity: str, entity_id: str, group: str, t: str, value: Mapping[str, Any] | None = None
    ) -> str:
        """Move a lane; `value` carries owner, plan_id, why … and `to` where the table leaves a choice.

        Raises Refusal `flow.later` where the form comes later, `flow.<code>` where the table says no.
        """
        known = self._registry.group(entity, group)
        transition = known.lane.transitions.get(t) if known and known.lane else None
        if known is None or known.lane is None or transition is None:
            raise Refusal("flow.unknown", transition=t)
        state = self.state(entity, entity_id)
        lane = state.lane(group) if state else None
        if not transition.available:
            raise Refusal("flow.later", transition=t)
        target = transition.targets[0] if transition.targets else (lane or {}).get("state")
        patch = {"t": t, "to": target, "at": self.now(), **(value or {})}
        attempt = Attempt(t, patch, self.me.person_id, frozenset(self.me.roles), instant(patch["at"]), entity_id)
        root = state.root if state else entity_id
        facts = self.facts(root) if self._registry.entities[entity].scope == "team" else self._alone(state)
        codes = illegal(known.lane, lane, attempt, facts)
        if codes:
            where = (lane or {}).get("state") or ""
            raise Refusal(f"flow.{codes[0]}", transition=t, state=where, missing=list(codes))
        return self.write(entity, entity_id, root=root, patch={group: patch})

    def _alone(self, state: EntityState | None) -> Any:
        """The facts of what hangs on no request: itself."""
        return self._registry.facts([state] if state else [], self._journal.projections.settings)

    def _seen(self, entity: str, name: str, state: EntityState | None) -> list[str]:
        group = self._registry.group(entity, name)
        if state is None or group is None:
            return []
        if group.kind is Kind.TEXT:
            return sorted(state.values.get(name, {}))
        lane = state.lane(name) if group.kind is Kind.LANE else None
        return [lane["head"]] if lane else []

    def _make(
        self,
        scope: str,
        entity: str,
        entity_id: str,
        root: str,
        patch: Mapping[str, Any],
        base: Mapping[str, list[str]],
    ) -> Change:
        try:
            change = Change.make(
                id=self.new_id(),
                hlc=self._journal.clock.tick(self._journal.wall_ms()),
                root=root,
                txn=self._txn_ids.setdefault(scope, self.new_id()),
                entity=entity,
                entity_id=entity_id,
                patch=patch,
                base=base,
                rules_v=self._journal.rules_v,
                v=self._registry.version,
            )
        except NotCanonical as error:
            raise Refusal("change.shape", what=str(error)) from error
        problem = shape_problem(change, self._registry)
        if problem:
            raise Refusal("change.too_large" if problem == "too_large" else "change.shape", what=problem)
        return change

    def _next_ctr(self, scope: str) -> int:
        if scope not in self.last_ctr:
            self.last_ctr[scope] = self._journal.last_ctr(self.conn, scope)
        self.last_ctr[scope] += 1
        return self.last_ctr[scope]

    def finish(self) -> None:
        """Write log, shadows, shown rows and projections; called by the journal before the commit."""
        finish_all([self])

    def _known(self) -> dict[str, list[EntityState]]:
        """The roots whose states are all at hand, so that the projections need not load them again."""
        return {
            root: [state for key in keys if (state := self._states[key]) is not None]
            for root, keys in self._roots.items()
        }

    def check_size(self) -> None:
        """Raise Refusal change.too_large where the centre would not take it."""
        for scope in self._txn_ids:
            changes = [item.change for item in self._written if item.scope == scope]
            if len(changes) > MAX_CHANGES or sum(len(change.raw) for change in changes) > MAX_BYTES:
                raise Refusal("change.too_large", what=f"{len(changes)}")

    def _row(self, item: Written) -> dict[str, Any]:
        change = item.change
        return {
            "id": change.id,
            "scope": item.scope,
            "own": 1,
            "ctr": item.ctr,
            "device": self.me.device,
            "actor": self.me.person_id,
            "off": self._journal.clock.offset_ms,
            "txn": change.txn,
            "root": change.root,
            "entity": change.entity,
            "entity_id": change.entity_id,
            "payload": change.raw,
        }


def finish_all(transactions: Sequence[Transaction]) -> None:
    """Write transactions that touched different roots: what a statement costs is paid once for all of them."""
    done = [txn for txn in transactions if txn._written]
    if not done:
        return
    journal, conn = done[0]._journal, done[0].conn
    before: dict[Key, EntityState | None] = {}
    shown: dict[Key, EntityState] = {}
    known: dict[str, list[EntityState]] = {}
    for txn in done:
        txn.check_size()
        if before.keys() & txn._before.keys():
            raise ValueError("two transactions of a batch touched the same entity")
        before.update(txn._before)
        shown.update({key: state for key in txn._before if (state := txn._states[key]) is not None})
        known.update(txn._known())
    keep_shadow(conn, before)
    journal.insert_changes(conn, [txn._row(item) for txn in done for item in txn._written])
    for scope, ctr in done[-1].last_ctr.items():
        journal.set_last_ctr(conn, scope, ctr)
    entities.save(conn, shown, dict.fromkeys(shown, 1))
    journal.projections.refresh(conn, list(shown.values()), known=known)
