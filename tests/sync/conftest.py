"""Fixtures of the exchange: a centre as a process, desks with the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sync.centres import CentreProcess
from tests.sync.desks import DeskFile


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
