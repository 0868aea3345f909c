"""Contacts are masked on every screen, in full on the open request only, for a while and with a fact (§5.7)."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agentdesk.app.logbook import close_logbook, open_logbook
from agentdesk.desk import capture, contacts, plan, releasing, reply, resolve, rules
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.views import PlanStep, ResolveForm
from agentdesk.present.keys import SCOPES
from agentdesk.text.foreign import _bare
from tests.screens.conftest import ROW_A, ROW_B, Walk
from tests.screens.test_every_action import go_to
from tests.unit.desk.test_rules import SOURCE

PHONE, OTHER, LANDLINE, MAIL = "13912344321", "15887654329", "021-65432198", "lishuang.marked@example.com"
MARKED = (PHONE, OTHER, LANDLINE, MAIL)
SAID = f"{OTHER}打不通，请改打{LANDLINE}，或写信到{MAIL}，想了解安装费用"


def shows(text: str) -> list[str]:
    """Which of the marked contacts a text holds, however it is wrapped and spaced."""
    bare = _bare(text.replace("\n", ""))
    return [one for one in MARKED if _bare(one) in bare]


@pytest.fixture
def made(desk_at: Any) -> dict[str, str]:
    """Requests in every state, each with marked contacts in its field and in all that was said."""
    desk = desk_at()
    marks = {"description": SAID, "anomaly": SAID[:40], "expected_outcome": SAID}
    rows = {
        "enquiry": {**ROW_B, "contact": PHONE, "description": SAID},
        "complaint": {**ROW_A, **marks, "contact": MAIL},
        "solved": {**ROW_B, "contact": OTHER, "description": SAID},
        "told": {**ROW_A, **marks, "contact": LANDLINE, "customer_no": "C-9", "order_no": "O-20240428-99"},
        "known": ROW_B,
    }
    ids = {name: capture.record(desk, row).request_id for name, row in rows.items()}
    contacts.hear(desk, ids["enquiry"], SAID)
    reply.send(desk, ids["solved"], f"我们会拨打{OTHER}，谢谢您。", confirmed=True)
    reply.note(desk, ids["enquiry"], SAID)
    resolve.resolve(desk, ids["solved"], ResolveForm(solution_text=f"已致电{OTHER}说明。", own_knowledge=True))
    step = PlanStep(f"致电{LANDLINE}约时间", "", desk.now() + timedelta(hours=2))
    plan.tell(desk, ids["told"], steps=[step], finish=desk.now() + timedelta(hours=4), verified_how="asked",
              interim="请先关闭水源。")  # fmt: skip
    releasing.ask(desk, ids["solved"], f"我们是全网最好的，会拨打{OTHER}", "宣传页原文")
    rules.propose(desk, SOURCE)
    desk.close()
    return ids


class Clock:
    """Monotonic seconds that only a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def standing(walk: Any) -> Any:
    """Return `async with standing(clock, size) as person`: a desk whose clock stands still."""

    @asynccontextmanager
    async def start(clock: Callable[[], float] | None = None, size: tuple[int, int] = (140, 60)) -> AsyncIterator[Walk]:
        now = datetime.now(UTC) + timedelta(minutes=3)
        desk = open_desk(None, now=lambda: now, mono=clock or Clock())
        try:
            async with walk(desk=desk, size=size) as person:
                yield person
        finally:
            desk.close()

    return start


def views(desk: Desk) -> list[str]:
    """What was written down of contacts seen in full, in order."""
    rows = desk.store.raw().execute("SELECT viewed FROM log_fact WHERE viewed IS NOT NULL ORDER BY id").fetchall()
    return [value["what"] for (row,) in rows for value in json.loads(row).values()]


async def opened(person: Walk, request_id: str) -> None:
    person.app.open_request(request_id)
    await person.quiet()


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope not in ("app", "setup")])
async def test_no_screen_shows_a_contact_in_full(scope: str, standing: Any, made: dict[str, str]) -> None:
    async with standing(size=(150, 100)) as person:
        await go_to(person, scope, made)
        if scope != "edit":
            assert not shows(person.text()), person.text()
            assert not views(person.desk)
        else:
            assert PHONE in person.text() and views(person.desk) == [f"request:{made['enquiry']}:edit"]
        assert not any(shows(one.message) for one in person.app._notifications)
        assert not shows(person.app.clipboard) and not shows(person.app.title)


@pytest.mark.parametrize("size", [(80, 24), (150, 100)])
@pytest.mark.parametrize("name", ["enquiry", "complaint", "solved", "told"])
async def test_no_request_is_shown_with_its_contacts(
    name: str, size: tuple[int, int], standing: Any, made: dict[str, str]
) -> None:
    async with standing(size=size) as person:
        await opened(person, made[name])
        for keys in ((), ("f3",), ("escape", "f4"), ("escape", "f5"), ("escape", "ctrl+l"), ("up",), ("up",), ("up",)):
            await person.key(*keys)
            await person.quiet()
            assert not shows(person.text()), f"{keys}\n{person.text()}"
        assert not views(person.desk)


async def test_one_key_shows_it_and_time_masks_it(standing: Any, made: dict[str, str]) -> None:
    clock = Clock()
    async with standing(clock) as person:
        await opened(person, made["enquiry"])
        await person.key("insert")
        await person.sees(PHONE, LANDLINE, MAIL, "已记录")
        assert views(person.desk) == [f"request:{made['enquiry']}"]
        clock.seconds += 59
        person.screen._ticker.tick()
        await person.quiet()
        assert PHONE in person.text()
        clock.seconds += 2
        person.screen._ticker.tick()
        await person.quiet()
        assert not shows(person.text()) and "139****4321" in person.text()
        person.screen.refresh_view()
        await person.quiet()
        assert not shows(person.text())


