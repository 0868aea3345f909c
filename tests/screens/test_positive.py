"""What a reply lacks, while it is written and at the end of the contact: shown, never in the way."""

from __future__ import annotations

import json
from typing import Any

from agentdesk.desk import capture, reply
from agentdesk.domain.vocabulary import REQUIRED_STEPS
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_A, ROW_B, Walk

SORRY = "非常抱歉，洗衣机漏水给您添了麻烦，这是我们的问题"
CURT = "炒锅要斜放进去，经常用大锅就选十三套的那一款，两款的尺寸和价格都在商品页面的参数表里，按厨房的宽度挑选"


async def opened(person: Walk, request_id: str) -> WorkspaceScreen:
    person.app.open_request(request_id)
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
    await person.quiet()
    screen: WorkspaceScreen = person.screen
    return screen


async def test_the_missing_parts_are_named_and_one_key_adds_them(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_A).request_id
    async with walk(desk=desk, size=(140, 40)) as person:
        screen = await opened(person, request_id)
        await person.type(SORRY)
        await person.sees("提示 共情", "还缺：我们怎么做、由我跟进", "接下来我们会……。这件事全程由我跟进。")
        await person.key("ctrl+r")
        await person.until(lambda: screen.asker.display, "what we do is asked for")
        await person.type("安排师傅今天上门")
        await person.key("enter")
        whole = SORRY + "。接下来我们会安排师傅今天上门。这件事全程由我跟进。"
        await person.until(lambda: screen.composer.text == whole, "the sentences stand behind the text")
        await person.sees("未发现禁用语")
        await person.key("f8")
        await person.sees("已发送")


async def test_a_hint_is_sent_without_a_question(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_A).request_id
    async with walk(desk=desk) as person:
        screen = await opened(person, request_id)
        await person.type(SORRY)
        await person.sees("提示 共情", "还缺：我们怎么做")
        await person.key("f8")
        await person.sees("已发送")
        assert screen.composer.text == ""


async def test_the_notice_of_risk_goes_behind_the_text(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    with desk.store.plain_write() as conn:  # as the centre's own setting stands once it was pulled
        value = json.dumps({"key": "lint.industry", "value": "finance", "why": ""})
        conn.execute("INSERT INTO site_setting VALUES ('s', 'site', 's', '', '1', ?, '{}', '{}', 0)", (value,))
    desk.forget("site_setting")
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        screen = await opened(person, request_id)
        await person.type("请看这款理财的说明")
        await person.until(lambda: screen.composer.worst == "warn", "the warning")
        await person.key("ctrl+r")
        whole = "请看这款理财的说明。投资有风险，收益会有波动，请结合自身承受能力决定。"
        await person.until(lambda: screen.composer.text == whole, "the notice")
        assert screen.composer.worst == ""


async def test_a_curt_phase_is_told_in_the_composer_and_at_the_end(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        await person.type(CURT)
        await person.sees("提示 礼貌用语", "这一步还没有礼貌用语")
        await person.key("f8")
        await person.sees("已发送", "未发现禁用语")
        await person.quiet()
        await person.key("shift+f7")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.sees("K1 问候  没有礼貌用语")
        await person.key("1")
        await person.sees("本次接触已结束", gone=("没有礼貌用语",))


async def test_where_every_step_was_walked_the_end_tells_it_without_a_question(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    reply.send(desk, request_id, CURT)
    for step in REQUIRED_STEPS:
        reply.tick(desk, request_id, step)
    async with walk(desk=desk) as person:
        await opened(person, request_id)
        await person.key("shift+f7")
        await person.sees("本次接触已结束；K1 问候 没有礼貌用语")


async def test_a_sentence_typed_again_and_again_is_remarked(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        screen = await opened(person, request_id)
        for _ in range(2):
            await person.type("我正在核对这笔订单的记录，请稍候。")
            await person.key("f8")
            await person.until(lambda: screen.composer.text == "", "sent")
            await person.quiet()
        await person.type("我正在核对这笔订单的记录，请稍候。")
        await person.sees("提示 重复", "已说过两遍")
