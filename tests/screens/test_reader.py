"""An article opened whole: steps, links, an emergency list, the page of the web; what is hostile in it stays text."""

from __future__ import annotations

import json
import os
import webbrowser
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agentdesk.desk import article_links, article_page, article_review, capture, checklists, undo, usage
from agentdesk.desk.articles import import_articles
from agentdesk.present import markdown
from agentdesk.screens import browser
from agentdesk.screens.reader import ReaderScreen
from tests.screens.conftest import ROW_B, Walk

PLAIN: dict[str, Any] = {
    "id": "a.steps",
    "title": "手环配对怎么做",
    "kind": "solution",
    "audience": "may_quote",
    "plain_summary": "先重启，再配对。",
    "steps": ["把手环放在充电座上 @客服 +10m", "在手机里删除旧设备", "重新搜索并配对"],
    "body": "## 说明\n看 [[a.other|另一篇]]，或 [[a.gone]]。\n\n| 型号 | 年份 |\n|---|---|\n| 甲 | **2024** |\n",
    "url": "https://help.example.com/band?id=1",
}
OTHER: dict[str, Any] = {
    "id": "a.other", "title": "手环固件", "kind": "faq", "audience": "may_quote", "body": "1. 打开设置\n2. 点更新\n",
}  # fmt: skip
LIST: dict[str, Any] = {
    "id": "a.list", "title": "登录故障应急", "kind": "emergency", "audience": "internal",
    "body": "先安抚。", "steps": ["统一口径安抚客户 @全体客服 +0m", "建批量事件 @主管 +10m"],
}  # fmt: skip
HOSTILE = (
    "[@click=app.quit_guarded]点我[/] [b]粗[/b] \x1b]0;PWNED\x07 \x1b[2J \u202e反过来 [x](javascript:alert(1)) 客户[/b]"
)


def filled(desk: Any, *more: dict[str, Any]) -> dict[str, str]:
    """The articles in force, their entity ids by their ids."""
    rows = [PLAIN, OTHER, LIST, *more]
    import_articles(desk, rows)
    return {row["id"]: article_links.targets(desk, [row["id"]])[row["id"]].id for row in rows}


async def read(person: Walk, article_id: str, **how: Any) -> ReaderScreen:
    """Open an article whole."""
    screen = ReaderScreen(article_id, **how)
    person.app.push_screen(screen)
    await person.quiet()
    return screen


