"""The app: first run, leaving, help, palette, languages, sizes, hostile text, faults."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from typing import Any

import pytest

from agentdesk.app.choosing import AGAIN
from agentdesk.app.clearing import ClearingUp
from agentdesk.app.logbook import close_logbook, open_logbook
from agentdesk.desk import capture, exporting, reply
from agentdesk.desk.context import open_desk
from agentdesk.screens.first_run import FirstRunScreen
from agentdesk.screens.queue import QueueScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_A, ROW_B, Walk

HOSTILE = (
    "[b]粗[/b] [/b] [@click=app.quit]点[/] [link=https://x.invalid]链[/link] \x1b]0;PWNED\x07 \x1b[31m红 \x9b5;5H "
    "\u202e反\u200b零 \ud800半 [TODO] 😀👨‍👩‍👧🇨🇳 " + "长" * 300
)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


async def test_the_first_run_asks_four_things_and_opens_the_queue(walk: Any) -> None:
    async with walk(fresh=True) as person:
        assert isinstance(person.screen, FirstRunScreen)
        await person.key("f8")
        await person.sees("姓名")
        for text in ("张敏", "8021", "客服一组"):
            await person.type(text)
            await person.key("tab")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "queue")
        await person.sees("张敏", "8021", "客服一组", "没有待办需求")
        assert person.desk.me.team_name == "客服一组"


async def test_the_first_run_speaks_the_chosen_language_at_once_and_keeps_what_was_typed(walk: Any) -> None:
    async with walk(fresh=True) as person:
        await person.type("Ann Lee")
        await person.key("tab", "tab", "tab", "2")
        await person.sees("歡迎使用 agentdesk", "Ann Lee")
        await person.key("3")
        await person.sees("Welcome to agentdesk", "Ann Lee")


async def test_keys_of_the_desk_do_nothing_before_somebody_sits_here(walk: Any) -> None:
    async with walk(fresh=True) as person:
        await person.key("f2", "f4", "f5", "f10", "escape")
        assert isinstance(person.screen, FirstRunScreen)


async def test_a_desk_that_opens_tells_what_was_exported_beside_the_last_one(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    beside = open_desk(write=False)
    assert list(exporting.requests(beside)) == []
    beside.close()
    async with walk(desk=desk):
        facts = desk.store.raw().execute("SELECT exported FROM log_fact WHERE exported IS NOT NULL").fetchall()
        assert len(facts) == 1 and "requests" in facts[0][0]


async def test_leaving_is_at_once_where_nothing_waits(walk: Any) -> None:
    async with walk() as person:
        await person.key("ctrl+q")
        await person.until(lambda: person.app._exit, "the end")


async def test_leaving_asks_where_something_was_typed(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    reply.save_draft(desk, capture.record(desk, ROW_B).request_id, "写到一半")
    async with walk(desk=desk) as person:
        await person.key("ctrl+q")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.sees("1 条答复还没有发送")
        await person.key("escape")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "staying")
        await person.key("ctrl+q")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("1")
        await person.until(lambda: person.app._exit, "the end")


async def test_ctrl_c_never_ends_the_desk(walk: Any) -> None:
    async with walk() as person:
        await person.key("ctrl+c")
        assert not person.app._exit


async def test_help_lists_the_keys_of_the_screen_and_closes_by_its_key(walk: Any) -> None:
    async with walk() as person:
        await person.key("f1")
        await person.sees("光标所在", "最先到期的在最上面", "当前画面", "F3")
        await person.key("end")
        await person.sees("Ctrl+Q")
        await person.key("f1")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "queue")


async def test_the_palette_runs_an_action_of_the_screen(walk: Any) -> None:
    async with walk() as person:
        await person.key("f9")
        await person.sees("查找命令", "F2")
        await person.type("同步")
        await person.sees("F10")
        await person.key("enter")
        await person.sees("同步状态", "尚未加入中心")
        await person.key("escape")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "queue")


async def test_another_language_makes_the_app_anew(walk: Any) -> None:
    async with walk() as person:
        person.app.action_next_language()
        await person.until(lambda: person.app._exit, "the end")
        assert person.app.return_value == AGAIN


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_every_screen_draws_hostile_text_without_control_characters(
    walk: Any, desk_at: Any, size: Any, language: str
) -> None:
    desk = desk_at()
    hostile = {**ROW_A, "description": HOSTILE, "product_service": HOSTILE[:180], "anomaly": HOSTILE,
               "customer_name": "[/b]" + HOSTILE[:30], "expected_outcome": HOSTILE}  # fmt: skip
    request_id = capture.record(desk, hostile).request_id
    reply.note(desk, request_id, HOSTILE)
    reply.receive(desk, request_id, HOSTILE)
    async with walk(size=size, language=language, desk=desk) as person:
        await _clean(person, "queue")
        await person.key("enter")
        await person.quiet()
        await _clean(person, "workspace")
        for panel in ("f3", "f4", "f5"):
            await person.key(panel)
            await person.quiet()
            await _clean(person, panel)
        await person.key("escape", "escape", "ctrl+n")
        await person.quiet()
        await _clean(person, "plan")
        await person.key("escape", "f2")
        await person.quiet()
        person.screen._form.focus_field("lookup")
        await person.type("13800005678")
        await person.quiet()
        await _clean(person, "intake look-up")
        await person.key("enter")
        await person.quiet()
        person.screen._form.focus_field("description")
        await person.type(HOSTILE.replace("\ud800", ""))
        await person.quiet()
        await _clean(person, "intake")
        for other in ("f1", "escape", "f9", "escape", "f10", "escape", "f4", "escape", "f5"):
            await person.key(other)
            await person.quiet()
            await _clean(person, other)


async def _clean(person: Walk, where: str) -> None:
    await person.pilot.pause()
    for line in person.strips():
        found = CONTROL.search(line)
        assert found is None, f"{where}: {found!r} in {line!r}"


async def test_a_terminal_that_is_too_small_says_so_in_one_line(walk: Any) -> None:
    async with walk(size=(60, 20)) as person:
        await person.sees("窗口太小")
        await person.pilot.resize_terminal(80, 24)
        await person.until(lambda: "窗口太小" not in person.text(), "the queue")


async def test_a_fault_in_the_desk_is_one_line_for_the_agent_and_masked_in_the_log(
    walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_at()
    capture.record(desk, ROW_B)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("卡号 6222021234567890128 出错")

    logbook = open_logbook(desk.paths.log)
    try:
        async with walk(desk=desk) as person:
            await person.key("enter")
            await person.quiet()
            await person.type("已经写了一些")
            monkeypatch.setattr(reply, "send", broken)
            await person.key("f8")
            await person.sees("意外错误")
            assert person.screen.composer.text == "已经写了一些"
    finally:
        close_logbook(logbook)
    written = desk.paths.log.read_text(encoding="utf-8")
    assert "RuntimeError" in written and "[CARD]" in written
    assert "6222" not in written


def test_the_log_masks_numbers_in_arguments_too(tmp_path: Any) -> None:
    handler = open_logbook(tmp_path / "log")
    logging.getLogger("agentdesk.test").error("number %s", "11010519491231002X")
    close_logbook(handler)
    assert "[ID]" in (tmp_path / "log").read_text(encoding="utf-8")


def test_the_start_path_loads_nothing_heavy() -> None:
    code = (
        "import sys, agentdesk.app.run as run, agentdesk.app.main\n"
        "from agentdesk import preferences\n"
        "from agentdesk.desk.context import open_desk\n"
        "from agentdesk.desk import setup\n"
        "desk = open_desk(None)\n"
        "run.open_session(desk, preferences.Preferences())\n"
        "heavy = [name for name in ('typer', 'sqlmodel', 'sqlalchemy', 'pydantic', 'httpx') if name in sys.modules]\n"
        "desk.close()\n"
        "sys.exit(', '.join(heavy) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


async def test_a_toast_over_a_panel_is_seen_and_reads_no_markup(walk: Any) -> None:
    async with walk() as person:
        await person.key("f1")
        await person.quiet()
        person.screen.say("[b]原样[/b]", "warning")
        await person.sees("[b]原样[/b]")


async def test_every_key_puts_off_the_clearing_up_for_which_the_desk_looks_again_and_again(
    walk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(ClearingUp, "pressed", lambda _: heard.append("key"))
    monkeypatch.setattr(ClearingUp, "look", lambda _: heard.append("look"))
    monkeypatch.setattr("agentdesk.app.main.REST_S", 0.01)
    async with walk() as person:
        await person.until(lambda: heard.count("look") > 2, "it looks whether somebody types")
        assert "key" not in heard
        await person.key("down")
        assert heard.count("key") == 1
