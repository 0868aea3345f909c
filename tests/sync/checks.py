"""What must hold after any trouble: each change once, copies equal, what is shown is the log with own work on top."""

from __future__ import annotations

import json
from typing import Any

from agentdesk.changes import Change, EntityState, Row, fold_pending, fold_row
from agentdesk.domain.records import REGISTRY
from agentdesk.store import entities
from tests.sync.centres import CentreProcess
from tests.sync.desks import DeskFile
from tests.sync.proxy import Ack

Key = tuple[str, str]


def written(desk: DeskFile) -> set[str]:
    """Return the ids of the desk's own changes that are not refused."""
    rows = desk.store.raw().execute("SELECT id FROM change WHERE own=1 AND refused IS NULL AND scope NOT LIKE 'log:%'")
    return {row[0] for row in rows}


def each_exactly_once(log: list[dict[str, Any]], desks: list[DeskFile], acks: list[Ack]) -> None:
    """The log holds every change of every desk once, without a gap; what was acked stands where the ack said."""
    ids = [row["id"] for row in log]
    assert [row["seq"] for row in log] == list(range(1, len(log) + 1))
    assert len(set(ids)) == len(ids)
    assert set(ids) == set().union(*(written(desk) for desk in desks))
    for device in {row["device"] for row in log}:
        own = [row["ctr"] for row in log if row["device"] == device]
        assert own == sorted(own)
    places = {row["id"]: row["seq"] for row in log}
    for ack in acks:
        if ack.status != "refused":
            assert places[ack.id] == ack.seq, "an acknowledged change stands where it was said to stand"


def settled(centre: CentreProcess, desks: list[DeskFile], acks: list[Ack]) -> None:
    """Nothing waits, all copies agree with one another and with the centre, each change is there once."""
    identity = desks[0].journal.identity
    assert identity is not None
    scope = f"team:{identity.team_slug}"
    each_exactly_once(centre.log(scope), desks, acks)
    digests = [desk.digest() for desk in desks]
    assert all(desk.journal.waiting() == 0 for desk in desks)
    assert all(digest == digests[0] for digest in digests)
    assert states_of_desk(desks[0], scope) == states_of_centre(centre, scope)


def states_of_centre(centre: CentreProcess, scope: str) -> dict[Key, Any]:
    """Return what the centre has folded."""
    conn = centre.database()
    rows = conn.execute("SELECT kind, id, root, state, stamps FROM entity WHERE scope=?", (scope,)).fetchall()
    conn.close()
    return {
        (kind, id_): {"entity": kind, "id": id_, "root": root, "stamps": json.loads(stamps), **json.loads(state)}
        for kind, id_, root, state, stamps in rows
    }


def states_of_desk(desk: DeskFile, scope: str) -> dict[Key, Any]:
    """Return what the desk shows of a scope; equal to the confirmed state where nothing is pending."""
    return {(s.entity, s.id): s.as_json() for s in shown(desk) if s.scope == scope}


def shown(desk: DeskFile) -> list[EntityState]:
    """Return every shown entity of the registry."""
    with desk.store.read() as conn:
        return [state for entity in REGISTRY.entities for state in entities.each(conn, entity)]


def shown_is_log_then_pending(desk: DeskFile) -> None:
    """What is shown = fold(log up to the cursor), then own pending work in the order of its counters (SYNC 2.6)."""
    raw = desk.store.raw()
    cursors = dict(raw.execute("SELECT scope, seq FROM cursor").fetchall())
    columns = "scope, own, seq, eff, verdict, device, ctr, actor, payload"
    rows = raw.execute(f"SELECT {columns} FROM change WHERE refused IS NULL ORDER BY scope, ctr").fetchall()
    states: dict[Key, EntityState] = {}
    confirmed = [row for row in rows if row[2] is not None and row[2] <= cursors[row[0]]]
    for scope, _, seq, eff, verdict, device, ctr, actor, payload in sorted(confirmed, key=lambda row: row[2]):
        change = Change.parse(payload)
        key = (change.entity, change.entity_id)
        row = Row(change, seq, eff, verdict, "", device, ctr, actor)
        states[key] = fold_row(states.get(key), row, scope, REGISTRY)
    for scope, own, seq, _, _, _, ctr, actor, payload in rows:
        if own and (seq is None or seq > cursors[scope]):
            change = Change.parse(payload)
            key = (change.entity, change.entity_id)
            states[key] = fold_pending(states.get(key), change, ctr, actor, scope, REGISTRY)
    expected = {key: state.as_json() for key, state in states.items()}
    assert {(s.entity, s.id): s.as_json() for s in shown(desk)} == expected
