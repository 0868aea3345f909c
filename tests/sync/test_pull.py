"""Pulls: one snapshot, whole txns, a chain that shows what is missing, the signs of another log (SYNC 2.8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentdesk.central.database import connect
from agentdesk.central.problems import Problem
from agentdesk.changes import canonical, chain_next, chain_start, new_id
from agentdesk.changes.wire import row_bytes, rows_of
from tests.sync.pushes import TEAM, Centre, created, note


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    made = Centre(tmp_path / "centre")
    request, txn = created(), new_id()
    made.push([request, *(note(request.root, txn=txn) for _ in range(4)), note(request.root)])
    yield made
    made.conn.close()


def test_rows_carry_the_bytes_that_were_pushed_and_the_chain_leads_to_the_head(centre: Centre) -> None:
    body = centre.pull()
    told = json.loads(body)
    rows = rows_of(told["rows"])
    chain = chain_start(TEAM)
    for row in rows:
        chain = chain_next(chain, row)
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5, 6]
    assert (told["chain"], told["seq"], told["head"], told["have"], told["more"]) == (chain, 6, 6, 6, False)
    assert body == canonical(told), "the whole answer is canonical"
    assert all(row_bytes(row) in body for row in rows)
    stored = centre.conn.execute("SELECT payload FROM log WHERE scope=? ORDER BY seq", (TEAM,)).fetchall()
    assert [row.change.raw for row in rows] == [payload for (payload,) in stored]


def test_a_pull_never_cuts_a_txn(centre: Centre) -> None:
    pulls, after, chain = [], 0, ""
    while after < 6:
        told = json.loads(centre.pull(after, chain=chain, limit=2))
        pulls.append([row["seq"] for row in told["rows"]])
        after, chain = told["seq"], told["chain"]
    assert pulls == [[1, 2, 3, 4, 5], [6]]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"epoch": "f" * 32}, "epoch"),
        ({"epoch": "", "after": 3}, "epoch"),
        ({"after": 7}, "after"),
        ({"acked": 7}, "have"),
        ({"after": 3, "chain": "0" * 64}, "chain"),
        ({"after": 6, "chain": "0" * 64}, "chain"),
        ({"after": 0, "chain": "0" * 64}, "chain"),
    ],
)
def test_a_desk_that_knows_another_log_is_told(centre: Centre, asked: dict[str, Any], why: str) -> None:
    with pytest.raises(Problem) as refused:
        centre.pull(**asked)
    assert (refused.value.status, refused.value.code, refused.value.args_told["why"]) == (409, "epoch", why)


def test_a_re_stamped_row_breaks_the_chain(centre: Centre) -> None:
    centre.conn.execute("UPDATE log SET eff = eff + 1 WHERE scope=? AND seq=3", (TEAM,))
    told = json.loads(centre.pull())
    chain = chain_start(TEAM)
    for row in rows_of(told["rows"]):
        chain = chain_next(chain, row)
    assert chain != told["chain"]


def test_every_connection_flushes_each_commit(tmp_path: Path) -> None:
    first = Centre(tmp_path / "other")
    second = connect(tmp_path / "other" / "centre.db")
    for conn in (first.conn, second):
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert conn.execute("PRAGMA synchronous").fetchone() == (2,)
        conn.close()


def test_the_secrets_lie_beside_the_database_for_its_owner_alone(tmp_path: Path) -> None:
    made = Centre(tmp_path / "other")
    secret = tmp_path / "other" / "centre.secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    kept = json.loads(secret.read_bytes())
    made.conn.close()
    for word in (kept["pepper"], kept["receipt"]["key"]):
        assert bytes.fromhex(word) not in (tmp_path / "other" / "centre.db").read_bytes()
        assert word.encode() not in (tmp_path / "other" / "centre.db").read_bytes()
