"""A site's glossary makes JG-01: the jargon is hinted at with its plain words, as long as the article is in force."""

from __future__ import annotations

from typing import Any

from agentdesk.desk import article_review, rule_list
from agentdesk.desk.articles import import_articles
from agentdesk.desk.context import Desk
from agentdesk.domain import glossary
from agentdesk.domain.content import article_id

BODY = """## 物流
- **揽收**：快递员把包裹收走了。
- **风冷**：用风扇吹；**直冷**：靠管子冷
- **匹**：劲儿
- 普通一条：不是术语
"""
WORDS: dict[str, Any] = {"id": "g.words", "kind": "glossary", "title": "我们的行话", "body": BODY}
TEXT = "您的包裹已经揽收，请放心。"


def hints(desk: Desk, text: str = TEXT) -> list[tuple[str, str, str, str]]:
    """(rule, severity, words, plain words) of the jargon in a text."""
    found = [one for one in desk.linter.check(text) if one.category == "jargon"]
    return [(one.rule, one.severity, one.text, one.replacement) for one in found]


def test_the_terms_of_an_article() -> None:
    found = [(one.word, one.plain) for one in glossary.terms(WORDS)]
    assert found == [("揽收", "快递员把包裹收走了"), ("风冷", "用风扇吹"), ("直冷", "靠管子冷")]
    alone = {"title": "三包", "plain_summary": "包修、包换、包退。", "body": "法律规定。"}
    assert [(one.word, one.plain) for one in glossary.terms(alone)] == [("三包", "包修、包换、包退")]
    odd = {"title": "x", "body": "- **a(b|c)**：d\n- **变频**：{eta}\n- **甲乙**：  \n"}
    assert not list(glossary.terms(odd)), "what would be read as a pattern, a blank or nothing"


def test_what_ships_hints_at_nothing(desk: Desk) -> None:
    assert hints(desk) == []


def test_a_term_is_hinted_at_until_its_article_is_retired(desk: Desk) -> None:
    assert hints(desk) == []
    import_articles(desk, [WORDS])
    assert hints(desk) == [("JG-01", "hint", "揽收", "快递员把包裹收走了")]
    assert hints(desk, "已揽收，就是快递员把包裹收走了。") == [], "said with its plain words"
    assert hints(desk, "快递员把包裹收走了（揽收）。") == []
    import_articles(desk, [{**WORDS, "body": "- **中转**：换车"}])
    assert hints(desk) == []
    assert hints(desk, "正在中转") == [("JG-01", "hint", "中转", "换车")]
    article_review.retire(desk, article_id("g.words"), "不用了")
    assert hints(desk, "正在中转") == []


def test_an_article_that_becomes_another_kind_takes_its_terms_along(desk: Desk) -> None:
    import_articles(desk, [WORDS])
    assert hints(desk)
    import_articles(desk, [{**WORDS, "kind": "faq"}])
    assert hints(desk) == []


def test_the_list_of_rules_still_shows_the_rule_itself(desk: Desk) -> None:
    import_articles(desk, [WORDS])
    assert hints(desk)
    (one,) = [one for one in rule_list.listed(desk) if one.rule.id == "JG-01"]
    assert one.rule.patterns == ()


def test_a_term_whose_plain_words_hold_it_has_no_replacement(desk: Desk) -> None:
    import_articles(desk, [{**WORDS, "body": "- **固件**：固件是机器里的程序"}])
    assert hints(desk, "请更新固件") == [("JG-01", "hint", "固件", "")]


def test_latin_terms_are_whole_words(desk: Desk) -> None:
    import_articles(desk, [{**WORDS, "body": "- **APF**：一度电能干多少活"}])
    assert [one[2] for one in hints(desk, "这台 APF 很高")] == ["APF"]
    assert hints(desk, "请看 CAPFX 型号") == []
