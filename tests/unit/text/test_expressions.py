"""Which expressions may stand in a text is told by words that they need; none that would find something is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text import lanes
from agentdesk.text.expressions import Expression, Index, needed
from agentdesk.text.fold import fold
from agentdesk.text.lexicon import Rule

WORDS = st.text("ab不了", min_size=1, max_size=3)
TIMES = st.sampled_from(["", "", "", "?", "*", "+", "{0,2}", "{1,2}", "{2}", "??"])
WHOLE = st.recursive(
    st.one_of(WORDS, st.sampled_from(["[ab]", "[^不]", ".", "$", "^", r"\w", "(?<!a)", "(?!b了)", "(?=a)"])),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(st.lists(inner, min_size=1, max_size=3).map("|".join), TIMES).map(
            lambda one: f"(?:{one[0]}){one[1]}"
        ),
        st.tuples(WORDS, TIMES).map("".join),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("不知道", ("不知道",)),
        ("不了?说", ("不",)),
        ("(?:不了)?说", ("说",)),
        ("不|了", ("不", "了")),
        ("(?:不|)了", ("了",)),
        ("^(?:那|这){0,3}(?:不行|不可以)(?:了|啊)?$", ("不行", "不可以")),
        ("是(?:你|我(?:们|家))的", ("是",)),
        ("说(?!不行)好", ("说",)),
        ("[不没]好{2}", ()),
        (r"\d不", ("不",)),
        ("(?i)ab", ()),
        (r"\u4fdd证", ()),
        (r"\x61b", ()),
    ],
)
def test_words_of_which_one_stands_in_every_finding(expression: str, words: tuple[str, ...]) -> None:
    assert needed(expression) == words


@given(WHOLE, st.text("ab不了\n", max_size=12))
def test_no_finding_is_without_its_words(expression: str, text: str) -> None:
    try:
        found = re.search(expression, text, re.MULTILINE)
    except re.error:
        return
    words = needed(expression)
    assert not found or not words or any(word in text for word in words)
    assert not found or Index([Expression(expression)]).possible(frozenset(text)) == [0]


def test_the_expressions_of_the_lexicon_are_all_tried_where_they_find_something(rules: list[Rule]) -> None:
    expressions = [Expression(one) for rule in rules for one in rule.regex]
    index = Index(expressions)
    texts = [lanes.letters(fold(test.text).text).text for rule in rules for test in rule.tests]
    finding = [(number, text) for number, one in enumerate(expressions) for text in texts if any(one.spans(text))]
    assert len({number for number, _ in finding}) > len(expressions) // 2
    assert all(number in index.possible(frozenset(text)) for number, text in finding)
    assert sum(len(index.possible(frozenset(text))) for text in texts) < len(texts) * len(expressions) // 4
