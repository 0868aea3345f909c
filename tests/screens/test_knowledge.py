"""The knowledge screen: pinyin, filters shown, why a hit stands where it does, and that none of them was meant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentdesk.desk import articles
from agentdesk.screens.knowledge import KnowledgeScreen
from agentdesk.screens.reader import ReaderScreen
from agentdesk.widgets.long_text import LongText
from tests.screens.conftest import Walk


def searched(person: Walk) -> list[dict[str, Any]]:
    """The log facts of searches."""
    rows = person.desk.store.raw().execute("SELECT searched FROM log_fact WHERE searched IS NOT NULL")
    return [fact for (row,) in rows for fact in json.loads(row).values()]


async def look_for(person: Walk, words: str) -> KnowledgeScreen:
    """Open the knowledge screen and search."""
    await person.key("f5")
    await person.until(lambda: isinstance(person.screen, KnowledgeScreen), "the screen")
    await person.quiet()
    await person.type(words)
    await person.quiet()
    screen: KnowledgeScreen = person.screen
    return screen


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [
        ("zh_CN", "类型:政策 #v3", ("类型 政策、标签 v3", "会员积分规则")),
        ("zh_TW", "類型：政策 積分", ("類型 政策", "会员积分规则")),
        ("en", "kind:policy points", ("kind Policy",)),
        ("zh_CN", "类型:没有 退款", ("没有叫“没有”的类型",)),
    ],
)
async def test_filters_are_shown(walk: Any, language: str, typed: str, shown: tuple[str, ...]) -> None:
    async with walk(language=language) as person:
        await look_for(person, typed)
        await person.sees(*shown)


async def test_filters_go_with_the_words(walk: Any) -> None:
    async with walk() as person:
        screen = await look_for(person, "类型:政策 积分")
        await person.sees("类型 政策")
        assert {item.aside for item in screen._pane.picker.items} == {"政策"}
        await person.key("escape")
        await person.quiet()
        await person.sees(gone=("类型 政策",))


async def test_one_key_says_why_and_once_more_shows_the_article(walk: Any) -> None:
    async with walk(size=(100, 40)) as person:
        screen = await look_for(person, "tuikuan")
        await person.until(lambda: screen._pane._article, "the article")
        title = screen._pane.hit.title  # type: ignore[union-attr]
        await person.key("ctrl+o")
        await person.sees("第 1 条", title, "标题读音符合拼音：tuikuan", "+100")
        await person.key("ctrl+o")
        await person.sees(gone=("标题读音符合拼音",))


async def test_a_wrong_homophone_is_told(walk: Any) -> None:
    async with walk(size=(100, 40)) as person:
        screen = await look_for(person, "洗依鸡")
        await person.until(lambda: screen._pane.hit, "a hit")
        await person.key("ctrl+o")
        await person.sees("可能打了同音字")


async def test_none_of_these_is_noted_with_the_hits(walk: Any) -> None:
    async with walk() as person:
        screen = await look_for(person, "退款")
        shown = [hit.id for hit in screen._pane._hits][:10]
        await person.key("ctrl+l")
        await person.until(lambda: searched(person), "the log fact")
        (fact,) = searched(person)
        assert (fact["words"], fact["hits"], fact["opened"], fact["solved"]) == ("退款", shown, "", False)
        await person.quiet()
        await person.key("escape", "escape")
        await person.quiet()
        assert len(searched(person)) == 1


async def test_a_search_that_finds_nothing_is_noted_on_leaving(walk: Any) -> None:
    async with walk() as person:
        screen = await look_for(person, "量子纠缠仪")
        assert not screen._pane._hits
        await person.key("ctrl+o")
        screen.go_back()
        await person.until(lambda: searched(person), "the log fact")
        (fact,) = searched(person)
        assert (fact["words"], fact["hits"], fact["solved"]) == ("量子纠缠仪", [], None)


async def test_without_a_search_the_keys_say_what_is_missing(walk: Any) -> None:
    async with walk() as person:
        await person.key("f5")
        await person.until(lambda: isinstance(person.screen, KnowledgeScreen), "the screen")
        await person.quiet()
        await person.key("ctrl+l")
        await person.sees("先输入要搜索的文字")
        await person.key("ctrl+o")
        await person.sees("没有选中的结果")
        assert not searched(person)


async def test_a_long_article_stands_whole_below_the_list_and_in_the_reader(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    body = "先**登记**，再看[[a.b]]。\n\n" * 900 + "最后一句。"
    articles.import_articles(desk, [{"id": "long", "title": "门禁卡补办", "body": body}])
    async with walk(desk=desk) as person:
        screen = await look_for(person, "门禁卡补办")
        await person.until(lambda: screen._pane._article, "the article")
        await person.quiet()
        assert screen.query_one(".article-text", LongText).plain.endswith("最后一句。")
        await person.key("f3")
        await person.until(lambda: isinstance(person.screen, ReaderScreen), "the reader")
        await person.quiet()
        await person.sees("先登记", gone=("最后一句。",))
        await person.key("end")
        await person.sees("最后一句。")
        await person.key("home")
        await person.sees("先登记", gone=("最后一句。",))
