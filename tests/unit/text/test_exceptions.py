"""What excuses a hit: words later in the sentence or within it; and Cantonese, read as standard Chinese writes it."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.text.lexicon import rule_from
from agentdesk.text.lint import Linter


def found(text: str, patterns: list[str], **allow: Any) -> list[str]:
    """The words that a rule of these patterns and one exception finds."""
    rule = {"id": "X-1", "category": "cold", "severity": "warn", "why": "-", "patterns": patterns}
    return [one.text for one in Linter([rule_from({**rule, "allow": [allow]} if allow else rule)]).check(text)]


def test_later_words_of_the_same_sentence_excuse_over_its_commas() -> None:
    assert found("这个我不清楚，您稍等，我帮您查", ["不清楚"], later=["我帮您"]) == []


@pytest.mark.parametrize("end", "。！？；\n")
def test_what_another_sentence_says_later_excuses_nothing(end: str) -> None:
    assert found(f"这个我不清楚{end}我帮您查", ["不清楚"], later=["我帮您"]) == ["不清楚"]


def test_later_means_behind_the_hit() -> None:
    assert found("我帮您看了，不清楚", ["不清楚"], later=["我帮您"]) == ["不清楚"]


def test_later_words_excuse_only_the_hits_before_them() -> None:
    assert found("我不清楚，我帮您查，还是不清楚", ["不清楚"], later=["我帮您"]) == ["不清楚"]


def test_later_words_of_one_term_excuse_no_other() -> None:
    text = "我不清楚，也没办法，我帮您查"
    assert found(text, ["不清楚", "没办法"], later=["我帮您"], terms=["不清楚"]) == ["没办法"]


def test_a_word_within_the_hit_excuses_it() -> None:
    pattern = "密码{0,4}(发给|告诉)我"
    assert found("密码请发给我", [pattern], inside=["不要"]) == ["密码请发给我"]
    assert found("密码不要发给我", [pattern], inside=["不要"]) == []


@pytest.mark.parametrize("text", ["不要急，密码请发给我", "密码请发给我，不要急"])
def test_a_word_beside_the_hit_is_not_within_it(text: str) -> None:
    assert found(text, ["密码{0,4}(发给|告诉)我"], inside=["不要"]) == ["密码请发给我"]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("唔归我管", "不归我管"),
        ("佢哋冇办法", "他们没办法"),
        ("你自己睇", "你自己看"),
        ("俾返你，揾佢啦", "给返你"),
    ],
)
def test_cantonese_characters_are_read_as_standard_chinese_writes_them(text: str, term: str) -> None:
    assert found(text, [term]) == [text[: len(term)]]


def test_a_character_that_others_write_too_is_read_so_beside_cantonese_alone() -> None:
    assert found("佢系骗子", ["他是骗子"]) == ["佢系骗子"]
    assert found("关系骗子", ["是骗子"]) == []


def test_what_is_underlined_are_the_cantonese_characters() -> None:
    [one] = Linter(
        [rule_from({"id": "X-1", "category": "cold", "severity": "warn", "why": "-", "patterns": ["不归我管"]})]
    ).check("先生，唔 归我管㗎")
    assert (one.start, one.end, one.text) == (3, 8, "唔 归我管")


def test_repeats_beside_a_hit_do_not_take_its_exceptions_away() -> None:
    """Where repeats are taken out, "tomorrow" reads "tomorow": only what repeats within the hit is looked for there."""
    rule = rule_from(
        {
            "id": "X-1",
            "category": "cold",
            "severity": "warn",
            "why": "w",
            "patterns": ["bad"],
            "allow": [{"before": ["tomorrow's"], "within": 12}],
        }  # fmt: skip
    )
    linter = Linter([rule])
    assert linter.check("well, tomorrow's bad") == []
    assert [one.text for one in linter.check("all baaad")] == ["baaad"]


@pytest.mark.parametrize(
    "text", ["您说的“没人管”我理解", '您说的"没人管"我理解', "您說的「沒人管」我理解", "“快点”，您说“没人接”我记下了"]
)
def test_a_quotation_that_ends_within_a_hit_parts_it(text: str) -> None:
    assert found(text, ["没人(管|接)(我|您)"]) == []


@pytest.mark.parametrize("text", ["没人“管”我", "没“人管”我", '没人"管我', "“没人管我", "没人管”我"])
def test_quotation_marks_alone_disguise_nothing(text: str) -> None:
    assert found(text, ["没人(管|接)(我|您)"])


def test_a_letter_that_ends_a_word_and_begins_the_next_repeats_nothing() -> None:
    assert found("his number is shown", ["his number (is|was)"], later=["shown"]) == []
    assert found("his nnumber was lost", ["his number (is|was)"]) == ["his nnumber was"]
