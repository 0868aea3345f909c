"""A request that has ended, in the workspace: no composer, a line with what can be done, and why the rest cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agentdesk.desk import capture, resolve, workspace
from agentdesk.screens.note import NoteScreen
from agentdesk.screens.queue import QueueScreen
from agentdesk.screens.workspace import WorkspaceScreen
from tests.screens.conftest import ROW_B, Walk


@pytest.fixture
def closed(desk_at: Any) -> Any:
    """A desk with a request that was resolved and closed."""
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    form = replace(resolve.prefill(desk, request_id, "一级能效最省电。"), own_knowledge=True)
    assert resolve.resolve(desk, request_id, replace(form, verdict="satisfied", survey="declined")).state == "CLOSED"
    return desk, request_id


async def opened(person: Walk, request_id: str) -> WorkspaceScreen:
    person.app.open_request(request_id)
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
    await person.quiet()
    screen: WorkspaceScreen = person.screen
    return screen


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_there_is_no_reply_to_a_closed_request_and_every_key_says_why(
    walk: Any, closed: Any, size: tuple[int, int]
) -> None:
    desk, request_id = closed
    async with walk(desk=desk, size=size) as person:
        screen = await opened(person, request_id)
        assert "输入回复" not in person.text() and "搜索话术" not in person.text()
        assert "没有待办，不再答复。Ctrl+O 补记，F2 受理新的需求" in person.text()
        assert "(F8发送)" in person.text().replace(" ", "")
        for pressed in ("f8", "f4", "f5", "f6", "f7", "ctrl+r"):
            await person.key(pressed)
            await person.sees("需求已完成，不能再答复")
            screen.say("")
        assert workspace.view(desk, request_id).state == "CLOSED"
        await person.key("f3", "f3", "escape")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "one escape leads back")


async def test_a_note_is_still_possible_and_another_request_has_its_composer(walk: Any, closed: Any) -> None:
    desk, request_id = closed
    open_id = capture.record(desk, {**ROW_B, "contact": "13900000009"}).request_id
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        await person.key("ctrl+o")
        await person.until(lambda: isinstance(person.screen, NoteScreen), "note")
        await person.quiet()
        await person.type("客户来电道谢")
        await person.key("f8")
        await person.sees("客户来电道谢", "不再答复")
        await opened(person, open_id)
        await person.sees("输入回复", gone=("不再答复",))
        await person.type("您好")
        assert person.screen.composer.text == "您好"
