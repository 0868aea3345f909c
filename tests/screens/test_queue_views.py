"""Views, filter, quick find and marks of the queue, by keys as an agent presses them, an input method on or not."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len
from textual import events

from agentdesk.desk import capture, reading, workspace
from agentdesk.present.i18n import t, use
from agentdesk.screens.queue import QueueScreen
from agentdesk.screens.queue_filter import FilterScreen
from agentdesk.screens.queue_panels import FindPanel, MarkedPanel, ViewsPanel
from agentdesk.screens.workspace import WorkspaceScreen
from tests.screens.conftest import ROW_A, ROW_B


def three(desk: Any) -> list[str]:
    """Three requests: a complaint by phone, two enquiries online."""
    rows = [ROW_A, ROW_B, {**ROW_B, "contact": "13900000003", "description": "想问一下热水器多久能送到家里"}]
    return [capture.record(desk, row).request_id for row in rows]


async def on(person: Any, kind: type) -> None:
    await person.until(lambda: isinstance(person.screen, kind), kind.__name__)
    await person.quiet()


async def test_a_view_is_chosen_by_digit_and_named_in_the_heading(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    three(desk)
    async with walk(desk=desk) as person:
        await person.sees("全部待办 3 件")
        await person.key("ctrl+l")
        await on(person, ViewsPanel)
        await person.sees("1 全部待办", "2 我的", "3 十分钟内到期", "4 已超时", "5 已结束", "6 全部")
        await person.key("5")
        await on(person, QueueScreen)
        await person.sees("已结束 0 件", "没有")
        await person.key("escape")
        await person.sees("全部待办 3 件")


@pytest.mark.parametrize(("width", "language"), [(80, "zh_CN"), (80, "en"), (110, "en"), (140, "zh_TW")])
async def test_headings_stand_over_their_columns(walk: Any, desk_at: Any, width: int, language: str) -> None:
    desk = desk_at()
    capture.record(desk, ROW_B)
    async with walk(size=(width, 24), language=language, desk=desk) as person:
        await person.until(lambda: person.screen._rows.row, "the row")
        await person.quiet()
        head, row = (
            next(one for one in person.text().splitlines() if word in one) for word in (t("column.type"), "AD-")
        )
        for column, value in (("column.type", "request_type.consult"), ("column.state", "state.RECORDED")):
            assert cell_len(head[: head.index(t(column))]) == cell_len(row[: row.index(t(value))])
        assert "|" not in head, "what a table may be headed with stands here"
    use("zh_CN")


async def test_a_filter_is_shown_kept_under_a_name_and_removed(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    first = three(desk)[0]
    async with walk(desk=desk) as person:
        await person.key("ctrl+t")
        await on(person, FilterScreen)
        await person.key("tab", "tab", "2", "1", "f8")
        await on(person, QueueScreen)
        await person.sees("投诉、电话热线 1 件")
        assert person.screen._rows.row.id == first
        await person.key("ctrl+t")
        await on(person, FilterScreen)
        person.screen.form.focus_field("view_name")
        await person.type("电话投诉")
        await person.key("f8")
        await on(person, QueueScreen)
        await person.sees("电话投诉 1 件")
        await person.key("ctrl+l")
        await on(person, ViewsPanel)
        await person.sees("7 电话投诉")
        await person.key("end", "ctrl+r")
        await person.until(lambda: "电话投诉" not in [item.title for item in person.screen._picker.items], "gone")
        await person.key("1", "ctrl+l")
        await on(person, ViewsPanel)
        assert len(person.screen._picker.items) == 6


async def test_an_unknown_owner_is_a_sentence_and_what_was_filled_stays(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        await person.key("ctrl+t")
        await on(person, FilterScreen)
        person.screen.form.focus_field("owner")
        await person.type("不存在的人")
        await person.key("f8")
        await person.sees("没有叫", "不存在的人")
        assert person.screen.form.values()["owner"] == "不存在的人"


async def test_quick_find_looks_while_one_types_and_enter_opens(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = three(desk)
    async with walk(desk=desk) as person:
        await person.key("ctrl+g")
        await on(person, FindPanel)
        await person.type("熱水器")
        await person.until(lambda: [item.id for item in person.screen._picker.items] == [ids[2]], "the request")
        await person.key("enter")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        assert person.screen.view.id == ids[2]
        await person.key("escape")
        await on(person, QueueScreen)
        for slash in ("/", "、"):  # the second is what an input method makes of the first
            person.app.post_message(events.Key(slash, slash))
            await on(person, FindPanel)
            await person.key("escape")
            await on(person, QueueScreen)


async def test_the_find_field_takes_no_private_number(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        await person.key("ctrl+g")
        await on(person, FindPanel)
        await person.type("11010519491231002X")
        await person.quiet()
        assert "11010519491231002X" not in person.text() and "1949" not in person.screen._picker.words


async def test_marks_outlive_a_reload_and_are_tagged_one_by_one(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    three(desk)
    async with walk(desk=desk) as person:
        shown = [person.screen._rows.row_at(index).id for index in range(3)]
        await person.key("space", "insert")
        await person.sees("已选 2")
        capture.record(desk, {**ROW_B, "contact": "13900000004"})
        await person.sees("全部待办 4 件", "已选 2")
        assert [line for line in person.strips() if line[1:2] == "*"]
        await person.key("ctrl+o")
        await on(person, MarkedPanel)
        await person.type("物流")
        await person.key("enter")
        await on(person, QueueScreen)
        await person.sees("已更新 2 条")
        tagged = [one for one in shown if "物流" in reading.load(desk, one).request.elements("tags")]
        assert tagged == shown[:2]
        await person.key("escape")
        await person.until(lambda: "已选" not in person.text(), "no marks")


async def test_the_numbers_of_the_marked_are_copied(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    ids = three(desk)
    async with walk(desk=desk) as person:
        await person.key("space", "space", "space", "ctrl+o")
        await on(person, MarkedPanel)
        person.screen._choice.focus()
        await person.key("3")
        await on(person, QueueScreen)
        await person.sees("已复制 3 个编号")
        numbers = {workspace.view(desk, one).number for one in ids}
        assert set(person.app.clipboard.split("\n")) == numbers
