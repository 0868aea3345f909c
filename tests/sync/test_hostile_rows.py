"""Rows that no honest desk writes: a member's hand or a newer version must not stop the others' pulls (SYNC 3, 11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentdesk.central.accounts import Author
from agentdesk.central.batch import read_batch
from agentdesk.central.problems import Problem
from agentdesk.changes import Change, new_id, shape_problem
from agentdesk.changes.shape import MAX_DEPTH
from agentdesk.changes.wire import push_body
from agentdesk.domain.records import REGISTRY
from tests.sync.desks import ROW_A
from tests.sync.direct import TEAM, Direct, DirectDesk, Tables
from tests.sync.pushes import Centre, change, created, statuses

AT = "2026-01-28T10:30:00.000+08:00"
OPENED = {"opened": {"channel": "phone", "at": AT}}
UNREADABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "no number": ("request", {"created": {"at": AT}}),
    "type of objects": ("request", {"type": {"request_type": {"x": 1}, "sub_type": ["y"]}}),
    "tier of objects": ("request", {"tier": {"tier": {"a": 1}}}),
    "priority of lists": ("request", {"priority": {"priority": ["P1"], "at": AT}}),
    "reporter of lists": ("request", {"reporter": {"customer_name": ["a"], "contact": {"b": 1}}}),
    "measured in words": ("contact", {**OPENED, "answered": {"waited_ms": "x", "at": AT}}),
    "no verdict": ("verdict", {"given": {"at": AT}}),
    "settled by a number": ("entry", {"proposal_settled": {"ids": 5, "at": AT}}),
}


def pushed_by_hand(tables: Tables, root: str, entity: str, patch: dict[str, Any]) -> dict[str, Any]:
    """Push one change as a member would who wrote the client himself; returns its answer."""
    own = root if entity == "request" else new_id()
    made = Change.make(
        id=new_id(), hlc=(1 << 62) - 1, root=root, txn=new_id(), entity=entity, entity_id=own,
        base={}, patch=patch, rules_v="1.0", v=1,
    )  # fmt: skip
    epoch = tables.conn.execute("SELECT epoch FROM scope_head WHERE scope=?", (TEAM,)).fetchone()[0]
    hand = Direct(tables, Author("hand", "somebody", frozenset({"rep"}), ((0, None),)))
    answers: list[dict[str, Any]] = hand.push(TEAM, push_body(epoch, [(1, 0, made.raw)]))["answers"]
    return answers[0]


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_row_that_no_rule_can_read_stops_no_pull(tmp_path: Path, name: str) -> None:
    tables = Tables(tmp_path / "centre")
    one, other = (DirectDesk(tmp_path, who, tables) for who in ("a", "b"))
    rid = one.capture(ROW_A)
    assert (one.exchange(), other.exchange()) == ("", "")
    entity, patch = UNREADABLE[name]
    assert pushed_by_hand(tables, rid, entity, patch)["status"] == "ok"
    one.note(rid, "后来的备注")
    assert (one.exchange(), other.exchange()) == ("", "")
    assert one.digest() == other.digest()
    assert other.store.raw().execute("SELECT count(*) FROM queue_row").fetchone()[0] == 1


def test_a_request_whose_clocks_cannot_be_read_asks_for_a_person(tmp_path: Path) -> None:
    tables = Tables(tmp_path / "centre")
    desk = DirectDesk(tmp_path, "a", tables)
    rid = desk.capture(ROW_A)
    desk.exchange()
    pushed_by_hand(tables, rid, *UNREADABLE["measured in words"])
    desk.exchange()
    assert desk.store.raw().execute("SELECT conflict, next_due_at FROM queue_row").fetchone() == (1, None)


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59.000+00:00", "0001-01-01T00:00:00.000+14:00", "soon", 5, None])
def test_an_instant_that_no_duration_can_be_added_to_is_misshapen(at: Any) -> None:
    assert shape_problem(change("entry", {"note": {"text": "x", "at": at}}), REGISTRY) == "note:at"
    register = {"priority": {"priority": "P1", "at": at}}
    assert shape_problem(change("request", register), REGISTRY) == "priority:at"


def test_a_register_may_leave_its_time_out() -> None:
    assert shape_problem(change("request", {"emotion": {"emotion": "calm"}}), REGISTRY) is None


def test_values_nested_too_deep_are_refused_and_never_a_fault(tmp_path: Path) -> None:
    centre = Centre(tmp_path)
    root = created()
    centre.push([root])
    for place, depth in enumerate((MAX_DEPTH + 1, 300, 480), start=2):
        value: Any = "x"
        for _ in range(depth):
            value = [value]
        deep = change("entry", {"note": {"text": "x", "at": AT, "more": value}}, root=root.entity_id)
        assert statuses(centre.push([deep], first=place)) == ["shape"]


def test_bytes_nested_beyond_any_reader_are_not_canonical(tmp_path: Path) -> None:
    centre = Centre(tmp_path)
    nested = b"[" * 100_000 + b"]" * 100_000
    body = b'{"changes":[{"adj":0,"ctr":1,"payload":' + nested + b'}],"epoch":""}'
    with pytest.raises(Problem) as caught:
        read_batch(body, TEAM, centre.author(), REGISTRY)
    assert caught.value.status == 400
