"""Taking a value out of a request at the screen: count, ask, do; the value is kept in no draft."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.changes.skeleton import MARK
from agentdesk.desk import capture, own_phrases, reply
from agentdesk.domain import redaction
from agentdesk.store.identity import Identity, load_identity, save_identity
from agentdesk.sync.redaction import redact as redact_here
from tests.screens.conftest import ROW_B
from tests.sync.remains import remains

VALUE = "锦绣路8813弄27号"


@pytest.fixture
def request_id(desk_at: Any) -> str:
    desk = desk_at()
    made = capture.record(desk, {**ROW_B, "description": f"空调装在{VALUE}，想约周六"})
    reply.note(desk, made.request_id, f"地址：{VALUE}")
    desk.close()
    return made.request_id


async def opened(person: Any, request_id: str) -> None:
    person.app.open_request(request_id)
    await person.quiet()
    await person.app.run_action("redact", person.screen)
    await person.sees("抹去敏感内容")
    await person.quiet()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_what_is_taken_out_is_gone_and_the_timeline_says_so(
    walk: Any, request_id: str, size: tuple[int, int]
) -> None:
    async with walk(size=size) as person:
        await opened(person, request_id)
        await person.type(VALUE)
        await person.key("tab")
        await person.type("客户要求删除")
        await person.key("f8")
        await person.sees("将永久抹去 2 处", "备注", "管不到的")
        await person.key("f8")
        await person.sees("已抹去 2 处", MARK, "抹去内容", gone=(VALUE,))
        await person.quiet()
        folder = person.desk.store.path.parent
    assert remains(VALUE, [folder]) == []


async def test_saying_no_changes_nothing_and_the_value_goes_into_no_draft(walk: Any, request_id: str) -> None:
    other = "另一个住处9921号"
    async with walk() as person:
        await opened(person, request_id)
        await person.type(other)
        await person.key("tab")
        await person.type("写错了")
        await person.key("f8")
        await person.sees("这条需求里没有这样的内容")
        await person.key("escape")
        await person.sees(gone=("抹去敏感内容",))
        await person.quiet()
        assert remains(other, [person.desk.store.path.parent]) == []
        await opened(person, request_id)
        await person.sees("写错了")
        await person.type(VALUE)
        await person.key("f8")
        await person.sees("将永久抹去 2 处")
        await person.key("escape")
        await person.quiet()
        assert remains(VALUE, [person.desk.store.path.parent])


async def test_the_reply_being_written_does_not_bring_it_back(walk: Any, request_id: str) -> None:
    async with walk() as person:
        person.app.open_request(request_id)
        await person.quiet()
        await person.type(f"您住{VALUE}，对吗")
        await opened(person, request_id)
        await person.type(VALUE)
        await person.key("tab")
        await person.type("客户要求删除")
        await person.key("f8")
        await person.sees("将永久抹去 3 处")
        await person.key("f8")
        await person.sees("已抹去 3 处")
        await person.quiet()
        screen = person.screen
        assert screen.composer.text == f"您住{MARK}，对吗"
        await person.type("？")
        await person.key("escape")
        await person.quiet()
        assert reply.load_draft(person.desk, request_id) == f"您住{MARK}，对吗？"
        assert remains(VALUE, [person.desk.store.path.parent]) == []


async def test_an_agent_is_told_whom_to_ask(walk: Any, request_id: str, desk_at: Any) -> None:
    desk = desk_at()
    with desk.store.plain_write() as conn:
        me = load_identity(conn)
        assert me is not None
        save_identity(conn, Identity(**{**vars_of(me), "roles": ("rep",)}))
    async with walk(desk=desk) as person:
        person.app.open_request(request_id)
        await person.quiet()
        await person.app.run_action("redact", person.screen)
        await person.sees("只有主管、经理或管理员可以抹去内容")


def vars_of(identity: Identity) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(identity)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in the request too", "in the phrase alone"])
async def test_a_personal_phrase_does_not_bring_it_back(walk: Any, request_id: str, elsewhere: bool) -> None:
    value = "锦程路77号" if elsewhere else VALUE
    async with walk() as person:
        desk = person.desk
        phrase = own_phrases.save(desk, "上门", f"我们到{value}上门。", confirmed=True)
        assert value in own_phrases.personal(desk)[phrase].value["body"]["zh-CN"]
        await opened(person, request_id)
        await person.type(value)
        await person.key("tab")
        await person.type("客户要求删除")
        await person.key("f8")
        await person.sees("将永久抹去")
        await person.key("f8")
        await person.sees("已抹去")
        await person.quiet()
        assert own_phrases.personal(desk)[phrase].value["body"]["zh-CN"] == f"我们到{MARK}上门。"


async def test_a_key_just_before_it_neither_brings_it_back_nor_gets_lost(walk: Any, request_id: str) -> None:
    async with walk() as person:
        person.app.open_request(request_id)
        await person.quiet()
        screen, desk = person.screen, person.desk
        screen.composer.set_text(f"您住{VALUE}，")
        store_late = screen._snapshot()
        redact_here(desk.journal, redaction.order(request_id, VALUE, "客户要求删除"))
        screen.composer.insert_text_at_caret("对吗")
        store_late(desk)
        await person.until(lambda: MARK in screen.composer.text, "the reply without it")
        assert screen.composer.text == f"您住{MARK}，对吗"
        assert reply.load_draft(desk, request_id) == f"您住{MARK}，"
        await person.quiet()
        assert remains(VALUE, [desk.store.path.parent]) == []