async def test_steps_come_one_at_a_time_and_are_copied(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        await read(person, ids["a.steps"])
        await person.sees("第 1/3 步", "客服", "10 分钟内", "另一篇", "没有这篇", "型号", "2024")
        await person.key("right")
        await person.sees("第 2/3 步")
        await person.key("ctrl+o")
        assert person.app.clipboard == "在手机里删除旧设备"
        await person.key("ctrl+n", "ctrl+n")
        await person.sees("第 3/3 步", "已经是最后一步")
        await person.key("left")
        await person.sees("第 2/3 步")


async def test_numbers_of_the_text_are_steps_where_an_article_has_none(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        await read(person, ids["a.other"])
        await person.sees("第 1/2 步", "打开设置")


async def test_a_link_is_followed_and_escape_leads_back(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        screen = await read(person, ids["a.steps"])
        await person.key("right", "enter")
        await person.sees("先选中一个链接")
        await person.key("ctrl+l")
        await person.sees("链接到：手环固件")
        await person.key("enter")
        await person.quiet()
        await person.sees("手环固件", "第 1/2 步")
        await person.key("escape")
        await person.quiet()
        await person.sees("手环配对怎么做", "第 2/3 步")
        await person.key("escape")
        await person.until(lambda: person.screen is not screen, "closed")


async def searched(person: Walk, request: str, reply: str = "") -> Any:
    """The workspace of a request, with a reply begun and an article asked for."""
    person.app.open_request(request)
    await person.quiet()
    workspace = person.screen
    if reply:
        await person.type(reply)
    await person.key("f5")
    await person.quiet()
    await person.type("手环配对怎么做")
    return workspace


def openings(desk: Any) -> list[str]:
    """The articles whose opening was logged, in order."""
    rows = desk.store.raw().execute("SELECT searched FROM log_fact WHERE searched IS NOT NULL ORDER BY id")
    return [value["opened"] for (text,) in rows for value in json.loads(text).values()]


async def test_what_is_opened_outside_a_search_is_counted_as_used(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        await read(person, ids["a.steps"])
        await person.key("ctrl+l", "enter")
        await person.quiet()
        await person.sees("手环固件")
        await person.key("escape")
        await person.quiet()
        await person.sees("手环配对怎么做")
        assert openings(desk) == [ids["a.steps"], ids["a.other"]], "who goes back opens nothing"
        person.screen.dismiss()
        await read(person, ids["a.other"], noted=True)
        assert openings(desk) == [ids["a.steps"], ids["a.other"]], "a search tells of it"
    report = usage.report(desk, 7)
    used = {one.id: one.use.opened for one in report.articles}
    assert (used[ids["a.steps"]], used[ids["a.other"]]) == (1, 1) and report.searched.searches == 0


async def test_one_opening_from_a_search_is_one_fact(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    request = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk, size=(140, 40)) as person:
        await searched(person, request)
        await person.quiet()
        await person.screen.run_action("read")
        await person.until(lambda: isinstance(person.screen, ReaderScreen), "the article")
        await person.quiet()
        await person.key("escape")
        await person.quiet()
        person.screen.articles.finish()
        await person.quiet()
    assert openings(desk) == [ids["a.steps"]]


@pytest.mark.parametrize("missed", [False, True])
async def test_every_article_that_is_opened_in_one_search_is_a_fact(walk: Any, desk_at: Any, missed: bool) -> None:
    desk = desk_at()
    filled(desk)
    async with walk(desk=desk) as person:
        await person.key("f5")
        await person.quiet()
        await person.type("手环")
        await person.quiet()
        pane = person.screen._pane
        first, second = pane._hits[:2]
        assert pane.opened(first) and pane.opened(second) and pane.opened(second)
        await person.quiet()
        assert openings(desk) == [first.id], "the search tells of the second"
        if missed:
            pane.action_missed()
        else:
            pane.finish()
        await person.quiet()
    assert sorted(openings(desk)) == sorted([first.id, second.id, *([""] if missed else [])])


async def test_a_link_within_a_step_is_followed_too(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    steps = ["先看[[a.other]] @客服 +5m", "再看[[a.gone|旧页面]]或[[a.other]]"]
    ids = filled(desk, {"id": "a.led", "title": "手环换表带", "kind": "faq", "body": "见 [[a.list]]。", "steps": steps})
    async with walk(desk=desk) as person:
        await read(person, ids["a.led"])
        await person.sees("步骤中的链接： [手环固件] [旧页面]（没有这篇）")
        await person.key("ctrl+l")
        await person.sees("链接到：手环固件")
        await person.key("ctrl+l")
        await person.sees("链接到：登录故障应急")
        await person.key("ctrl+l", "enter")
        await person.quiet()
        await person.sees("第 1/2 步", "打开设置")


async def test_a_step_goes_into_the_reply_with_its_citation(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    request = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk, size=(140, 40)) as person:
        workspace = await searched(person, request, reply="您好")
        await person.until(lambda: workspace.articles.hit and workspace.articles.hit.id == ids["a.steps"], "the hit")
        await person.key("ctrl+f6")
        await person.until(lambda: isinstance(person.screen, ReaderScreen), "the reader")
        await person.quiet()
        await person.key("right", "f8")
        await person.until(lambda: person.screen is workspace, "the workspace")
        await person.quiet()
        assert workspace.composer.text == "您好\n在手机里删除旧设备"
        assert [one.id for one in workspace.reply_so_far().articles] == [ids["a.steps"]]


async def test_words_of_an_internal_article_stay_inside(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        await read(person, ids["a.list"], into_reply=True)
        for key in ("ctrl+o", "f8"):
            await person.key(key)
            await person.sees("仅供内部参考")
        assert not person.app.clipboard


async def test_an_emergency_list_is_ticked_on_the_request(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    request = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        screen = await read(person, ids["a.list"], request_id=request)
        await person.sees("第 1/2 步", "全体客服", "立即", "未完成")
        await person.key("ctrl+g")
        await person.sees("还有 1 步", "第 2/2 步", "张敏")
        await person.key("left", "ctrl+g")
        await person.sees("张敏 已经勾选了这一步")
        await person.key("right", "ctrl+g")
        await person.sees("全部完成")
        await person.quiet()
        assert sorted(screen._opened.ticks) == [0, 1]  # type: ignore[union-attr]
    page = article_page.read(desk, ids["a.list"])
    notes = [json.loads(row[0]) for row in desk.store.raw().execute("SELECT note FROM entry WHERE checklist NOT NULL")]
    assert [next(iter(note.values()))["text"] for note in notes] == [
        "应急清单“登录故障应急”第 1/2 步已完成：统一口径安抚客户",
        "应急清单“登录故障应急”第 2/2 步已完成：建批量事件",
    ]
    assert checklists.ticks(desk, page, request)[0].who == "张敏"
    assert not checklists.ticks(desk, page), "another list than one's own"
    undo.undo(desk, request)
    assert sorted(checklists.ticks(desk, page, request)) == [0]


async def test_ones_own_list_survives_a_restart_and_is_begun_anew(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        await read(person, ids["a.list"])
        await person.key("ctrl+g")
        await person.sees("还有 1 步")
        await person.quiet()
    desk.close()
    async with walk(desk=desk_at()) as person:
        await read(person, ids["a.list"])
        await person.sees("[x] 1.", "[ ] 2.")
        await person.screen.run_action("restart")
        await person.sees("清空 1 个勾选", "[ ] 1.")


@pytest.mark.parametrize("there", [True, False])
async def test_the_page_is_opened_once_its_address_was_seen(
    there: bool, walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_page(address: str) -> bool:
        opened.append(address)
        return there

    monkeypatch.setattr(browser, "open_page", open_page)
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        await read(person, ids["a.steps"])
        await person.key("shift+f5")
        await person.sees("在浏览器中打开这个网页", PLAIN["url"])
        assert not opened
        await person.key("f8")
        await person.quiet()
        await person.sees("已在浏览器中打开" if there else "网址已复制")
        assert opened == [PLAIN["url"]]
        assert person.app.clipboard == ("" if there else PLAIN["url"])


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_hostile_text_is_drawn_as_text(size: tuple[int, int], walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    hostile = {
        "id": "a.hostile", "title": "T " + HOSTILE, "kind": "emergency", "plain_summary": HOSTILE,
        "steps": [HOSTILE, "乙"], "body": f"# {HOSTILE}\n- {HOSTILE}\n> {HOSTILE}\n| {HOSTILE} |\n|-|\n",
    }  # fmt: skip
    ids = filled(desk, hostile)
    async with walk(desk=desk, size=size) as person:
        screen = await read(person, ids["a.hostile"])
        await person.key("ctrl+g", "ctrl+l")
        await person.quiet()
        text = person.text()
        assert "[@click=app.quit_guarded]" in text and "客户[/b]" in text
        assert not any(ord(char) < 32 or char in "\x7f\x9b\u202e" for char in text.replace("\n", ""))
        styles = [style for strip in screen._compositor.render_strips() for _, style, _ in strip if style]
        assert not any(style.link or style.meta.keys() - {"offset"} for style in styles)
        assert person.app.screen is screen


async def test_jargon_is_hinted_at_in_the_reply_as_soon_as_the_glossary_says_so(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk, size=(140, 40)) as person:
        person.app.open_request(request)
        await person.quiet()
        await person.type("请看能效比参数")
        import_articles(desk, [{"id": "g", "title": "行话", "kind": "glossary", "body": "- **能效比**：省不省电"}])
        await person.until(lambda: "jargon" in [one.category for one in person.screen.composer.findings], "the hint")
        person.screen.composer.area.move_cursor((0, 4))
        await person.key("ctrl+r")
        await person.until(lambda: person.screen.composer.text == "请看省不省电参数", "the plain words")


@pytest.mark.parametrize(
    ("display", "found", "opened"),
    [
        ("", webbrowser.BackgroundBrowser("true"), False),
        (":0", webbrowser.GenericBrowser("true"), False),
        (":0", webbrowser.Error("none"), False),
        (":0", webbrowser.BackgroundBrowser("true"), True),
    ],
)
def test_only_a_browser_with_a_window_is_used(
    display: str, found: Any, opened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get() -> Any:
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(webbrowser, "get", get)
    monkeypatch.setattr(browser, "_started", lambda command: True)
    assert browser.open_page("https://a.example/") is opened


def test_a_browser_says_nothing_into_this_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    script = tmp_path / "open"
    script.write_text(f"#!/bin/sh\necho opening; echo warning >&2; echo done > {told}\n", encoding="utf-8")
    script.chmod(0o755)
    browser._started([str(script)])
    assert told.read_text(encoding="utf-8") == "done\n", "it ran to its end"
    assert capfd.readouterr() == ("", "")


async def test_what_is_left_of_a_steps_time_stands_beside_it_once_the_list_is_begun(
    walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        screen = await read(person, ids["a.list"])
        await person.sees("10 分钟内")
        assert "剩 " not in person.text() and "超 " not in person.text(), "nobody has begun"
        await person.key("ctrl+g")
        await person.quiet()
        await person.sees("第 2/2 步", "剩 00:")
        assert screen._opened is not None
        begun = min(one.at for one in screen._opened.ticks.values())
        for minutes, told in ((5, "剩 00:05"), (12, "超 00:02")):
            later = begun + timedelta(minutes=minutes)
            monkeypatch.setattr(person.app.session, "clock", lambda later=later: later)
            screen._turn()
            await person.sees(told)
        monkeypatch.setattr(person.app.session, "clock", None)
        await person.key("ctrl+g")
        await person.quiet()
        await person.sees(gone=("剩 0", "超 0"))


def test_steps_of_the_same_words_are_ticked_apart(desk_at: Any) -> None:
    desk = desk_at()
    steps = ["确认恢复 @技术", "确认恢复 @客服", "回访", "回访"]
    ids = filled(desk, {**LIST, "id": "a.same", "title": "同样的话", "steps": steps})
    request = capture.record(desk, ROW_B).request_id
    page = article_page.read(desk, ids["a.same"])
    for owner in ("", request):
        for place in (0, 3, 1):
            checklists.tick(desk, page, place, owner, "已完成")
        assert sorted(checklists.ticks(desk, page, owner)) == [0, 1, 3]


async def test_reading_it_again_leaves_step_and_link_where_they_are(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        screen = await read(person, ids["a.steps"])
        await person.key("ctrl+l")
        screen.touched({("article", ids["a.steps"])})
        await person.key("right", "right")
        await person.quiet()
        await person.sees("第 3/3 步")
        screen.touched({("article", ids["a.steps"])})
        await person.key("enter")
        await person.quiet()
        await person.sees("手环固件", "第 1/2 步")


async def test_a_link_that_cannot_be_opened_leaves_no_way_back(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = filled(desk)
    async with walk(desk=desk) as person:
        screen = await read(person, ids["a.steps"])
        await person.key("ctrl+l")
        article_review.retire(desk, ids["a.other"], "不用了")
        await person.key("enter")
        await person.quiet()
        await person.sees("手环配对怎么做")
        await person.key("escape")
        await person.until(lambda: person.screen is not screen, "closed")


async def test_a_link_far_down_a_long_article_is_brought_into_sight_at_any_width(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    body = (
        ("长文 **逐条** 说明，需要时再看。" * 4 + "\n\n") * 200 + "末了看 [[a.other|另一篇]]。\n\n" + "还有。\n\n" * 50
    )
    ids = filled(desk, {"id": "a.long", "title": "长文章", "kind": "faq", "audience": "may_quote", "body": body})
    async with walk(desk=desk, size=(140, 40)) as person:
        screen = await read(person, ids["a.long"])
        text, scroll = screen.query_one("#reader-body"), screen.query_one("#reader-scroll")
        await person.sees("逐条", gone=("另一篇",))
        await person.key("ctrl+l")
        await person.sees("末了看 [另一篇]")
        assert text.size.height == 501 and scroll.scroll_y > 300
        await person.pilot.resize_terminal(80, 24)
        await person.quiet()
        await person.sees("末了看 [另一篇]")
        assert text.size.height == 701 and scroll.scroll_y > 500
        await person.key("home")
        await person.sees("逐条", gone=("另一篇",))


async def test_a_fault_in_drawing_an_article_is_one_sentence(
    walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at()
    ids = filled(desk)

    def broken(*_: Any) -> None:
        raise ValueError("layout")

    monkeypatch.setattr(markdown, "laid_out", broken)
    async with walk(desk=desk) as person:
        await read(person, ids["a.steps"])
        await person.sees("遇到意外错误", "第 1/3 步")
