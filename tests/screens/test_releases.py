"""A blocked reply, asked for and released through the screens."""

from __future__ import annotations

from typing import Any

from agentdesk.desk import capture, releasing, reply, workspace
from agentdesk.screens.releases import AskReleaseScreen, DecideScreen, ReleasesScreen
from tests.screens.conftest import ROW_B, Walk
from tests.screens.test_workspace import open_request

BLOCKED = "我们是全网最好的，您放心。"


async def ask(person: Walk) -> None:
    """Write the blocked reply and ask for its release."""
    await person.type(BLOCKED)
    await person.key("f8")
    await person.sees("申请放行")
    person.screen.action_ask_release()
    await person.until(lambda: isinstance(person.screen, AskReleaseScreen), "the question")
    await person.quiet()


async def test_a_blocked_reply_is_released_and_sent(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        await ask(person)
        await person.key("f8")
        await person.sees("请写明理由")
        await person.type("宣传页原文")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the workspace")
        assert screen.composer.text == BLOCKED
        await person.until(lambda: person.app.session.status.releases == 1, "the top line counts it")
        person.app.action_releases()
        await person.until(lambda: isinstance(person.screen, ReleasesScreen), "the list")
        await person.quiet()
        await person.sees("宣传页原文")
        await person.key("enter")
        await person.until(lambda: isinstance(person.screen, DecideScreen), "the decision")
        await person.quiet()
        await person.sees("全网最好")
        await person.key("f8")
        await person.sees("请先选择")
        await person.key("1")
        await person.type("已核对")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, ReleasesScreen), "the list again")
        await person.sees("没有等待放行的回复")
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "the workspace")
        await person.key("f8")
        await person.until(lambda: screen.composer.text == "", "it is sent")
        assert "message_sent" in {item.kind for item in workspace.view(desk, request_id).timeline}


async def test_a_reason_being_written_survives_the_form(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        await open_request(person)
        await ask(person)
        await person.type("宣传页")
        await person.key("escape")
        await person.quiet()
        person.screen.action_ask_release()
        await person.until(lambda: isinstance(person.screen, AskReleaseScreen), "the question again")
        await person.quiet()
        assert person.screen.text("why") == "宣传页"


async def test_what_nobody_may_release_is_said_so(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        await open_request(person)
        await person.type("保证产品100%无故障")
        await person.key("f8")
        await person.sees("任何人都不能放行")
        assert releasing.count_waiting(desk) == 0


async def test_taken_replacements_are_counted_with_the_message(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        screen = await open_request(person)
        await person.type("这个我不知道")
        await person.key("ctrl+r")
        await person.until(lambda: "不知道" not in screen.composer.text, "the replacement")
        await person.key("f8")
        await person.until(lambda: screen.composer.text == "", "it is sent")
        await person.quiet()
        row = desk.store.raw().execute(
            "SELECT replaced FROM entry WHERE root = ? AND replaced IS NOT NULL", (request_id,)
        )
        assert '"FP-01"' in row.fetchone()[0]
        assert reply.load_draft(desk, request_id) == ""


async def test_whoever_decides_sees_contacts_masked(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    releasing.ask(desk, request_id, "我们是全网最好的，写信到 zhang@example.com。", "客户13912345678要求")
    async with walk(desk=desk) as person:
        person.app.action_releases()
        await person.sees("z***@example.com", "客户139****5678要求", gone=("zhang@example.com", "13912345678"))
        await person.quiet()
        await person.key("enter")
        await person.until(lambda: isinstance(person.screen, DecideScreen), "the decision")
        await person.quiet()
        await person.sees("z***@example.com", "客户139****5678要求", gone=("zhang@example.com", "13912345678"))
