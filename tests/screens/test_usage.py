"""The screen of knowledge use: words with bars, words in vain, weak articles, freshness, what should be written."""

from __future__ import annotations

import csv
from threading import Event
from typing import Any

import pytest

from agentdesk.desk import article_review, capture, knowledge, resolve, suggestions
from agentdesk.desk import usage as desk_usage
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.views import ResolveForm
from agentdesk.screens.article_form import ArticleFormScreen
from agentdesk.screens.articles import ArticlesScreen
from agentdesk.screens.knowledge import KnowledgeScreen
from agentdesk.screens.reason import ReasonPanel
from agentdesk.screens.usage import UsageScreen
from tests.screens.conftest import ROW_B, Walk
from tests.screens.test_knowledge import searched
from tests.unit.desk.conftest import Clock
from tests.unit.desk.test_article_review import ROW

DAY = 86_400
SIZES = ((80, 24), (140, 40))


@pytest.fixture
def used(desk_at: Any, clock: Any) -> Any:
    """A desk on which was searched, in vain too, and a request was resolved without an article."""
    desk_at().close()
    desk: Desk = open_desk(None, now=clock.now, mono=clock.mono)
    request = capture.record(desk, dict(ROW_B)).request_id
    resolve.resolve(desk, request, ResolveForm(solution_text="能效为一级，安装免费。", own_knowledge=True))
    made = article_review.propose(desk, {**ROW, "kind": "product"})
    article_review.approve(desk, made.entity_id)
    for place in range(6):
        hits = knowledge.search(desk, "吹雪机")
        knowledge.solved(desk, "吹雪机", hits, made.entity_id, place == 0)
        knowledge.solved(desk, "量子纠缠仪 13900004321" if place == 5 else "量子纠缠仪", [], "", None)
        clock.go(DAY)
    yield desk
    desk.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def usage(person: Walk, part: int = 1) -> Any:
    await person.app.run_action("usage")
    await person.until(lambda: isinstance(person.screen, UsageScreen) and person.screen._report, "the figures")
    await person.quiet()
    for _ in range(part - 1):
        await person.key("ctrl+l")
    await person.quiet()
    return person.screen


@pytest.mark.parametrize("size", SIZES)
async def test_words_stand_with_bars_of_their_share(walk: Any, used: Desk, size: Any) -> None:
    async with walk(desk=used, size=size) as person:
        await usage(person)
        await person.sees("1/5 搜索词", "近 30 天", "搜索 12 次，3 个词", "17%（1/6）", "依据：搜索 12 次")
        (row,) = [line for line in person.text().splitlines() if "1 吹雪机" in line]
        assert "============== " in row and row.rstrip().endswith("6")
        await person.key("ctrl+t")
        await person.sees("近 90 天")
        await person.key("enter")
        await person.until(lambda: isinstance(person.screen, KnowledgeScreen), "what is found")
        await person.until(lambda: person.screen._pane.hit, "a hit")
        before = len(searched(person))
        await person.key("ctrl+l")
        await person.sees("不记录是否解决")
        await person.key("escape", "escape")
        await person.quiet()
        assert len(searched(person)) == before, "to look at it from here is no agent's search"


async def test_words_in_vain_become_an_article(walk: Any, used: Desk) -> None:
    async with walk(desk=used) as person:
        screen = await usage(person, 2)
        await person.sees("零结果率 50%（6/12）", "量子纠缠仪", gone=("13900004321",))
        await person.key("enter")
        await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
        await person.quiet()
        assert person.screen.form.values()["title"] == person.screen.form.values()["keywords"] == "量子纠缠仪"
        person.screen.form.set_value("body", "没有这种产品。")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the figures")
        await person.quiet()
        assert [one for one in suggestions.waiting(used) if one.kind == suggestions.WORDS] == []


async def test_words_in_vain_become_a_synonym(walk: Any, used: Desk) -> None:
    async with walk(desk=used) as person:
        screen = await usage(person, 2)
        await person.key("ctrl+g")
        await person.until(lambda: isinstance(person.screen, KnowledgeScreen), "the choice")
        await person.quiet()
        await person.type("吹雪机")
        await person.until(lambda: person.screen._pane.hit, "a hit")
        await person.key("enter")
        await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
        await person.quiet()
        assert "量子纠缠仪" in str(person.screen.form.values()["synonyms"])
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the figures")
        await person.quiet()
        assert [one for one in suggestions.waiting(used) if one.kind == suggestions.WORDS] == []


