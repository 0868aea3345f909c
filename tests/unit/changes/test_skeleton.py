"""Skeletons: folding them is folding the changes and blanking what was folded (SYNC 2.14, invariant 8)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.changes import Change, EntityState, Row, canonical, chain_next, chain_start, fold_row
from agentdesk.changes.canonical import NotCanonical
from agentdesk.changes.skeleton import (
    MARK,
    Leaf,
    cut_out,
    erased_at,
    find,
    leaves,
    pieces,
    skeleton,
    unseen,
    without,
)
from agentdesk.changes.wire import row_bytes, rows_of
from tests.unit.changes.toy import AT, REGISTRY, change, row

NEEDLE = "锦绣路88号"


def stands(leaf: Leaf) -> list[tuple[int, int]]:
    at, found = leaf.text.find(NEEDLE), []
    while at >= 0:
        found.append((at, at + len(NEEDLE)))
        at = leaf.text.find(NEEDLE, at + len(NEEDLE))
    return found


words = st.lists(st.sampled_from(["请", "上门", " ", NEEDLE]), max_size=4).map("".join)
patches = st.one_of(
    st.fixed_dictionaries({"happened": st.fixed_dictionaries({"text": words, "at": st.just(AT)})}),
    st.fixed_dictionaries({"grade": st.fixed_dictionaries({"grade": words, "why": words, "list": st.lists(words)})}),
    st.fixed_dictionaries({"tags": st.dictionaries(st.sampled_from(["a", f"住{NEEDLE}"]), st.booleans(), max_size=2)}),
    st.fixed_dictionaries({"story": words}),
    st.fixed_dictionaries(
        {"flow": st.fixed_dictionaries({"t": st.just("open"), "to": st.just("OPEN"), "at": st.just(AT), "why": words})}
    ),
)
logs = st.lists(st.tuples(patches, st.integers(1, 9), st.booleans(), st.integers(0, 3)), min_size=1, max_size=12)


def rows_from(log: list[tuple[dict[str, Any], int, bool, int]]) -> list[Row]:
    """Rows with merge times out of order, refused transitions, and texts that replace one or another sibling."""
    made: list[Row] = []
    for seq, (patch, eff, applied, back) in enumerate(log, 1):
        texts = [one.change.id for one in made if "story" in one.change.patch]
        base = {"story": texts[-back:]} if "story" in patch and back and texts else {}
        verdict = "applied" if applied or "flow" not in patch else "proposal"
        made.append(row(change(patch, base=base), seq, eff=eff, verdict=verdict))
    return made


def folded(rows: list[Row]) -> EntityState:
    state: EntityState | None = None
    for one in rows:
        state = fold_row(state, one, "team:a", REGISTRY)
    assert state is not None
    return state


def as_skeletons(rows: list[Row], at: int) -> list[Row]:
    return [
        Row(skeleton(one.change, cuts, at), *_place(one)) if (cuts := find(one.change.patch, stands)) else one
        for one in rows
    ]


def _place(one: Row) -> tuple[Any, ...]:
    return one.seq, one.eff, one.verdict, one.row_hash, one.device, one.ctr, one.actor, one.adj


@given(logs)
def test_folding_skeletons_is_folding_and_then_blanking(log: list[tuple[dict[str, Any], int, bool, int]]) -> None:
    rows = rows_from(log)
    blanked = canonical(folded(rows).as_json()).decode().replace(NEEDLE, MARK)
    left = as_skeletons(rows, len(rows) + 1)
    assert canonical(folded(left).as_json()).decode() == blanked
    assert all(NEEDLE.encode() not in one.change.raw for one in left)


@given(logs)
def test_chain_wire_and_bytes_hold_over_skeletons(log: list[tuple[dict[str, Any], int, bool, int]]) -> None:
    rows = rows_from(log)
    left = as_skeletons(rows, len(rows) + 1)
    chain = other = chain_start("team:a")
    for before, after in zip(rows, left, strict=True):
        chain, other = chain_next(chain, before), chain_next(other, after)
        assert Change.parse(after.change.raw) == after.change, "a skeleton is a change like any other"
        assert (before.change.id, before.change.base, before.change.root) == (
            after.change.id, after.change.base, after.change.root,
        )  # fmt: skip
    assert chain == other
    told = [json.loads(row_bytes(one)) for one in left]
    assert [one.change.raw for one in rows_of(told)] == [one.change.raw for one in left]


def test_only_a_skeleton_may_differ_from_its_hash() -> None:
    honest = row(change({"story": "原文"}), 1)
    told = json.loads(row_bytes(honest))
    told["payload"]["patch"]["story"] = "改过"
    with pytest.raises(NotCanonical, match="row hash"):
        rows_of([told])


def test_pieces_are_counted_by_texts_and_taken_out_one_by_one() -> None:
    patch = {
        "grade": {"why": f"{NEEDLE}和{NEEDLE}", "n": 13800138000, "on": True, "none": None},
        "tags": {NEEDLE: True},
    }
    assert [(leaf.at, leaf.field, leaf.text, leaf.kind) for leaf in leaves(patch)][:4] == [
        (0, "", "n", "key"), (1, "n", "13800138000", "number"), (2, "", "none", "key"), (3, "", "on", "key"),
    ]  # fmt: skip
    cuts = find(patch, stands)
    assert pieces(patch, cuts) == {NEEDLE}
    assert cut_out(patch, [*cuts, (1, 0, 11)]) == {
        "grade": {"why": f"{MARK}和{MARK}", "n": 0, "on": True, "none": None}, "tags": {MARK: True},
    }  # fmt: skip


def test_offsets_that_overlap_or_lie_outside_do_no_harm() -> None:
    """A centre of another version may name what this copy has not."""
    assert without("一二三四", [(1, 3), (2, 4)]) == f"一{MARK}"
    assert without("一二", [(5, 9)]) == "一二"
    assert cut_out({"story": "一二"}, [(9, 0, 1)]) == {"story": "一二"}
    assert pieces({"story": "一二"}, [(9, 0, 1), (0, 1, 9)]) == {"二"}


def test_a_skeleton_has_no_nonce_and_says_which_redaction_made_it() -> None:
    item = change({"story": f"住{NEEDLE}"})
    left = skeleton(item, find(item.patch, stands), 57)
    assert (erased_at(item), erased_at(left), left.nonce) == (0, 57, "r57")
    made_anew = unseen(item, {"story": "住"})
    assert erased_at(made_anew) == 0 and made_anew.nonce != item.nonce and made_anew.id == item.id
