"""Any interleaving of work, exchange and loss on real files: what is shown is always the log with own work on top, and
in the end all copies are equal and each change is there once (SYNC 3, invariants 3 to 9)."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.domain.vocabulary import CANCEL_REASONS
from tests.sync.checks import each_exactly_once, shown, shown_is_log_then_pending
from tests.sync.direct import TEAM, DirectDesk, Loss, Tables

DESKS = 3
losses = st.none() | st.builds(Loss, at=st.integers(0, 4), before=st.booleans())
works = st.sampled_from(("capture", "note", "emotion", "text", "tags", "cancel", "escalate"))
deeds = st.one_of(works, works, st.tuples(st.just("sync"), losses))
steps = st.lists(st.tuples(st.integers(0, DESKS - 1), deeds, st.integers(0, 5)), min_size=4, max_size=30)
SYNC = ("sync", None)


def do_work(desk: DirectDesk, what: str, pick: int) -> None:
    """Do something with one of the requests that this desk knows."""
    known = [row[0] for row in desk.store.raw().execute("SELECT id FROM request ORDER BY id")]
    if what == "capture" or not known:
        desk.capture()
        return
    rid = known[pick % len(known)]
    if what == "note":
        desk.note(rid, f"备注 {pick}")
        return
    patches: dict[str, dict[str, Any]] = {
        "emotion": {"emotion": {"emotion": ("calm", "anxious", "angry")[pick % 3]}},
        "text": {"description": f"描述 {pick}"},
        "tags": {"tags": {f"tag{pick % 2}": pick % 3 != 0}},
    }
    with desk.journal.transaction() as txn:
        # Written past the guards: their forms come later, and a newer desk may send what no guard here likes.
        patches["cancel"] = {"flow": {"t": "T20", "to": "CANCELLED", "at": txn.now(), "why": CANCEL_REASONS[0]}}
        patches["escalate"] = {"escalation": {"t": "T21", "to": "open", "at": txn.now(), "why": "demand"}}
        txn.write("request", rid, root=rid, patch=patches[what])


def run(folder: Path, plan: list[tuple[int, Any, int]]) -> list[str]:
    """Walk the plan, let everybody exchange until nothing moves, and compare; the verdicts."""
    tables = Tables(folder / "centre")
    desks = [DirectDesk(folder, f"desk{n}", tables) for n in range(DESKS)]
    try:
        for who, what, pick in plan:
            desk = desks[who]
            if isinstance(what, tuple):
                desk.exchange(Loss(what[1].at, what[1].before) if what[1] else None)
            else:
                do_work(desk, what, pick)
            shown_is_log_then_pending(desk)
        for _ in range(2):
            assert [desk.exchange() for desk in desks] == [""] * DESKS
        compare(tables, desks)
        return [row[0] for row in tables.conn.execute("SELECT verdict FROM log WHERE scope=? ORDER BY seq", (TEAM,))]
    finally:
        for desk in desks:
            desk.close()
        tables.conn.close()


def compare(tables: Tables, desks: list[DirectDesk]) -> None:
    """All copies are equal to the centre's, field by field and stamp by stamp, and each change is there once."""
    each_exactly_once(tables.log(), list(desks), [])
    rows = tables.conn.execute("SELECT kind, id, root, state, stamps FROM entity WHERE scope=?", (TEAM,)).fetchall()
    centre = {
        (kind, id_): {"entity": kind, "id": id_, "root": root, "stamps": json.loads(stamps), **json.loads(state)}
        for kind, id_, root, state, stamps in rows
    }
    for desk in desks:
        shown_is_log_then_pending(desk)
        assert {(s.entity, s.id): s.as_json() for s in shown(desk)} == centre
        assert desk.digest() == desks[0].digest()
        assert desk.journal.waiting() == 0


@settings(max_examples=25)
@given(plan=steps)
def test_copies_end_equal_and_every_change_is_there_once(plan: list[tuple[int, Any, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), plan)


def test_of_two_transitions_from_one_state_the_later_one_is_a_proposal_everywhere(tmp_path: Path) -> None:
    """Two desks cancel the same request without knowing of one another; a third escalates it without a summary."""
    known = [(0, "capture", 0), (0, SYNC, 0), (1, SYNC, 0), (2, SYNC, 0)]
    apart = [(2, "escalate", 0), (0, "cancel", 0), (1, "cancel", 0), (1, "note", 1), (1, "text", 1)]
    verdicts = run(tmp_path, [*known, *apart, (2, SYNC, 0), (0, SYNC, 0), (1, SYNC, 0)])
    assert verdicts == [*["applied"] * 5, "proposal", "applied", "proposal", "applied", "applied"]
