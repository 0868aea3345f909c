"""No text makes lint slow: the work per character stays the same, whatever stands there and however long it is.

Work is counted as calls of functions, Python's own included: times of a shared machine say nothing. What a single
expression does inside is bounded by the lexicon, which refuses what is not. `scripts/bench.py lint` tells the times.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentdesk.text.hard_texts import REPEATED, endless, fragments, hard_texts
from agentdesk.text.lexicon import Rule
from agentdesk.text.lint import Context, Linter, LintSession, OpenRequest
from agentdesk.text.patterns import LOOKS
from agentdesk.text.synthetic import synthetic_reply

LENGTH = 4_000
MOST = 40
"""Calls a character that a text may cost; the worst that was found, of the rules' own words, costs 31, a usual one
under 1."""
DIGITS = 20
"""The same of a text of digits."""
OFTEN = 12
"""The same of a long text that repeats itself: what stands there was seen before; the worst costs 8."""
CONTEXT = Context(OpenRequest(frozenset({"13900000002"}), frozenset({"O-20240428-31"})), "online", "finance")
SIGNS = [
    "",
    " ",
    "，",
    "。",
    "\n",
    "\u200b",
    "😀",
    "·",
    "1",
    "１",
    "-",
    "“",
    "\ufe0f",
    "e\u0301",
    "o",
    "zhi",
    "{",
    "@",
    "㎏",
]


def work(call: Callable[[], object]) -> int:
    """How many functions a call calls."""
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        call()
    finally:
        sys.setprofile(before)
    return count


def per_character(linter: Linter, text: str) -> float:
    for _ in range(LOOKS):  # what is looked for so often has been compiled
        linter.check(text[:LENGTH], CONTEXT)
    linter.check(text, CONTEXT)  # a rule's first hit compiles what it needs
    return work(lambda: linter.check(text, CONTEXT)) / len(text)


def test_the_count_sees_work_that_grows_faster_than_the_text() -> None:
    def squared(length: int) -> int:
        return work(lambda: [abs(two) for _ in range(length) for two in range(length)])

    assert squared(80) > 3 * squared(40)


@pytest.mark.parametrize("name", REPEATED)
def test_a_fragment_without_end_costs_little_a_character(linter: Linter, name: str) -> None:
    part = REPEATED[name]
    assert per_character(linter, endless(part, LENGTH)) < (DIGITS if any(map(str.isdecimal, part)) else MOST)


def test_texts_of_the_rules_own_words_cost_little_a_character(linter: Linter, rules: list[Rule]) -> None:
    for name, text in hard_texts(rules, LENGTH, drawn=12):
        if name not in REPEATED:
            assert per_character(linter, text) < MOST, name


@pytest.mark.parametrize("name", ["sounds alike", "digits apart", "orders", "labelled orders"])
def test_a_hundred_thousand_characters_cost_no_more_each(linter: Linter, name: str) -> None:
    """A cost that grows with the length would show: twenty-five times as long, and the same a character."""
    assert per_character(linter, endless(REPEATED[name], 100_000)) < DIGITS


@pytest.mark.parametrize("name", ["denials", "secrets", "both"])
def test_what_was_seen_before_costs_little(linter: Linter, name: str) -> None:
    assert per_character(linter, endless(REPEATED[name], 100_000)) < OFTEN


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_text_is_found_that_costs_much(linter: Linter, rules: list[Rule], data: st.DataObject) -> None:
    pieces = st.one_of(st.sampled_from(fragments(rules)), st.sampled_from(SIGNS), st.text(max_size=3))
    parts = data.draw(st.lists(pieces, min_size=1, max_size=12))
    text = endless("".join(parts) or "。", LENGTH)
    assert per_character(linter, text) < MOST, parts


def test_a_key_press_costs_one_sentence_of_work(linter: Linter) -> None:
    text = synthetic_reply(2_000, seed=3)
    linter.check("保本")  # a rule's first hit compiles its exceptions
    session = LintSession(linter, CONTEXT)
    whole = work(lambda: session.check(text))
    session.check(text[:1_000] + "保" + text[1_000:])
    key = work(lambda: session.check(text[:1_000] + "保本" + text[1_000:]))
    assert key < 1_000 and key < 1.5 * whole


def test_loading_many_rules_does_a_bounded_amount_of_work() -> None:
    from agentdesk.text.synthetic import synthetic_rules

    few, many = synthetic_rules(500), synthetic_rules(5_000)
    Linter(few)
    assert work(lambda: Linter(many)) < 11 * work(lambda: Linter(few))
    assert work(lambda: Linter(many)) < 30 * len(many)
