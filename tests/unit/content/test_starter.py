"""The starter pack: complete, well formed, with ids that never move."""

from __future__ import annotations

import re

import pytest
from zhconv_rs import zhconv

from agentdesk.changes import instant
from agentdesk.changes.shape import shape_problem
from agentdesk.domain import content
from agentdesk.domain.records import REGISTRY
from agentdesk.domain.vocabulary import SCENARIO_STEPS
from agentdesk.store import starter
from agentdesk.text import templates

HALF_WIDTH = re.compile(r"[\u4e00-\u9fff\}][,;:!?()]|[,;:!?()][\u4e00-\u9fff\{]")


ENGLISH = [article for article in starter.articles() if content.ENGLISH in article.tags]
CHINESE = [article for article in starter.articles() if content.ENGLISH not in article.tags]


def test_ids_are_fixed_and_apart() -> None:
    items = [*starter.phrases(), *starter.articles()]
    ids = [one for item in items for one in (item.id, item.version)]
    assert len(set(ids)) == len(ids) == 2 * (len(starter.phrases()) + len(starter.articles()))
    greeting = next(phrase for phrase in starter.phrases() if phrase.code == "greeting")
    assert greeting.id == "a75e5405-a148-5410-a7ac-8b485cd0a52b"
    assert starter.digest() == starter.digest()


def test_every_scenario_of_the_standard_has_a_phrase_and_its_step() -> None:
    assert {phrase.scenario for phrase in starter.phrases()} == set(SCENARIO_STEPS)
    for phrase in starter.phrases():
        assert phrase.step in (SCENARIO_STEPS[phrase.scenario], "K5"), phrase.code


@pytest.mark.parametrize("phrase", starter.phrases(), ids=lambda phrase: phrase.code)
def test_phrases_speak_three_languages_and_use_known_variables(phrase: content.StarterPhrase) -> None:
    assert phrase.bodies.keys() == phrase.titles.keys() == {"zh-CN", "zh-TW", "en"}
    assert set(phrase.variables) <= content.VARIABLES
    for language in ("zh-CN", "zh-TW"):
        for body in (phrase.bodies[language], *phrase.variants.get(language, ())):
            assert not HALF_WIDTH.search(templates.fill(body, {}, "文"))
    for text in (phrase.bodies["en"], *phrase.variants.get("en", ()), phrase.titles["en"]):
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)


@pytest.mark.parametrize("phrase", starter.phrases(), ids=lambda phrase: phrase.code)
def test_taiwan_reads_its_own_characters_and_words(phrase: content.StarterPhrase) -> None:
    for text in (phrase.bodies["zh-TW"], *phrase.variants.get("zh-TW", ()), phrase.titles["zh-TW"]):
        assert zhconv(text, "zh-TW", False) == text


def test_taiwan_is_worded_not_converted() -> None:
    converted = [one for one in starter.phrases() if zhconv(one.bodies["zh-CN"], "zh-TW", False) == one.bodies["zh-TW"]]
    assert len(converted) < len(starter.phrases()) / 10


def test_every_kind_of_article_is_there_and_enough_of_them() -> None:
    assert {article.kind for article in starter.articles()} == set(content.ARTICLE_KINDS)
    assert len(CHINESE) >= 44 and len(ENGLISH) >= 10


@pytest.mark.parametrize("article", starter.articles(), ids=lambda article: article.code)
def test_policies_name_their_version_and_the_day_from_which_it_counts(article: content.StarterArticle) -> None:
    if article.kind == "policy":
        assert instant(article.effective_from) > instant("2026-01-01T00:00:00.000+08:00") or "v1" in article.tags
        assert any(re.fullmatch(r"v\d+", tag) for tag in article.tags)
    else:
        assert article.effective_from == content.RELEASED


