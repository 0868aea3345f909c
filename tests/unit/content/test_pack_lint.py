"""Every shipped text passes the shipped lint rules (standard §5.3), whatever the industry."""

from __future__ import annotations

import pytest

from agentdesk.store import starter
from agentdesk.text.lexicon import load
from agentdesk.text.lint import Context, Linter

LINTER = Linter(load(text for _, text in starter.texts("lexicon", ".toml")))


@pytest.mark.parametrize("industry", ["", "finance", "retail"])
@pytest.mark.parametrize("phrase", starter.phrases(), ids=lambda phrase: phrase.code)
def test_phrases_pass(phrase: starter.StarterPhrase, industry: str) -> None:
    variants = (text for texts in phrase.variants.values() for text in texts)
    for body in (*phrase.bodies.values(), *variants, *phrase.titles.values()):
        assert LINTER.check(body, Context(industry=industry, template=True)) == []


@pytest.mark.parametrize("industry", ["", "finance", "retail"])
@pytest.mark.parametrize("article", starter.articles(), ids=lambda article: article.code)
def test_articles_pass(article: starter.StarterArticle, industry: str) -> None:
    where = Context(industry=industry)
    for text in (article.plain_summary, article.plain_summary_en):
        assert LINTER.check(text, where) == []
    for text in (article.title, article.title_en, article.body, *article.steps):
        found = LINTER.check(text, where)
        assert [one for one in found if not one.adds] == [], "what a message lacks is told of what is sent alone"


def test_the_rules_are_awake() -> None:
    assert [finding.rule for finding in LINTER.check("保证产品100%无故障")] == ["RL-01"]
