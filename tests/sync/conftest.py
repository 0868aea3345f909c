"""Fixtures of the exchange: a centre as a process, desks with the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentdesk.desk import setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.sync.join import join
from tests.sync.centres import CentreProcess
from tests.sync.desks import DeskFile
from tests.sync.joined_desks import Make


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreProcess]:
    """A running centre on a folder of its own."""
    made = CentreProcess(tmp_path / "centre").start()
    yield made
    made.stop()


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[[str], DeskFile]]:
    """Make desks by name; they are closed at the end."""
    made: list[DeskFile] = []

    def make(name: str) -> DeskFile:
        made.append(DeskFile(tmp_path, name))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def joined(centre: CentreProcess, tmp_path: Path) -> Iterator[Make]:
    """Make desks that have joined, by name and role."""
    made: list[Desk] = []

    def make(name: str, role: str) -> Desk:
        desk = open_desk(tmp_path / name)
        made.append(desk)
        setup.first_run(desk, name, f"{len(made):04d}", "客服一组", "zh_CN")
        join(desk.store, desk.journal, centre.url, centre.code(role=role))
        desk.forget("identity")
        return desk

    yield make
    for desk in made:
        desk.close()
