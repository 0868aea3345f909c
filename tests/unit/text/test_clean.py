"""Untrusted text: nothing that steers a terminal or hides survives, everything a person wrote does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.clean import LIMIT, cap, clean, clean_line

HOSTILE = st.text(
    alphabet=st.sampled_from(
        "\x1b[]0;31m\x07\\\x9b\x9d\x9c\u202e\u2066\u200b\u200d\ufe0f👨👩🏽❤1\u20e3ab中\n\t\r\u0301\ud800e\x00\x85\ufeff"
    ),
    max_size=60,
)


def harmful(text: str) -> list[str]:
    """Characters that no cleaned text may hold."""
    return [
        char
        for char in text
        if (char != "\n" and unicodedata.category(char) in ("Cc", "Cs"))
        or (unicodedata.category(char) == "Cf" and char != "\u200d")
    ]


@given(HOSTILE | st.text(max_size=80))
def test_nothing_harmful_survives_and_cleaning_is_stable(text: str) -> None:
    for function in (clean, clean_line):
        cleaned = function(text)
        assert harmful(cleaned) == []
        assert function(cleaned) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
    assert "\n" not in clean_line(text)
    assert "\u200d" not in clean_line(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A\x1b]0;PWNED\x1b\\B", "AB"),
        ("A\x1b]52;c;aGk=\x07B", "AB"),
        ("\x1b[31m红\x1b[0m \x9b5;5H", "红 "),
        ("\x1b]0;没有结尾\n下一行", "0;没有结尾\n下一行"),
        ("[b]客户[/b] [@click=app.quit]x[/]", "[b]客户[/b] [@click=app.quit]x[/]"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a    b"),
        ("e\u0301", "é"),
        ("👨\u200d👩\u200d👧 ok\u200d", "👨\u200d👩\u200d👧 ok"),
        ("\u202eabc\u2069\u200e", "abc"),
        ("x\ud800y", "xy"),
    ],
)
def test_lines(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\n b ", "a b"),
        ("👨\u200d👩\u200d👧!", "👨!"),
        ("👍🏽", "👍"),
        ("❤\ufe0f", "❤"),
        ("1\ufe0f\u20e3", "1"),
        ("\n", ""),
    ],
)
def test_cells(text: str, expected: str) -> None:
    assert clean_line(text) == expected


def test_length_and_stacked_accents_are_limited() -> None:
    assert len(clean("中" * 100_000)) == LIMIT
    assert len(clean("a" * 100_000, None)) == 100_000
    assert len(clean("x" + "\u0316" * 1_000)) <= 5
    assert cap("ab👨\u200d👩", 4) == "ab👨"


@pytest.mark.parametrize("text", ["\x1b]" * 50_000, "\x1b[1;" * 25_000, "\u200d" * 100_000, "a\u0301" * 50_000])
def test_hostile_length_comes_back(text: str) -> None:
    assert harmful(clean(text, None)) == []
    assert harmful(clean_line(text)) == []
