"""Wordings near the forbidden ones are proposed from what was sent; what is found already, or far away, is not."""

from __future__ import annotations

from dataclasses import replace

from agentdesk.text.lexicon import Allow, rule_from
from agentdesk.text.suggesting import suggest

RULE = rule_from(
    {"id": "X-1", "category": "evasion", "severity": "warn", "why": "-", "patterns": ["不归我们管", "自己网上查"]}
)


def test_near_wordings_are_proposed_the_most_frequent_first() -> None:
    texts = [
        "您好，这事不归我们这里管的。",
        "抱歉，这事不归我们这里管的",
        "您自己去网上查吧，谢谢",
        "好的，我帮您查询一下",
    ]
    found = suggest(texts, [RULE])
    assert [(one.wording, one.term, one.count) for one in found] == [
        ("不归我们这里管", "不归我们管", 2),
        ("自己去网上查", "自己网上查", 1),
    ]
    assert {one.rule for one in found} == {"X-1"} and all(0.5 <= one.likeness < 1 for one in found)
    assert found[0].example == texts[0]


def test_what_a_rule_finds_already_is_no_proposal() -> None:
    assert suggest(["这事不归我们管", "不归我们管，也不 归 我 们 管"], [RULE]) == []


def test_what_a_rule_excuses_is_no_proposal_either() -> None:
    rule = replace(RULE, allow=(Allow(before=("并非",)),))
    assert suggest(["这件事并非不归我们管"], [rule]) == []


def test_taiwan_writing_is_near_too_and_is_shown_as_written() -> None:
    [found] = suggest(["這不歸我們這裡管"], [RULE])
    assert found.wording == "不歸我們這裡管"


def test_nothing_comes_of_nothing() -> None:
    assert suggest([], [RULE]) == [] == suggest(["您好"], [])
