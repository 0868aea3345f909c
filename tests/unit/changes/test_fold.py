"""The merge kinds: what each one keeps, and that pending work lies on top."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.changes import EntityState, Row, fold_pending, fold_row
from tests.unit.changes.toy import AT, REGISTRY, change, row

SCOPE = "team:one"


def folded(rows: list[Row]) -> EntityState:
    state = None
    for item in rows:
        state = fold_row(state, item, SCOPE, REGISTRY)
    assert state is not None
    return state


def test_events_of_two_desks_are_both_there_in_order_of_their_time() -> None:
    late, early = (change({"happened": {"at": f"2026-01-28T1{hour}:00:00.000+08:00"}}) for hour in (1, 0))
    events = folded([row(late, 1), row(early, 2)]).events("happened")
    assert [event.id for event in events] == [early.id, late.id]


def test_a_register_is_the_latest_by_merge_time_and_whole() -> None:
    winner = change({"grade": {"value": "P1", "why": "leak"}})
    stale = change({"grade": {"value": "P2", "why": "routine"}})
    state = folded([row(winner, 1, eff=20), row(stale, 2, eff=10)])
    assert state.register("grade") == {"value": "P1", "why": "leak"}
    assert set(state.kept["grade"]) == {winner.id, stale.id}, "the loser stays readable for the clocks"


def test_a_set_merges_element_by_element() -> None:
    add, remove = change({"tags": {"logistics": True}}), change({"tags": {"policy": False}})
    state = folded([row(change({"tags": {"policy": True}}), 1), row(add, 2), row(remove, 3)])
    assert state.elements("tags") == ["logistics"]


def test_two_texts_written_at_once_both_stand_until_one_names_both() -> None:
    first = change({"story": "leaks"})
    longer, other = (change({"story": text}, base={"story": [first.id]}) for text in ("leaks a lot", "leaks below"))
    state = folded([row(first, 1), row(longer, 2), row(other, 3)])
    assert state.texts("story") == ["leaks a lot", "leaks below"]
    joined = change({"story": "leaks a lot below"}, base={"story": [longer.id, other.id]})
    assert fold_row(state, row(joined, 4), SCOPE, REGISTRY).texts("story") == ["leaks a lot below"]


def test_a_proposal_keeps_its_facts_and_moves_nothing() -> None:
    opened = change({"flow": {"t": "open", "to": "OPEN", "at": AT, "owner": "zhang"}})
    late = change({"flow": {"t": "take", "to": "TAKEN", "at": AT}, "happened": {"at": AT}})
    state = folded([row(opened, 1), row(late, 2, verdict="proposal")])
    lane = state.lane("flow")
    assert lane is not None and lane["state"] == "OPEN" and len(lane["trail"]) == 1
    assert len(state.events("happened")) == 1


def test_unknown_groups_are_not_folded() -> None:
    assert folded([row(change({"from_tomorrow": {"x": 1}, "tags": {"a": True}}), 1)]).values == {"tags": {"a": True}}


def test_a_pending_transition_moves_only_from_the_head_it_saw() -> None:
    opened = change({"flow": {"t": "open", "to": "OPEN", "at": AT, "owner": "zhang"}})
    base = folded([row(opened, 1)])
    waiting = change({"flow": {"t": "take", "to": "TAKEN", "at": AT}}, base={"flow": ["somebody-elses"]})
    assert fold_pending(base, waiting, 1, "li", SCOPE, REGISTRY).lane("flow")["state"] == "OPEN"  # type: ignore[index]
    fresh = change({"flow": {"t": "take", "to": "TAKEN", "at": AT}}, base={"flow": [opened.id]})
    assert fold_pending(base, fresh, 2, "li", SCOPE, REGISTRY).lane("flow")["state"] == "TAKEN"  # type: ignore[index]


def test_a_refusable_lane_waits_for_the_centre_except_at_home() -> None:
    published = change({"gate": {"t": "publish", "to": "OUT", "at": AT}})
    assert fold_pending(None, published, 1, "li", SCOPE, REGISTRY).lane("gate") is None
    assert fold_pending(None, published, 1, "li", "home", REGISTRY).lane("gate") is not None


@given(st.permutations(range(6)), st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_registers_and_sets_end_alike_in_whatever_order_rows_of_a_log_are_met(
    order: list[int], effs: list[int]
) -> None:
    rows = [
        row(
            change({"grade": {"value": n}, "tags": {f"t{n % 2}": n % 3 == 0}, "happened": {"at": AT}}),
            n + 1,
            eff=effs[n],
        )
        for n in range(6)
    ]
    straight, shuffled = folded(rows), folded([rows[n] for n in order])
    assert straight.as_json() | {"author": ""} == shuffled.as_json() | {"author": ""}


def test_pending_work_wins_on_screen_over_any_confirmed_row() -> None:
    base = folded([row(change({"grade": {"value": "theirs"}}), 1, eff=2**61)])
    assert fold_pending(base, change({"grade": {"value": "mine"}}), 1, "li", SCOPE, REGISTRY).register("grade") == {
        "value": "mine"
    }