async def test_it_is_seen_on_a_small_terminal_too(standing: Any, made: dict[str, str]) -> None:
    async with standing(size=(80, 24)) as person:
        await opened(person, made["enquiry"])
        await person.key("insert")
        await person.sees(PHONE)
        await person.key("insert")
        await person.sees("已遮住")
        assert not shows(person.text())
        assert views(person.desk) == [f"request:{made['enquiry']}"], "masking again is no view"


@pytest.mark.parametrize("away", ["f1", "f9", "f2", "f10", "shift+f6", "ctrl+down", "ctrl+l"])
async def test_whatever_covers_the_request_masks_it(away: str, standing: Any, made: dict[str, str]) -> None:
    async with standing() as person:
        await opened(person, made["complaint"])
        await person.key("insert")
        await person.sees(MAIL)
        await person.key(away)
        await person.quiet()
        if away != "shift+f6":  # the edit form shows what it changes
            assert not shows(person.text()), person.text()
        await person.key("escape")
        await person.quiet()
        await opened(person, made["complaint"])
        assert not shows(person.text()), person.text()


async def test_leaving_for_the_queue_masks_it(standing: Any, made: dict[str, str]) -> None:
    async with standing() as person:
        await opened(person, made["complaint"])
        await person.key("insert")
        await person.sees(MAIL)
        person.app.show_queue()
        await person.quiet()
        assert not person.desk.revealed
        await opened(person, made["complaint"])
        assert not shows(person.text())


async def test_a_copy_is_written_down(standing: Any, made: dict[str, str]) -> None:
    async with standing() as person:
        await opened(person, made["complaint"])
        await person.screen.run_action("copy_contact")
        await person.quiet()
        assert person.app.clipboard == MAIL
        assert views(person.desk) == [f"request:{made['complaint']}:copied"]
        assert not shows(person.text())


async def test_what_the_mouse_marks_is_written_down_while_it_is_in_full(standing: Any, made: dict[str, str]) -> None:
    async with standing() as person:
        await opened(person, made["enquiry"])
        person.screen.text_select_all()
        person.screen.action_copy_text()
        assert "139****4321" in person.app.clipboard and not shows(person.app.clipboard)
        assert not views(person.desk)
        await person.key("insert")
        await person.sees(PHONE)
        person.screen.text_select_all()
        person.screen.action_copy_text()
        await person.quiet()
        assert PHONE in person.app.clipboard
        assert views(person.desk) == [f"request:{made['enquiry']}", f"request:{made['enquiry']}:copied"]


async def test_whoever_may_not_see_it_is_told_so(
    standing: Any, made: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with standing() as person:
        await opened(person, made["complaint"])
        monkeypatch.setattr("agentdesk.desk.revealing.roles.may", lambda *_, **__: False)
        await person.key("insert")
        await person.sees("请先接手")
        await person.screen.run_action("copy_contact")
        await person.quiet()
        assert not shows(person.text()) and not person.app.clipboard and not views(person.desk)


@pytest.mark.parametrize(("typed", "facts"), [(OTHER, 0), ("158 8765 4329", 0), ("15887", 1)])
async def test_a_customer_found_is_a_view_unless_typed_in_full(
    typed: str, facts: int, standing: Any, made: dict[str, str]
) -> None:
    async with standing() as person:
        await go_to(person, "intake", made)
        await person.type(typed)
        await person.quiet()
        assert not shows(person.text().replace(typed, ""))
        await person.key("enter")
        await person.quiet()
        assert views(person.desk) == [f"request:{made['solved']}:taken"] * facts


@pytest.mark.parametrize(
    "text", ["另一位客户的电话是13811112222", "收件人座机010-65551234", "他的订单号是O-20240501-99"]
)
async def test_another_ones_number_cannot_be_sent(text: str, standing: Any, made: dict[str, str]) -> None:
    async with standing() as person:
        await opened(person, made["enquiry"])
        await person.type(text)
        await person.sees("不可发送", "隐私")
        await person.key("f8")
        await person.sees("PV-03")
        await person.quiet()
        assert text in person.screen.composer.text
        assert "message_sent" not in {item.kind for item in person.screen.view.timeline}


@pytest.mark.parametrize("text", [f"我们会拨打{PHONE}", f"我们会拨打139 1234 4321，或您说的{LANDLINE}"])
async def test_the_own_number_is_sent(text: str, standing: Any, made: dict[str, str]) -> None:
    async with standing() as person:
        await opened(person, made["enquiry"])
        await person.type(text)
        await person.quiet()
        await person.key("f8")
        await person.sees("已发送", "139****4321")
        assert person.app.clipboard == text
        assert "message_sent" in {item.kind for item in person.screen.view.timeline}


async def test_an_address_is_hinted_at(standing: Any, made: dict[str, str]) -> None:
    async with standing() as person:
        await opened(person, made["enquiry"])
        await person.type("会送到上海市浦东新区张杨路1725弄8号602室")
        await person.sees("详细地址")


async def test_the_log_file_holds_no_contact(standing: Any, made: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "desk.log"
    handler = open_logbook(path)
    try:
        async with standing() as person:

            def fails(desk: Desk) -> None:
                raise ValueError(SAID)

            await opened(person, made["enquiry"])
            person.screen.ask("fails", fails, lambda _: None)
            await person.quiet()
            assert not shows(person.text())
        logging.getLogger("agentdesk.test").error("dialled %s", PHONE)
    finally:
        close_logbook(handler)
    written = path.read_text(encoding="utf-8")
    assert "ValueError" in written and "dialled 139****4321" in written
    assert not shows(written)
