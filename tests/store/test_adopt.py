"""Joining: all that belongs together goes along or stays, and the centre's people and teams replace the local ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentdesk.changes import Change, Row, chain_next, chain_start, derived_id, new_id, payload_hash
from agentdesk.desk import capture, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.domain.records import REGISTRY
from agentdesk.store.adopt import adopt
from agentdesk.store.exchange import Exchange
from agentdesk.store.identity import Identity
from agentdesk.sync.join import may_write
from tests.unit.desk.conftest import ROW_B

TEAM = "team:service-one"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk after its first run, with one request."""
    opened = open_desk(tmp_path)
    setup.first_run(opened, "张敏", "8021", "service-one")
    capture.record(opened, ROW_B)
    yield opened
    opened.close()


def joined(desk: Desk, *roles: str) -> Identity:
    """Who the centre would say that this desk is."""
    return replace(
        desk.me, person_id=new_id(), device=new_id(), letters="AB", roles=roles, centre_url="http://x", scopes=("site",)
    )


def join(desk: Desk, *roles: str) -> int:
    """Join with these roles; returns how many changes go along."""
    return adopt(desk.journal, joined(desk, *roles), lambda change: may_write(frozenset(roles), change, REGISTRY))


def scopes(desk: Desk, entity: str) -> set[str]:
    """The scopes that the changes of an entity lie in."""
    return {row[0] for row in desk.store.raw().execute("SELECT scope FROM change WHERE entity = ?", (entity,))}


@pytest.mark.parametrize("role", ["tech", "qa_trainer", "analyst", "manager", "legal", "admin"])
def test_a_request_whose_beginning_may_not_be_written_stays_whole(desk: Desk, role: str) -> None:
    assert join(desk, role) == 0
    assert scopes(desk, "request") == scopes(desk, "contact") == {"home"}
    assert desk.journal.waiting() == 0
    assert desk.store.raw().execute("SELECT state FROM queue_row").fetchone() == ("RECORDED",)


def test_what_the_role_may_write_goes_along(desk: Desk) -> None:
    assert join(desk, "rep") == desk.journal.waiting() > 0
    assert scopes(desk, "request") == {TEAM}


def test_the_team_of_the_centre_replaces_the_local_one_of_the_same_slug(desk: Desk) -> None:
    join(desk, "rep")
    team = derived_id("team", "service-one")
    told = {"team": {"slug": "service-one", "display_name": "客服一组"}}
    made = Change.make(
        id=new_id(), hlc=1, root=team, txn=new_id(), entity="team", entity_id=team, patch=told, base={},
        rules_v="1.0", v=1,
    )  # fmt: skip
    row = Row(made, 1, 1, "applied", payload_hash(made.raw), "central:1", 1, "central:1")
    exchange = Exchange(desk.journal)
    exchange.cursor("site")
    start = chain_start("site")
    exchange.apply("site", [row], epoch="", after=0, chain=start, receipt=chain_next(start, row))
    shown = desk.store.raw().execute("SELECT json_extract(team, '$.display_name'), pending FROM team").fetchall()
    assert shown == [("客服一组", 0)]


def test_a_join_that_cannot_be_committed_leaves_the_desk_at_home(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write = desk.store.write

    @contextmanager
    def full() -> Iterator[Any]:
        with write() as conn:
            yield conn
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(desk.store, "write", full)
    with pytest.raises(sqlite3.OperationalError):
        join(desk, "rep")
    monkeypatch.undo()
    assert desk.journal.identity is not None and not desk.journal.identity.joined
    assert not desk.me.joined
    assert capture.record(desk, {**ROW_B, "contact": "13900000003"}).state == "RECORDED"
    assert scopes(desk, "request") == {"home"}
