"""Edits after RECORDED by keys, and the history that tells of them in sentences."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import Any

from agentdesk.desk import capture, editing, history, workspace
from agentdesk.desk.views import NextStep
from agentdesk.screens.edit import EditScreen
from agentdesk.screens.history import HistoryScreen
from agentdesk.screens.workspace import WorkspaceScreen
from tests.screens.conftest import ROW_B, Walk


async def in_workspace(person: Walk, request_id: str) -> Any:
    """Open a request and wait until it is shown."""
    person.app.open_request(request_id)
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
    await person.quiet()
    return person.screen


async def test_a_record_is_edited_and_the_history_says_what_changed(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    made = capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        screen = await in_workspace(person, made.request_id)
        await person.key("shift+f6")
        await person.until(lambda: isinstance(person.screen, EditScreen), "the form")
        await person.quiet()
        assert person.screen.form.focused_field == "description"
        await person.key("f8")
        await person.sees("没有改动")
        person.screen.form.set_values({"contact": "13900000077", "emotion": "angry"})
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "back in the workspace")
        await person.quiet()
        assert workspace.view(desk, made.request_id).value("contact") == "13900000077"
        await person.key("ctrl+l")
        await person.until(lambda: isinstance(person.screen, HistoryScreen), "the history")
        await person.sees("变更历史", "张敏", "情绪状态由 平和 改为 愤怒", "139****0002", "139****0077")
        assert "13900000077" not in person.text()
        await person.key("f8")
        await person.sees("没有被覆盖")
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "back in the workspace")


async def test_what_a_draft_lacks_is_said_and_the_key_of_the_next_step_opens_it(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    made = capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        screen = await in_workspace(person, made.request_id)
        screen.view = replace(screen.view, next=NextStep("capture", "T2", ("description",)))
        screen.show_next()
        await person.sees("还缺 问题描述")
        screen.action_next_step()
        await person.until(lambda: isinstance(person.screen, EditScreen), "the form")


async def test_an_edit_put_off_is_there_again(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    made = capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        screen = await in_workspace(person, made.request_id)
        await person.key("shift+f6")
        await person.until(lambda: isinstance(person.screen, EditScreen), "the form")
        await person.quiet()
        person.screen.form.focus_field("place")
        await person.quiet()
        await person.type("客厅")
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "back in the workspace")
        await person.quiet()
        await person.key("shift+f6")
        await person.until(lambda: isinstance(person.screen, EditScreen), "the form again")
        await person.quiet()
        assert person.screen.form.values()["place"] == "客厅"


async def test_a_form_that_closes_before_its_draft_could_be_stored_loses_nothing(walk: Any, desk_at: Any) -> None:
    """All threads are busy: the storing begins only once the screen is gone."""
    desk = desk_at()
    made = capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        screen = await in_workspace(person, made.request_id)
        await person.key("shift+f6")
        await person.until(lambda: isinstance(person.screen, EditScreen), "the form")
        await person.quiet()
        gate, loop = threading.Event(), asyncio.get_running_loop()
        busy = [loop.run_in_executor(None, gate.wait) for _ in range(40)]
        person.screen.form.set_values({"place": "客厅"})
        person.screen._typed.touch()
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "back in the workspace")
        gate.set()
        await asyncio.gather(*busy)
        await person.quiet()
        (draft,) = [one.value for one in desk.drafts.list() if one.key.startswith("form:edit:")]
        assert draft["values"]["place"] == "客厅"


async def test_an_edit_put_off_stands_over_what_a_colleague_changed_meanwhile(walk: Any, desk_at: Any) -> None:
    """Their fields are shown, mine are kept; of the one that both changed a sentence tells."""
    desk = desk_at()
    made = capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        screen = await in_workspace(person, made.request_id)
        await person.key("shift+f6")
        await person.until(lambda: isinstance(person.screen, EditScreen), "the form")
        await person.quiet()
        person.screen.form.set_values({"place": "客厅", "product_service": "中央空调"})
        person.screen._typed.touch()
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "back in the workspace")
        await person.quiet()
        form = editing.begin(desk, made.request_id)
        editing.save(desk, form, {**form.values, "emotion": "angry", "product_service": "挂机"})
        await person.key("shift+f6")
        await person.until(lambda: isinstance(person.screen, EditScreen), "the form again")
        await person.quiet()
        values = person.screen.form.values()
        assert (values["place"], values["product_service"], values["emotion"]) == ("客厅", "中央空调", "angry")
        await person.sees("同事", "产品服务")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "back in the workspace")
        view = workspace.view(desk, made.request_id)
        assert (view.value("place"), view.value("product_service"), view.value("emotion")) == (
            "客厅", "中央空调", "angry",
        )  # fmt: skip


async def test_what_a_colleague_overtook_is_marked_and_restored_by_key(
    walk: Any, desk_at: Any, monkeypatch: Any
) -> None:
    desk = desk_at()
    made = capture.record(desk, ROW_B)
    form = editing.begin(desk, made.request_id)
    editing.save(desk, form, {**form.values, "emotion": "anxious"})
    form = editing.begin(desk, made.request_id)
    editing.save(desk, form, {**form.values, "emotion": "angry"})
    changed = [one for one in history.items(desk, made.request_id) if one.group == "emotion"]
    with desk.store.plain_write() as conn:  # as the centre orders them: the later one to arrive was made before
        for seq, (item, eff) in enumerate(zip((changed[2], changed[1]), (200, 100), strict=True), 1):
            conn.execute("UPDATE change SET seq = ?, eff = ?, verdict = 'applied' WHERE id = ?", (seq, eff, item.id))
    async with walk(desk=desk) as person:
        await in_workspace(person, made.request_id)
        await person.key("ctrl+l")
        await person.until(lambda: isinstance(person.screen, HistoryScreen), "the history")
        await person.quiet()
        place = next(index for index, one in enumerate(person.screen._items) if one.lost)
        assert person.screen._items[place].new == {"emotion": "anxious"}
        await person.key(*["down"] * place)
        await person.sees("被同事的修改覆盖")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen), "back in the workspace")
        await person.quiet()
        assert workspace.view(desk, made.request_id).emotion == "anxious"
