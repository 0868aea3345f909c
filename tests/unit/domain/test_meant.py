"""Words that pass by while somebody types: which were a search of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain.meant import began_anew


@pytest.mark.parametrize(
    ("before", "now", "anew"),
    [
        ("", "退", False),
        ("退", "退款", False),
        ("退款政策", "退款", False),
        ("退款政", "退款流程", False),  # one character corrected
        ("退款政策", "退款流程", True),
        ("退款政策", "", True),
        ("退款", "发票", True),
        ("退款", "退款", False),
    ],
)
def test_other_words_are_another_search(before: str, now: str, anew: bool) -> None:
    assert began_anew(before, now) is anew


@given(st.text(max_size=8), st.text(max_size=8))
def test_typing_on_is_never_another_search(words: str, more: str) -> None:
    assert not began_anew(words, words + more)
    assert began_anew(words + more, words) is (bool(more) and not words)
