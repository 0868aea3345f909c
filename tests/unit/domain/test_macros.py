"""Actions of a macro as a line and as data: read again as written, refused where they cannot be applied."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain import macros
from agentdesk.domain.macros import EXTENDABLE, STEPS, SURVEYS, Action, MacroError

NOW = datetime(2026, 1, 28, 23, 50, tzinfo=timezone(timedelta(hours=8)))

words = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=macros.MAX_TAG)
times = st.one_of(
    st.tuples(st.integers(1, 60).map(lambda days: f"{days}d"), st.just("")),
    st.tuples(
        st.integers(0, 60).map(lambda days: f"{days}d"),
        st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda at: f"{at[0]:02d}:{at[1]:02d}"),
    ),
    st.tuples(st.integers(1, 1000).map(lambda hours: f"{hours}h"), st.just("")),
    st.tuples(st.integers(1, 1000).map(lambda minutes: f"{minutes}m"), st.just("")),
)
actions = st.one_of(
    words.map(lambda word: Action("tag", word)),
    times.map(lambda when: Action("callback", "", *when)),
    st.tuples(st.sampled_from(sorted(EXTENDABLE)), times, words).map(
        lambda made: Action("extend", made[0], *made[1], made[2])
    ),
    st.sampled_from(STEPS).map(lambda step: Action("step", step)),
    st.sampled_from(SURVEYS).map(lambda answer: Action("survey", answer)),
)


@given(actions)
def test_an_action_reads_back_from_its_line_and_from_its_data(action: Action) -> None:
    assert macros.parse(action.as_line()) == (action,)
    assert macros.of_data([action.as_data()]) == (action,)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_code(text: str) -> None:
    try:
        found = macros.parse(text)
    except MacroError as error:
        assert error.problem.startswith("macro_")
    else:
        assert macros.parse(macros.lines(found)) == found


@given(st.recursive(st.none() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["do", "what", "after", "at", "why", "more"]), inner)))  # fmt: skip
def test_any_data_of_another_program_is_read_or_refused(data: object) -> None:
    try:
        macros.of_data(data)
    except MacroError as error:
        assert error.problem.startswith("macro_")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("explode now", "macro_verb"),
        ("tag", "macro_tag"),
        ("tag " + "长" * 21, "macro_tag"),
        ("callback tomorrow", "macro_time"),
        ("callback +1d 25:00", "macro_time"),
        ("callback +2h 10:00", "macro_time"),
        ("callback +0d", "macro_time"),
        ("callback +999d", "macro_time"),
        ("callback +9999999d", "macro_time"),
        ("extend CK-99 +1d 原因", "macro_extend"),
        ("extend CK-08 +1d", "macro_why"),
        ("extend CK-08 +1d " + "长" * 61, "macro_long"),
        ("step T3", "macro_step"),
        ("survey maybe", "macro_survey"),
        ("tag 退款; tag 退款", "macro_twice"),
        ("callback +1d; callback +2d", "macro_twice"),
        ("; ".join(f"tag {number}" for number in range(7)), "macro_many"),
    ],
)
def test_what_cannot_be_applied_is_refused(line: str, problem: str) -> None:
    with pytest.raises(MacroError) as refused:
        macros.parse(line)
    assert refused.value.problem == problem


def test_times_count_from_the_moment_of_choosing_in_its_own_zone() -> None:
    def due(line: str) -> str:
        (action,) = macros.parse(line)
        return f"{action.due(NOW):%m-%d %H:%M}"

    assert due("callback +1d 10:00") == "01-29 10:00"
    assert due("callback +20m") == "01-29 00:10"
    assert due("callback +2h") == "01-29 01:50"
    assert due("callback +0d 23:59") == "01-28 23:59"


def test_words_of_a_person_stand_for_the_verbs() -> None:
    assert macros.parse("标签 退款；回访 +1d 10:00", {"标签": "tag", "回访": "callback"}) == (
        Action("tag", "退款"),
        Action("callback", "", "1d", "10:00"),
    )