@pytest.mark.parametrize("size", SIZES)
async def test_a_weak_article_says_what_is_wrong_and_is_corrected(walk: Any, used: Desk, size: Any) -> None:
    async with walk(desk=used, size=size) as person:
        await usage(person, 3)
        await person.sees("薄弱条目 1 个", "没帮上忙、少有解决", "打开 6 次", "17%（1/6）")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
        await person.sees("吹雪机")


@pytest.mark.parametrize("size", SIZES)
async def test_freshness_by_weeks_with_its_clocks(walk: Any, used: Desk, clock: Clock, size: Any) -> None:
    async with walk(desk=used, size=size) as person:
        await usage(person, 4)
        await person.sees("CK-20：上次更新 2026-01-28", "CK-21：产品条目按期复核 100%（1/1）", "25%（1/4）")
        await person.sees("01-28 至 02-03")
        clock.go(2 * DAY)
        await person.key("ctrl+t")
        await person.sees("CK-20 已过期")
        await person.key("f8")
        await person.sees("到期的条目在知识管理里")


async def test_a_suggestion_is_declined_for_good_and_counted_in_management(walk: Any, used: Desk) -> None:
    async with walk(desk=used) as person:
        await person.app.run_action("articles")
        await person.until(lambda: isinstance(person.screen, ArticlesScreen), "management")
        await person.sees("有 2 条写作建议")
        await person.key("escape")
        screen = await usage(person, 5)
        await person.sees("1 个词，1 个已解决的工单", "5 次，1 人", "已解决，未引用知识")
        await person.key("ctrl+r")
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "why")
        await person.type("不卖这种产品")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the figures")
        await person.sees("不再提出", "0 个词，1 个已解决的工单")
        await person.quiet()
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
        await person.sees("空调")


async def test_a_desk_without_facts_says_what_would_fill_it(
    walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(UsageScreen, "say", lambda _, text, *more: said.append(text))
    async with walk(desk=desk_at()) as person:
        await usage(person)
        await person.sees("无数据", "按 F5 搜索知识")
        await person.key("ctrl+l")
        await person.sees("没有搜不到的词")
        await person.key("f8")
        await person.until(lambda: said, "an answer")
        assert said[-1].startswith("没有搜不到的词")
        await person.key("ctrl+l")
        await person.sees("没有薄弱条目")
        await person.key("ctrl+l")
        await person.sees("本站还没有写过或修改过条目")
        await person.key("ctrl+l")
        await person.sees("没有写作建议")


async def test_the_figures_go_into_a_file(walk: Any, used: Desk) -> None:
    async with walk(desk=used) as person:
        screen = await usage(person)
        screen.action_csv()
        await person.sees("已导出到")
        (file,) = (used.paths.data / "exports").glob("*.csv")
        text = file.read_text(encoding="utf-8-sig")
        rows = list(csv.reader(text.splitlines()))
        assert rows[0][:3] == ["部分", "项目", "指标"] and ["搜索词", "吹雪机", "搜索次数", "6"] in [
            row[:4] for row in rows
        ]
        assert "13900004321" not in text


async def test_one_fact_a_search_as_it_was_meant(walk: Any) -> None:
    async with walk() as person:
        await person.key("f5")
        await person.until(lambda: isinstance(person.screen, KnowledgeScreen), "the screen")
        await person.quiet()
        picker = person.screen._pane.picker
        for words in ("退", "退款", "退款正", "退款政策", "退款", "发票怎么开"):
            picker.search_for(words)
            await person.quiet()
        assert [fact["words"] for fact in searched(person)] == ["退款政策"]
        person.screen.go_back()
        await person.until(lambda: len(searched(person)) == 2, "the second search")
        assert {fact["words"] for fact in searched(person)} == {"退款政策", "发票怎么开"}


async def test_keys_go_on_while_the_figures_are_counted(walk: Any, used: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ten thousand articles it takes seconds; what is pulled meanwhile is counted once, in the end."""
    let, counted, report = Event(), [], desk_usage.report

    def slow(desk: Desk, days: int) -> Any:
        counted.append(days)
        assert let.wait(60)
        return report(desk, days)

    monkeypatch.setattr(desk_usage, "report", slow)
    async with walk(desk=used) as person:
        await person.app.run_action("usage")
        await person.sees("1/5 搜索词", "正在统计近 30 天")
        await person.key("ctrl+l")
        await person.sees("2/5")
        for _ in range(5):
            person.screen.touched({("article", "pulled")})
        let.set()
        await person.sees("零结果率 50%（6/12）", gone=("正在统计",))
        await person.until(lambda: len(counted) == 2, "what was pulled is counted")
        await person.quiet()
        assert counted == [30, 30]
