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
    for body in (*phrase.bodies.values(), *phrase.titles.values()):
        assert LINTER.check(body, Context(industry=industry)) == []


@pytest.mark.parametrize("industry", ["", "finance", "retail"])
@pytest.mark.parametrize("article", starter.articles(), ids=lambda article: article.code)
def test_articles_pass(article: starter.StarterArticle, industry: str) -> None:
    sendable = (article.plain_summary, article.plain_summary_en)
    for text in (*sendable, article.title, article.title_en, article.body, *article.steps):
        assert LINTER.check(text, Context(industry=industry)) == []


def test_the_rules_are_awake() -> None:
    assert [finding.rule for finding in LINTER.check("保证产品100%无故障")] == ["RL-01"]
