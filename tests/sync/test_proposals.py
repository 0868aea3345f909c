"""Two desks resolve one request apart: the second one's transition becomes a proposal, and its desk says so."""

from __future__ import annotations

from pathlib import Path

from agentdesk.store.journal import Journal
from tests.store.facts import ROW_B
from tests.sync.direct import DirectDesk, Tables


def resolve(desk: DirectDesk, rid: str, text: str) -> str:
    """Resolve as the form does; returns the id of the transition."""
    with desk.journal.transaction() as txn:
        version = {"outcome": "solved", "solution_text": text, "own_knowledge": True, "at": txn.now()}
        cid = txn.write("resolution", txn.new_id(), root=rid, patch={"version": version})
        return txn.transition("request", rid, "flow", "T3", {"resolution_id": cid})


def line(desk: DirectDesk) -> tuple[str, int, int]:
    """State, conflict and pending of the only line of the queue."""
    row: tuple[str, int, int] = desk.store.raw().execute("SELECT state, conflict, pending FROM queue_row").fetchone()
    return row


def test_the_desk_whose_transition_became_a_proposal_is_told(tmp_path: Path) -> None:
    tables = Tables(tmp_path / "centre")
    first, second = (DirectDesk(tmp_path, name, tables) for name in ("a", "b"))
    rid = first.capture(ROW_B)
    assert (first.exchange(), second.exchange()) == ("", "")
    won, lost = resolve(first, rid, "已说明能效等级"), resolve(second, rid, "已另行说明")
    assert line(second) == ("RESOLVED", 0, 1)
    assert (first.exchange(), second.exchange(), first.exchange()) == ("", "", "")
    for desk in (first, second):
        assert line(desk) == ("RESOLVED", 1, 0), "an open proposal asks for a person"
        with desk.journal.transaction() as txn:
            request = txn.state("request", rid)
            lane = request.lane("flow") if request else None
            assert (lane or {})["head"] == won
            assert len(txn.facts(rid).events("resolution", "version")) == 2, "what was written stays readable"
    assert first.digest() == second.digest()
    with first.journal.transaction() as txn:
        settled = {"ids": [lost], "choice": "drop", "at": txn.now()}
        txn.write("entry", txn.new_id(), root=rid, patch={"proposal_settled": settled})
    assert (first.exchange(), second.exchange()) == ("", "")
    assert line(first) == line(second) == ("RESOLVED", 0, 0)


def test_what_was_pulled_is_earlier_than_what_is_written_after_a_restart(tmp_path: Path) -> None:
    tables = Tables(tmp_path / "centre")
    first, second = (DirectDesk(tmp_path, name, tables) for name in ("a", "b"))
    first.capture(ROW_B)
    assert (first.exchange(), second.exchange()) == ("", "")
    seen = max(row[0] for row in second.store.raw().execute("SELECT eff FROM change WHERE eff IS NOT NULL"))
    again = Journal(second.store, now=second.journal.now)
    assert again.clock.last >= seen
    assert again.clock.tick(0) > seen
