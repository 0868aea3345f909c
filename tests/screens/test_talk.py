"""The contact in the workspace: steps, notes, its end, and what of the timeline is shown."""

from __future__ import annotations

from typing import Any

from agentdesk.desk import capture, reading, reply
from agentdesk.screens.note import NoteScreen
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.screens.workspace_talk import StepsPanel
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.notice import NoticeLine
from tests.screens.conftest import ROW_B, Walk


async def opened(person: Walk, request_id: str) -> None:
    person.app.open_request(request_id)
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
    await person.quiet()


async def test_a_step_is_ticked_by_a_digit_and_stands_as_done_by_hand(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        await person.key("ctrl+t")
        await person.until(lambda: isinstance(person.screen, StepsPanel), "steps")
        await person.sees("K3 复述确认", "待完成", "需要时")
        await person.key("3")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen), "workspace")
        await person.until(lambda: person.screen.view.steps[2].ticked, "ticked")
        await person.key("ctrl+t")
        await person.sees("手动")
        await person.key("escape", "f3")
        await person.quiet()
        steps = {row.split()[0]: row.split() for row in person.text().splitlines() if row.startswith(" K")}
        assert steps["K3"][2] == "手动" and steps["K1"][2] == "待完成" and steps["K4"][2] == "需要时", "in words"


async def test_a_note_and_what_the_customer_said_stand_in_the_timeline(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        await person.type("写到一半的答复")
        await person.key("ctrl+o")
        await person.until(lambda: isinstance(person.screen, NoteScreen), "note")
        await person.quiet()
        await person.type("客户下午不方便接电话")
        await person.key("f8")
        await person.sees("客户下午不方便接电话", "备注")
        assert person.screen.composer.text == "写到一半的答复", "the reply being written stays"
        await person.key("ctrl+o")
        await person.until(lambda: isinstance(person.screen, NoteScreen), "note")
        await person.quiet()
        await person.type("安装要另外收费吗")
        person.screen.form.focus_field("kind")
        await person.key("2", "f8")
        await person.sees("安装要另外收费吗")
        (heard,) = reading.load(desk, request_id).events("entry", "message_in")
        assert heard.value["channel"] == "online"


async def test_a_note_that_was_begun_waits(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        await person.key("ctrl+o")
        await person.until(lambda: isinstance(person.screen, NoteScreen), "note")
        await person.quiet()
        await person.type("只写了一半")
        await person.key("escape")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen), "workspace")
        await person.quiet()
        await person.key("ctrl+o")
        await person.sees("只写了一半")


async def test_the_timeline_shows_one_part_after_the_other(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    reply.note(desk, request_id, "同事可见的备注")
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        await person.sees("接入", "草稿", "同事可见的备注")
        await person.key("ctrl+g")
        await person.sees("只看：往来", "接入", gone=("草稿", "同事可见的备注"))
        await person.key("ctrl+g")
        await person.sees("只看：备注", "同事可见的备注", gone=("接入",))
        await person.key("ctrl+g")
        await person.sees("只看：事件", "草稿", gone=("同事可见的备注",))
        await person.key("ctrl+g")
        await person.sees("接入", "草稿", "同事可见的备注")


async def test_the_end_of_a_contact_shows_what_was_missed_first(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        await person.key("shift+f7")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.sees("还有步骤没有完成", "K1 问候", "K7 致谢评价")
        await person.key("escape")
        await person.quiet()
        assert not reading.load(desk, request_id).events("contact", "ended")
        await person.key("shift+f7")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("1")
        await person.sees("本次接触已结束", "结束接触")
        await person.key("shift+f7")
        await person.sees("本次接触已经结束")


async def test_a_notice_of_a_part_of_the_screen_goes_with_the_next_key_too(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        person.screen.query(NoticeLine).first().say("先看这里")  # said past the screen, which never spoke itself
        await person.key("ctrl+g")
        await person.sees("只看：往来", gone=("先看这里",))
