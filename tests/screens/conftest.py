"""A real desk on a real store, its app under Pilot, and ways to wait for what the screen shows."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from agentdesk import preferences
from agentdesk.app.main import AgentDesk, make_app
from agentdesk.app.run import open_session
from agentdesk.desk import library, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.screens.session import Place
from tests.screens import idle, sheets

idle.install()
sheets.install()

PATIENCE = 60.0
"""Seconds after which a test stops waiting for the screen."""

ROW_A = {
    "channel": "phone", "customer_name": "张*", "contact": "13800005678", "customer_no": "C-5678",
    "request_type": "complaint", "sub_type": "after_sales", "product_service": "洗衣机", "order_no": "O-20240428-31",
    "occurred_at": "2024-04-28", "attribution": "product_quality", "emotion": "anxious",
    "description": "购买的洗衣机用了三天就漏水，联系售后一直没人答复", "anomaly": "机身底部漏水",
    "expected_outcome": "尽快上门维修",
}  # fmt: skip
ROW_B = {
    "channel": "online", "customer_name": "王*", "contact": "13900000002", "unregistered": True,
    "request_type": "consult", "sub_type": "product", "product_service": "空调", "emotion": "calm",
    "description": "想了解空调的能效等级和安装费用",
}  # fmt: skip


class Walk:
    """One person at the desk: presses keys, types, and looks at the screen."""

    def __init__(self, app: AgentDesk, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot
        self.keys: list[str] = []
        """Every key pressed that is no text."""

    @property
    def desk(self) -> Desk:
        return self.app.session.raw_desk

    @property
    def screen(self) -> Any:
        return self.app.screen

    async def key(self, *names: str) -> None:
        """Press keys."""
        for name in names:
            self.keys.append(name)
            await self.pilot.press(name)

    async def type(self, text: str) -> None:
        """Put text in as a terminal does with a paste: in one piece."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def until(self, holds: Callable[[], Any], what: str = "") -> None:
        """Wait until something holds; no sleeping, only turns of the loop."""

        async def wait() -> None:
            while not holds():
                await self.pilot.pause()

        try:
            await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError:
            pytest.fail(f"never came: {what or holds}\n{self.text()}")

    async def sees(self, *words: str, gone: tuple[str, ...] = ()) -> None:
        """Wait until the screen shows all these words, and none of those that are to be gone."""

        def holds() -> bool:
            text = self.text()
            return all(word in text for word in words) and not any(word in text for word in gone)

        await self.until(holds, f"words {words} without {gone}")

    async def quiet(self) -> None:
        """Wait until no worker runs and no key waits."""
        await self.until(
            lambda: all(worker.is_finished for worker in self.app.workers) and not self.app._hold.holding, "quiet"
        )
        await self.pilot.pause()

    def strips(self) -> list[str]:
        """Return the lines of the screen as they go to the terminal."""
        return ["".join(segment.text for segment in strip) for strip in self.app.screen._compositor.render_strips()]

    def text(self) -> str:
        """Return the screen as text."""
        return "\n".join(line.rstrip() for line in self.strips())


Opener = Callable[..., Any]


@pytest.fixture(scope="session")
def seated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where somebody sits and the starter pack is in the store; copied, never worked in."""
    home = tmp_path_factory.mktemp("seated")
    desk = open_desk(home)
    setup.first_run(desk, "张敏", "8021", "客服一组")
    library.take_over(desk)
    desk.close()
    return home


@pytest.fixture
def desk_at(agentdesk_home: Path, seated: Path) -> Any:
    """Return an opener of the person's desk; by default somebody sits there already."""
    opened: list[Desk] = []

    def open_(fresh: bool = False) -> Desk:
        if not fresh and not (agentdesk_home / "desk.db").exists():
            shutil.copytree(seated, agentdesk_home, ignore=shutil.ignore_patterns("*.lock"), dirs_exist_ok=True)
        desk = open_desk(None)
        opened.append(desk)
        if not fresh and setup.needed(desk):
            setup.first_run(desk, "张敏", "8021", "客服一组")
        return desk

    yield open_
    for desk in opened:
        desk.close()


@pytest.fixture
def walk(desk_at: Any) -> Opener:
    """Return `async with walk(size=(80, 24), language="zh_CN", desk=…) as person`."""

    @asynccontextmanager
    async def start(
        size: tuple[int, int] = (80, 24),
        language: str = "",
        desk: Desk | None = None,
        fresh: bool = False,
        faults: tuple[preferences.Fault, ...] = (),
        place: Place | None = None,
    ) -> AsyncIterator[Walk]:
        desk = desk or desk_at(fresh)
        chosen = preferences.Preferences(language=language)
        session = open_session(desk, chosen)
        session.faults, session.place = faults, place
        app = make_app(session, preferences.paths(), chosen)
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                person = Walk(app, pilot)
                await person.until(lambda: session.is_ready, "the desk loaded")
                await person.quiet()
                yield person
        finally:
            if session.sync is not None:
                session.sync.stop()

    return start