@pytest.mark.parametrize("article", ENGLISH, ids=lambda article: article.code)
def test_english_articles_are_english_throughout(article: content.StarterArticle) -> None:
    told = (article.title, article.title_en, article.plain_summary, article.plain_summary_en, article.body)
    words = (*told, article.product, *article.steps, *article.keywords, *article.synonyms)
    assert not re.search(r"[\u2e80-\u9fff\uff00-\uffef]", "\n".join(words))
    assert len(article.body.split()) >= 120
    assert article.title == article.title_en and article.plain_summary == article.plain_summary_en


@pytest.mark.parametrize("article", CHINESE, ids=lambda article: article.code)
def test_articles_answer_at_length_and_in_brief(article: content.StarterArticle) -> None:
    assert len(re.findall(r"[\u4e00-\u9fff]", article.body)) >= 120
    assert not re.search(r"[\u2e80-\u9fff\uff00-\uffef]", article.title_en + article.plain_summary_en)
    assert 1 <= len(re.findall(r"[。！？]", article.plain_summary)) <= 4
    assert not HALF_WIDTH.search(article.plain_summary) and "{" not in article.plain_summary
    assert article.title_en and article.plain_summary_en and article.keywords and article.synonyms and article.steps


def test_the_pack_passes_the_rules_of_shape_and_folds_to_published() -> None:
    for item in (*starter.phrases(), *starter.articles()):
        assert shape_problem(item.change(), REGISTRY) is None
        assert item.change().raw == item.change().raw
    for state in starter.states():
        lane = state.lane("status")
        assert lane is not None and lane["state"] == "published" and lane["current"] in state.values["version"]
    assert {(state.entity, state.scope) for state in starter.states()} == {("phrase", "site"), ("article", "kb:main")}


@pytest.mark.parametrize(
    "text",
    [
        "no head",
        '+++\ncode = "x"\nkind = "novel"\ncategory = "product"\ntitle = "t"\nplain_summary = "s"\n+++\nbody',
        '+++\ncode = "x"\nkind = "faq"\ncategory = "product"\ntitle = "t"\nplain_summary = "s"\n+++\n',
        '+++\ncode = "x"\nkind = "policy"\ncategory = "product"\ntitle = "t"\nplain_summary = "s"\n+++\nbody',
    ],
)
def test_a_misshapen_article_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        content.parse_article(text)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ('scenario = "nowhere"', "scenario"),
        ('channels = ["fax"]', "channels"),
        ('emotions = ["bored"]', "emotions"),
        ('body = { "zh-CN" = "{need}", "zh-TW" = "{need}", en = "none" }', "variables"),
        ('body = { en = "only" }', "languages"),
        ('body = { "zh-CN" = "{x}", "zh-TW" = "{x}", en = "{x}" }', "unknown variables"),
        ('body = { "zh-CN" = "{eta:day}", "zh-TW" = "{eta:day}", en = "{eta:day}" }', "formats"),
        ('body = { "zh-CN" = "{eta:date}", "zh-TW" = "{eta}", en = "{eta}" }', "variables"),
        ('body = { "zh-CN" = "{Eta}", "zh-TW" = "{Eta}", en = "{Eta}" }', "braces"),
        ('variants = { "zh-CN" = ["甲"], "zh-TW" = ["甲"] }', "variant languages"),
        ('variants = { "zh-CN" = ["甲"], "zh-TW" = ["甲", "乙"], en = ["a"] }', "variant count"),
        ('variants = { "zh-CN" = ["{x}"], "zh-TW" = ["{x}"], en = ["{x}"] }', "unknown variables"),
    ],
)
def test_a_misshapen_phrase_is_refused(change: str, what: str) -> None:
    lines = {
        "code": 'code = "x"',
        "scenario": 'scenario = "hold"',
        "title": 'title = { "zh-CN" = "题", "zh-TW" = "題", en = "t" }',
        "body": 'body = { "zh-CN" = "文", "zh-TW" = "文", en = "b" }',
    }
    lines[change.split(" ", 1)[0]] = change
    with pytest.raises(ValueError, match=what):
        content.parse_phrases("[[phrase]]\n" + "\n".join(lines.values()))


def test_a_group_of_one_synonym_is_refused() -> None:
    with pytest.raises(ValueError):
        content.parse_synonyms('groups = [["漏水"]]')
