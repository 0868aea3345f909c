"""The two rows of the issue from the first key to CLOSED, by keys alone."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture, queue, workspace
from agentdesk.screens.intake import IntakeScreen
from agentdesk.screens.queue import QueueScreen
from agentdesk.screens.workspace import WorkspaceScreen
from tests.screens.conftest import ROW_A, ROW_B

SIZES = [(80, 24), (140, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_row_b_of_a_known_customer_takes_at_most_17_command_keys(walk: Any, desk_at: Any, size: Any) -> None:
    desk = desk_at()
    earlier = {**ROW_B, "description": "上次咨询过洗碗机的保修期限和范围", "product_service": "洗碗机"}
    capture.record(desk, earlier)
    async with walk(size=size, desk=desk) as person:
        await person.sees("AD-")
        await person.key("f2")
        await person.until(lambda: isinstance(person.screen, IntakeScreen), "intake")
        await person.quiet()
        await person.type("13900000002")
        await person.quiet()
        await person.key("enter")
        await person.quiet()
        await person.key("1", "1")
        await person.type("空调")
        await person.key("tab")
        await person.type("想了解空调的能效等级和安装费用")
        await person.key("tab", "1")
        await person.sees("P3")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        await person.quiet()
        assert person.screen.composer.area.has_focus
        request_id = person.screen.view.id
        await person.key("f4")
        await person.quiet()
        await person.key("enter")
        await person.until(lambda: "工号8021" in person.screen.composer.text, "the greeting")
        await person.key("f5")
        await person.quiet()
        await person.key("enter")
        await person.until(lambda: "能效" in person.screen.composer.text, "the article's plain words")
        await person.key("f6")
        await person.quiet()
        await person.key("1", "2", "f8")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "queue")
        await person.quiet()
        await person.until(lambda: person.screen._rows.row is not None, "the next request")
        assert person.screen._rows.has_focus
        assert person.screen._rows.row.id == queue.page(desk, 0, 1).rows[0].id
        view = workspace.view(desk, request_id)
        assert view.state == "CLOSED"
        assert view.priority == "P3"
        assert [cited.title for cited in view.cited]
        assert len(person.keys) <= 17, person.keys


async def test_row_a_runs_from_the_phone_to_closed_by_keys(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    async with walk(desk=desk) as person:
        await person.key("f2")
        await person.until(lambda: isinstance(person.screen, IntakeScreen), "intake")
        await person.quiet()
        await person.until(lambda: person.screen._form.focused_field == "lookup", "the look-up comes first")
        await person.key("tab")
        assert person.screen._form.values()["channel"] == "", "no channel is preset at first"
        await person.key("1")
        for name in ("customer_name", "contact", "customer_no"):
            assert person.screen._form.focused_field == name
            await person.type(ROW_A[name])
            await person.key("tab")
        await person.key("tab", "2", "4")
        await person.type(ROW_A["product_service"])
        await person.key("tab")
        await person.type(ROW_A["description"])
        await person.key("tab", "2")
        await person.sees("P1", "漏水", "没人答复")
        for name in ("occurred_at", "anomaly", "expected_outcome"):
            assert person.screen._form.focused_field == name
            await person.type(ROW_A[name])
            await person.key("ctrl+g")
        assert person.screen._form.focused_field == "attribution"
        await person.key("1", "f8")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
        await person.quiet()
        request_id = person.screen.view.id
        await person.sees("分析中", "CK-06")
        await person.key("ctrl+n")
        await person.quiet()
        await person.type("请先关闭进水阀并拔掉插头")
        await person.key("tab")
        await person.type("安排师傅上门检测并更换密封圈")
        await person.key("tab")
        await person.type("2h")
        await person.key("tab", "4", "f8")
        await person.sees("方案待确认")
        await person.quiet()
        await person.key("ctrl+n")
        await person.quiet()
        await person.key("1", "1", "f8")
        await person.sees("处理中")
        await person.quiet()
        await person.type("密封圈已经更换，试机没有再漏水。")
        await person.key("f6")
        await person.quiet()
        await person.key("4")
        await person.type("师傅上门更换密封圈并试机")
        await person.key("ctrl+g", "f8")
        await person.sees("待确认")
        await person.quiet()
        assert isinstance(person.screen, WorkspaceScreen)
        await person.key("f7")
        await person.quiet()
        await person.key("1", "1", "1", "f8")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "queue")
        await person.sees("已完成")
        view = workspace.view(desk, request_id)
        assert view.state == "CLOSED"
        assert view.priority == "P1"
        assert [reason.rule for reason in view.reasons][:2] == ["PR-01", "PR-04"]


async def test_keys_typed_ahead_of_the_screens_are_not_lost(walk: Any, desk_at: Any) -> None:
    """A practised agent presses F8 and F4 Enter before the workspace is painted."""
    desk = desk_at()
    async with walk(desk=desk) as person:
        await person.key("f2")
        await person.quiet()
        person.screen._form.set_values(ROW_B)
        await person.quiet()
        for name in ("f8", "f4", "enter"):
            person.app.simulate_key(name)
        await person.until(
            lambda: isinstance(person.screen, WorkspaceScreen) and "8021" in person.screen.composer.text, "the greeting"
        )
