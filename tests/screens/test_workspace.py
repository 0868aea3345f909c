"""The workspace: lint in the composer, sending, knowledge, forms, drafts, panels."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agentdesk.desk import capture, queue, reading, reply, tagging, workspace
from agentdesk.present import labels
from agentdesk.present.safe import width
from agentdesk.screens.resolve import ResolveScreen
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_A, ROW_B, Walk


async def open_request(person: Walk) -> WorkspaceScreen:
    """Open the first request of the queue."""
    await person.until(lambda: person.screen._rows.row is not None, "a row")
    await person.key("enter")
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
    await person.quiet()
    screen: WorkspaceScreen = person.screen
    return screen


@pytest.fixture
def row_b(desk_at: Any) -> Any:
    """A desk with row B recorded."""
    desk = desk_at()
    return desk, capture.record(desk, ROW_B).request_id


async def test_a_forbidden_phrase_is_underlined_and_replaced_by_one_key(walk: Any, row_b: Any) -> None:
    desk, request_id = row_b
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        await person.type("这个我不知道。")
        await person.until(lambda: screen.composer.findings, "a finding")
        assert screen.composer.findings[0].text == "不知道"
        await person.key("ctrl+r")
        await person.until(lambda: "不知道" not in screen.composer.text, "the replacement")


async def test_a_red_line_cannot_be_sent_and_the_text_stays(walk: Any, row_b: Any) -> None:
    desk, request_id = row_b
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        await person.type("保证产品100%无故障")
        await person.key("f8")
        await person.quiet()
        assert not isinstance(person.screen, Confirm)
        assert screen.composer.text == "保证产品100%无故障"
        assert not [item for item in workspace.view(desk, request_id).timeline if item.kind == "message_sent"]


async def test_a_warning_is_sent_after_one_more_key(walk: Any, row_b: Any) -> None:
    desk, request_id = row_b
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        await person.type("这不是我的问题")
        assert screen.composer.worst == "warn"
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("1")
        await person.sees("已发送")
        await person.quiet()
        sent = [item for item in workspace.view(desk, request_id).timeline if item.kind == "message_sent"]
        assert sent[0].data["body"] == "这不是我的问题"
        assert screen.composer.text == ""
        assert reply.load_draft(desk, request_id) == ""


async def test_an_empty_reply_says_why_it_is_not_sent(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        await open_request(person)
        await person.key("f8")
        await person.sees("答复是空的")


async def test_a_reply_being_written_is_there_again(walk: Any, row_b: Any) -> None:
    desk, request_id = row_b
    async with walk(desk=desk) as person:
        await open_request(person)
        await person.type("您好，正在为您核对")
        await person.until(lambda: reply.load_draft(desk, request_id), "the draft stored by its timer")
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        assert screen.composer.text == "您好，正在为您核对"


async def test_a_run_of_digits_at_the_caret_is_held_out_of_the_draft(walk: Any, row_b: Any) -> None:
    desk, request_id = row_b
    async with walk(desk=desk) as person:
        await open_request(person)
        await person.type("号码 1101051949123100")
        await person.until(lambda: reply.load_draft(desk, request_id), "the draft")
        assert reply.load_draft(desk, request_id).strip() == "号码"


async def test_searching_finds_reads_cites_and_notes_that_it_helped(walk: Any, row_b: Any) -> None:
    desk, request_id = row_b
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        await person.key("f5")
        await person.quiet()
        screen.articles.picker.focus_search()
        await person.quiet()
        await person.type("漏水")
        await person.until(lambda: "漏水" in (screen.articles.picker.item or _NONE).title, "the article")
        await person.sees("请先关闭进水阀")
        await person.key("enter")
        await person.until(lambda: "关闭进水阀" in screen.composer.text, "its plain words")
        await person.until(lambda: screen.composer.area.has_focus, "the composer")
        await person.key("f5")
        await person.quiet()


class _None:
    title = ""


_NONE = _None()


async def test_open_variables_are_asked_for_one_by_one(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        screen = await open_request(person)
        await person.key("f4")
        await person.quiet()
        screen.phrases.picker.focus_search()
        await person.quiet()
        await person.type("两种办法")
        await person.until(lambda: screen.phrases.picker.items, "phrases")
        await person.quiet()
        wanted = [index for index, view in enumerate(screen.phrases._views) if len(view.open) > 1][0]
        names = screen.phrases._views[wanted].open
        screen.phrases.picker.take_focus()
        await person.quiet()
        await person.key(str(wanted + 1))
        for number, _ in enumerate(names):
            await person.until(lambda: screen.phrases.asker.display, "the question")
            await person.type(f"内容{number}")
            await person.key("enter")
        await person.until(lambda: "内容0" in screen.composer.text, "the phrase")
        assert "{" not in screen.composer.text
        await person.quiet()


async def test_what_cannot_be_done_is_greyed_and_says_why(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_A)
    async with walk(desk=desk) as person:
        await open_request(person)
        assert "(F6办结)" in person.text()
        await person.key("f6")
        await person.sees("还不能办结")
        await person.key("f7")
        await person.sees("还没有办结")


async def test_a_verdict_whose_form_comes_later_says_so(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        screen = await open_request(person)
        await person.type("一级能效最省电，标准安装免费。")
        await person.key("f6")
        await person.until(lambda: isinstance(person.screen, ResolveScreen), "the form")
        await person.quiet()
        await person.key("3")
        person.screen.form.focus_field("dissatisfaction_reason")
        await person.quiet()
        await person.type("等得太久")
        await person.key("f8")
        await person.quiet()
        assert isinstance(person.screen, ResolveScreen), "nothing was written, the form stays"
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "workspace")
        assert screen.view is not None and screen.view.state == "RECORDED"
        await person.key("f6")
        await person.until(lambda: isinstance(person.screen, ResolveScreen), "the form")
        await person.quiet()
        assert person.screen.text("dissatisfaction_reason") == "等得太久", "what was typed is there again"


async def test_panels_come_over_the_timeline_and_go_again(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        screen = await open_request(person)
        assert "服务步骤" not in person.text()
        await person.key("f3")
        await person.sees("级别依据", "服务步骤")
        await person.key("escape")
        await person.until(lambda: "服务步骤" not in person.text(), "the panel gone")
        assert screen.composer.area.has_focus
        await person.pilot.resize_terminal(140, 40)
        await person.sees("级别依据", "话术", "知识")


# -- from request to request ------------------------------------------------------------------------------------------


async def test_the_next_and_the_previous_request_of_the_view_keep_their_replies(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_A)
    capture.record(desk, ROW_B)
    first, second = (row.id for row in queue.page(desk).rows)
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        assert screen.view.id == first
        await person.type("第一条的答复")
        await person.key("ctrl+down")
        await person.until(lambda: screen.view and screen.view.id == second, "the next request")
        await person.quiet()
        assert screen.composer.text == ""
        await person.type("第二条的答复")
        await person.key("ctrl+up")
        await person.until(lambda: screen.view and screen.view.id == first, "the one before")
        await person.quiet()
        assert screen.composer.text == "第一条的答复"
        assert reply.load_draft(desk, second) == "第二条的答复"


async def test_both_ends_of_the_view_say_so(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        await open_request(person)
        await person.key("ctrl+down")
        await person.sees("后面没有别的需求")
        await person.key("ctrl+up")
        await person.sees("前面没有别的需求")


async def test_a_notice_goes_with_the_next_key_that_does_something(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        screen = await open_request(person)
        await person.key("f8")
        await person.sees("答复是空的")
        await person.key("left")
        await person.sees("答复是空的")
        await person.key("f3")
        await person.quiet()
        assert "答复是空的" not in person.text()
        assert screen._panel == "facts"


async def test_the_last_change_is_taken_back_by_a_key_and_what_cannot_be_is_said(walk: Any, row_b: Any) -> None:
    desk, request_id = row_b
    tagging.tag(desk, [request_id], "政策")
    async with walk(desk=desk) as person:
        await open_request(person)
        await person.key("shift+f8")
        await person.sees("已撤回：问题标签")
        assert not reading.load(desk, request_id).request.elements("tags")
        await person.type("您好，马上为您查询。")
        await person.key("f8")
        await person.sees("已发送")
        await person.key("shift+f8")
        await person.sees("不能撤回")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40)])
async def test_the_timeline_keeps_its_columns_at_every_width(walk: Any, row_b: Any, size: tuple[int, int]) -> None:
    desk, request_id = row_b
    reply.send(
        desk, request_id, "一级能效全年更省电，标准安装免费，加长管按米计费，师傅会在施工前报价，由您确认后再安装。" * 2
    )
    async with walk(desk=desk, size=size) as person:
        screen = await open_request(person)
        told = screen.query_one("#ws-timeline-text")
        rows = told.render().plain.split("\n")
        assert any("接入" in row and "在线客服" in row for row in rows), "beside one another, not below"
        assert max(width(row) for row in rows) <= told.content_size.width
        first = next(number for number, row in enumerate(rows) if "一级能效" in row)
        column = width(rows[first][: rows[first].index("一级")])
        assert len(rows[first + 1]) - len(rows[first + 1].lstrip()) == column, "it goes on in its own column"


async def test_the_timeline_opens_at_its_end_and_stays_where_somebody_reads_it(walk: Any, row_b: Any) -> None:
    desk, request_id = row_b
    for turn in range(12):
        reply.send(desk, request_id, f"您好，这是第 {turn} 条进展，正在为您跟进。")
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        timeline = screen.query_one("#ws-timeline")
        await person.until(lambda: timeline.max_scroll_y > 0 and timeline.is_vertical_scroll_end, "the end in sight")
        reply.send(desk, request_id, "您好，又有新的进展。")
        screen.refresh_view()
        await person.until(lambda: "又有新的进展" in person.text(), "the end follows what comes")
        screen.set_focus(timeline)
        await person.key("home")
        await person.until(lambda: timeline.scroll_y == 0, "at the top")
        reply.send(desk, request_id, "您好，最后一条进展。")
        seen = screen.view
        screen.refresh_view()
        await person.until(lambda: screen.view is not seen, "read again")
        await person.quiet()
        assert timeline.scroll_y == 0, "what is being read does not move away"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_the_head_never_loses_what_is_left_of_the_clock(walk: Any, desk_at: Any, language: str) -> None:
    desk = desk_at()
    capture.record(desk, {**ROW_A, "customer_name": "阿卜杜热西提·买买提江·艾合买提"})
    async with walk(desk=desk, language=language) as person:
        screen = await open_request(person)
        head = screen.query_one("#ws-head").render().plain
        assert re.search(r"\d(:\d\d| ?秒| ?s)$", head) and width(head) == 78
        assert "P1" in head and labels.label("state", "ANALYSING") in head


async def test_an_internal_article_is_cited_and_its_words_stay_inside(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        person.app.open_request(request_id)
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        await person.quiet()
        await person.key("f5")
        await person.quiet()
        person.screen.articles.picker.focus_search()
        await person.quiet()
        await person.type("案例手环同步")
        await person.sees("案例：手环同步问题")
        await person.quiet()
        await person.key("enter")
        await person.sees("仅供内部参考")
        await person.quiet()
        assert person.screen.composer.text == "" and person.screen.composer.area.has_focus
        await person.type("您好，手环的问题已查明，今天修复。")
        await person.key("f8")
        await person.quiet()
        assert [cited.title for cited in workspace.view(desk, request_id).cited] == ["案例：手环同步问题五次回访才解决"]
