"""The index is made in the background: who searches meanwhile is told, and the list renews itself once all is in it."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.app import main as app_main
from agentdesk.desk import articles, indexing
from agentdesk.desk.context import Desk
from agentdesk.present import keys
from agentdesk.screens.knowledge import KnowledgeScreen
from tests.screens.test_knowledge import searched

STORED = 120


def shelf(count: int) -> list[dict[str, object]]:
    return [
        {"id": f"made-{at}", "title": f"测试机型{at}号漏水", "body": "先关闭水源，再联系售后。"} for at in range(count)
    ]


def whole(desk: Desk) -> bool:
    """Nothing is wrong, and everything is there."""
    held = desk.store.raw().execute("SELECT count(*) FROM search_item WHERE title LIKE '测试机型%'").fetchone()[0]
    return indexing.check(desk).sound and held == STORED


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> Any:
    """No background filling until the test lets it."""
    monkeypatch.setattr(app_main.AgentDesk, "fill_index", lambda self: None)
    return monkeypatch


async def test_a_search_says_how_far_the_index_is_and_renews_itself(
    walk: Any, desk_at: Any, held_back: pytest.MonkeyPatch
) -> None:
    desk = desk_at(False)
    articles.import_articles(desk, shelf(STORED))
    indexing.step(desk)  # the pack and a few
    indexing.begin_anew(desk)
    held_back.setattr("agentdesk.desk.knowledge.FEW", 0)
    total = indexing.progress(desk).total
    async with walk(desk=desk) as person:
        await person.key("f5")
        await person.type("漏水")
        await person.sees("正在建立搜索索引", f"0/{total}", "已编入的知识中没有匹配")
        person.screen.go_back()
        await person.until(lambda: not isinstance(person.screen, KnowledgeScreen), "to have left")
        await person.quiet()
        assert searched(person) == [], "what is not in the index yet was not missed"
        await person.key("f5")
        await person.type("漏水")
        await person.sees("正在建立搜索索引")
        while indexing.step(desk):
            pass
        await person.sees("测试机型", gone=("正在建立搜索索引", "没有匹配"))
        person.screen.go_back()
        await person.until(lambda: searched(person), "the search")
        assert [(fact["words"], bool(fact["hits"])) for fact in searched(person)] == [("漏水", True)]
        assert desk.store.raw().execute("SELECT count(*) FROM suggestion").fetchone() == (0,)


async def test_the_sync_page_tells_how_far_the_index_is(walk: Any, desk_at: Any, held_back: pytest.MonkeyPatch) -> None:
    desk = desk_at(False)
    indexing.step(desk)
    indexing.begin_anew(desk)
    total = indexing.progress(desk).total
    async with walk(desk=desk) as person:
        await person.key("f10")
        await person.sees(f"正在建立，0/{total} 篇")


async def test_the_desk_fills_the_index_by_itself_and_anew_when_told(walk: Any, desk_at: Any) -> None:
    desk = desk_at(False)
    articles.import_articles(desk, shelf(STORED))
    async with walk(desk=desk) as person:
        await person.quiet()
        assert indexing.progress(desk).left == 0 and indexing.check(desk).sound
        desk.store.raw().execute("DELETE FROM search_item WHERE title LIKE '测试机型1%'")
        assert not indexing.check(desk).sound
        await person.app.run_action("app.reindex", person.screen)
        await person.until(lambda: not indexing.progress(desk).left and whole(desk), "a whole index")


async def test_the_palette_says_in_ones_own_language_that_nothing_fits(walk: Any) -> None:
    assert any(row.action == "app.reindex" for row in keys.palette("queue"))
    async with walk() as person:
        await person.key("f9")
        await person.type("zzzqqq")
        await person.sees("没有匹配的命令")
