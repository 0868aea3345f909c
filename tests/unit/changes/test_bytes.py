"""Bytes, hashes, chain, ids and clocks: the parts on which two machines must agree to the bit."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.changes import (
    Change,
    HybridClock,
    NotCanonical,
    canonical,
    chain_next,
    chain_start,
    hlc_from_hex,
    hlc_to_hex,
    new_id,
    parse_canonical,
    shape_problem,
)
from agentdesk.changes.wire import parse_push, push_body, row_bytes, rows_of
from tests.unit.changes.toy import AT, REGISTRY, change, row

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner)
    ),
    max_leaves=12,
)


@given(plain)
def test_canonical_bytes_survive_a_round_trip(value: object) -> None:
    assert canonical(parse_canonical(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    "value", [{"x": 1.5}, {"x": 2**53 + 1}, {"x": "\ud800"}, {"x": float("nan")}, {1: "x"}, {"x": b""}]
)
def test_what_has_no_canonical_form_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(NotCanonical):
        change({"note": value})


@pytest.mark.parametrize("text", [b"1.5", b"NaN", b"9007199254740993", b"[", b"\xff", b"[" * 100_000])
def test_bytes_that_are_not_ours_are_refused(text: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse_canonical(text)


def test_a_push_is_taken_only_as_the_bytes_that_it_must_be() -> None:
    items = [change({"tags": {"漏水": True}}), change({"story": "机身底部漏水\u2028"})]
    body = push_body("epoch-1", [(n + 1, -5, item.raw) for n, item in enumerate(items)])
    epoch, pushed = parse_push(body)
    assert epoch == "epoch-1" and [item.change for item in pushed] == items and pushed[0].adj == -5
    for spoiled in (
        body.replace(b":true", b": true"),
        body.replace(b'"adj":-5,"ctr":1', b'"ctr":1,"adj":-5'),
        body + b" ",
    ):
        with pytest.raises(NotCanonical):
            parse_push(spoiled)


@given(plain)
def test_no_json_at_all_makes_a_push_fail_otherwise_than_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        parse_push(canonical({"changes": [value], "epoch": "e"}))


def test_rows_come_back_from_the_wire_and_a_spoiled_one_does_not() -> None:
    item = row(change({"story": "漏水"}), 3, eff=99)
    text = json.loads(row_bytes(item))
    assert rows_of([text]) == [item]
    text["payload"]["patch"]["story"] = "不漏水"
    with pytest.raises(NotCanonical):
        rows_of([text])


@pytest.mark.parametrize("member", ["seq", "eff", "verdict", "device", "ctr", "actor"])
def test_every_stamp_is_in_the_chain(member: str) -> None:
    item = row(change({"story": "漏水"}), 1)
    value = getattr(item, member)
    other = replace(item, **{member: value + 1 if isinstance(value, int) else value + "x"})
    start = chain_start("team:one")
    assert chain_next(start, item) != chain_next(start, other)
    assert chain_next(start, item) != chain_next(chain_start("team:two"), item)


def test_ids_grow() -> None:
    ids = [new_id() for _ in range(2000)]
    assert ids == sorted(ids) and len(set(ids)) == len(ids) and all(item[14] == "7" for item in ids)


@given(st.lists(st.integers(0, 2**47), min_size=1), st.integers(0, 2**62))
def test_the_hybrid_clock_never_goes_back(walls: list[int], seen: int) -> None:
    clock = HybridClock()
    clock.observe(seen)
    ticks = [clock.tick(wall) for wall in walls]
    assert all(a < b for a, b in zip([seen, *ticks], ticks, strict=False))


def test_a_full_counter_carries_into_the_milliseconds() -> None:
    clock = HybridClock(last=(1000 << 16) | 0xFFFF)
    assert clock.tick(1000) == 1001 << 16


@given(st.integers(0, 2**63 - 1))
def test_hybrid_times_are_sixteen_digits(value: int) -> None:
    assert len(hlc_to_hex(value)) == 16 and hlc_from_hex(hlc_to_hex(value)) == value


@pytest.mark.parametrize(
    ("patch", "problem"),
    [
        ({}, "empty"),
        ({"happened": {"text": "no time"}}, "happened:at"),
        ({"happened": {"at": "2026-01-28T10:30:00"}}, "happened:at"),
        ({"happened": "text"}, "happened:value"),
        ({"story": "x" * 5001}, "story:text"),
        ({"grade": {"deep": [{"text": "x" * 5001}]}}, "grade:text"),
        ({"tags": {str(n): True for n in range(41)}}, "tags:set"),
        ({"tags": {"a": 1}}, "tags:set"),
        ({"flow": {"t": "open", "at": AT}}, "flow:transition"),
        ({"flow": {"t": "a", "to": "B", "at": AT}, "gate": {"t": "a", "to": "B", "at": AT}}, "lanes"),
        ({"from_tomorrow": 7}, None),
    ],
)
def test_shape(patch: dict[str, object], problem: str | None) -> None:
    made = change(patch)
    whole = Change.of_payload({**json.loads(made.raw), "root": made.id, "txn": made.id, "entity_id": made.id}, made.raw)
    assert shape_problem(whole, REGISTRY) == problem
