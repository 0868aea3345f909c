"""Folded states at the centre: what the judge reads. Loaded by root, kept for the length of one transaction."""

from __future__ import annotations

import copy
import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from agentdesk.changes import EntityState

_AT_ONCE = 500
"""Parameters of one look-up."""

Key = tuple[str, str]
"""(kind, id) of an entity within a scope."""


def chunks(items: Iterable[str]) -> Iterable[list[str]]:
    """Cut into lists short enough for one statement's parameters."""
    iterator = iter(items)
    while part := list(islice(iterator, _AT_ONCE)):
        yield part


def marks(items: Sequence[str]) -> str:
    """Return the question marks of an IN list."""
    return ",".join("?" * len(items))


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def plain_json(value: Any) -> str:
    """Write a value for the centre's own tables."""
    return _ENCODER.encode(value)


class States:
    """The entities of one scope that a transaction touches, parsed once and written back once a push.

    An entity belongs to one root for ever; a change that names another root for it must not be folded (see `fits`).
    """

    def __init__(self, conn: sqlite3.Connection, scope: str) -> None:
        self._conn = conn
        self._scope = scope
        self._by_root: dict[str, dict[Key, EntityState]] = {}
        self._root_of: dict[Key, str] = {}
        self._touched: set[Key] = set()

    def load(self, roots: Iterable[str]) -> None:
        """Read all entities of these roots, as far as they are not here yet."""
        for part in chunks(dict.fromkeys(root for root in roots if root not in self._by_root)):
            for root in part:
                self._by_root[root] = {}
            for kind, id_, root, state, stamps in self._conn.execute(
                f"SELECT kind, id, root, state, stamps FROM entity WHERE scope=? AND root IN ({marks(part)})",
                (self._scope, *part),
            ):
                self._hold(state_of(self._scope, kind, id_, root, state, stamps))

    def load_owners(self, keys: Iterable[Key]) -> None:
        """Learn the roots of these entities, so that nobody hangs one on a second root."""
        wanted = {key for key in keys if key not in self._root_of}
        for part in chunks({id_ for _, id_ in wanted}):
            for kind, id_, root in self._conn.execute(
                f"SELECT kind, id, root FROM entity WHERE scope=? AND id IN ({marks(part)})", (self._scope, *part)
            ):
                self._root_of.setdefault((kind, id_), root)

    def fits(self, key: Key, root: str) -> bool:
        """True unless the entity is known under another root."""
        return self._root_of.get(key, root) == root

    def get(self, key: Key, root: str) -> EntityState | None:
        """Return the state, or None where nothing of it was folded yet."""
        return self._by_root[root].get(key)

    def of_root(self, root: str) -> list[EntityState]:
        """Return everything folded under a root: the facts of its guards."""
        return list(self._by_root[root].values())

    def known(self, root: str) -> bool:
        """True where anything under the root was folded."""
        return bool(self._by_root[root])

    def put(self, state: EntityState) -> None:
        """Keep a state that was folded further, to be written by `flush`."""
        self._hold(state)
        self._touched.add((state.entity, state.id))

    def remember(self, roots: Iterable[str]) -> dict[str, dict[Key, EntityState]]:
        """Copy what stands under these roots, for `restore`."""
        return {root: copy.deepcopy(self._by_root[root]) for root in roots}

    def restore(self, remembered: dict[str, dict[Key, EntityState]]) -> None:
        """Put back what `remember` gave: a txn that is refused in its middle has folded nothing."""
        for root, states in remembered.items():
            for key in self._by_root[root].keys() - states.keys():
                del self._root_of[key]
                self._touched.discard(key)
            self._by_root[root] = states

    def flush(self) -> None:
        """Write what was touched."""
        rows = []
        for key in sorted(self._touched):
            state = self._by_root[self._root_of[key]][key]
            body = {"author": state.author, "kept": state.kept, "rules_v": state.rules_v, "values": state.values}
            rows.append((self._scope, *key, state.root, plain_json(body), plain_json(state.stamps)))
        self._conn.executemany(
            "INSERT INTO entity VALUES (?,?,?,?,?,?)"
            " ON CONFLICT DO UPDATE SET state=excluded.state, stamps=excluded.stamps",
            rows,
        )
        self._touched.clear()

    def _hold(self, state: EntityState) -> None:
        key = (state.entity, state.id)
        self._by_root.setdefault(state.root, {})[key] = state
        self._root_of[key] = state.root


def site_settings(conn: sqlite3.Connection) -> dict[str, Any]:
    """Return the site's own values by setting key, as its log says them."""
    rows = conn.execute("SELECT state FROM entity WHERE scope='site' AND kind='site_setting'")
    values = (json.loads(state)["values"].get("value") for (state,) in rows)
    return {value["key"]: value["value"] for value in values if value}


def state_of(scope: str, kind: str, id_: str, root: str, state: str, stamps: str) -> EntityState:
    """Read one row of the entity table."""
    body = json.loads(state)
    return EntityState(
        kind, id_, root, scope, body["author"], body["rules_v"], body["values"], json.loads(stamps), body["kept"]
    )
