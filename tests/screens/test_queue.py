"""The queue: order, why, opening with a form, countdowns, what others write."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture, reply
from agentdesk.present.i18n import LANGUAGES
from agentdesk.present.safe import width
from agentdesk.screens.resolve import ResolveScreen
from agentdesk.screens.workspace import WorkspaceScreen
from tests.screens.conftest import ROW_A, ROW_B


async def test_the_least_due_stands_first_and_says_why(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_A)
    answered = capture.record(desk, ROW_B)
    reply.send(desk, answered.request_id, "您好，正在为您核对。")
    async with walk(desk=desk) as person:
        lines = [line for line in person.strips() if "AD-" in line]
        assert "P1" in lines[0] and "P3" in lines[1]
        await person.sees("P1 紧急", "PR-01", "漏水", "CK-01")
        await person.key("down")
        await person.sees("P3 常规", "PR-12", "答复并办结")


async def test_a_countdown_is_repainted_only_when_it_reads_differently(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_A)
    async with walk(desk=desk) as person:
        painted: list[int] = []
        redraw = person.screen._rows.redraw
        person.screen._rows.redraw = lambda: (painted.append(1), redraw())
        now_ms = person.screen._now_ms()
        person.screen._tick(now_ms)
        painted.clear()
        person.screen._tick(now_ms)
        assert not painted
        person.screen._tick(now_ms + 61_000)
        assert painted


async def test_resolve_is_one_key_from_the_queue(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        await person.until(lambda: person.screen._rows.row is not None, "a row")
        await person.key("f6")
        await person.until(lambda: isinstance(person.screen, ResolveScreen), "the form")


async def test_what_others_write_comes_into_the_list_and_the_open_request(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    first = capture.record(desk, ROW_B).request_id
    async with walk(desk=desk) as person:
        capture.record(desk, ROW_A)
        await person.until(lambda: person.screen._rows.total == 2, "the new request")
        await person.sees("P1 1")
        person.app.open_request(first)
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        await person.quiet()
        reply.note(desk, first, "同事补充了一句")
        await person.sees("同事补充了一句")


async def test_without_a_request_the_keys_say_so(walk: Any) -> None:
    async with walk() as person:
        await person.sees("没有待办需求")
        await person.key("f3")
        await person.sees("没有选中的需求")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_explanation_keeps_to_two_lines_however_long_its_reasons(
    walk: Any, desk_at: Any, language: str
) -> None:
    desk = desk_at()
    capture.record(desk, {**ROW_A, "description": ROW_A["description"] + "，起火冒烟漏电，一直没人管，要投诉到消协"})
    async with walk(desk=desk, language=language) as person:
        why = person.screen.query_one("#queue-why")
        await person.until(lambda: "CK-" in why.render().plain, "the explanation")
        first, second = why.render().plain.split("\n")
        assert "PR-01" in first and "CK-" in second, "the clock has its own line"
        assert max(width(first), width(second)) <= 78, "what is too long is cut, not wrapped"
        labels = {first.split()[0], second.split()[0]}
        assert len({width(first[: first.index("P1")]), width(second[: second.index("CK-")])}) == 1, labels
