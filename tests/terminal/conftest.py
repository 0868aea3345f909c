"""Homes that several files of bad days start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import baddays
from tests.terminal.baddays import HomeOf


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a person and a request; copied, never worked in."""
    return baddays.make_home(tmp_path_factory.mktemp("prepared") / "home")


@pytest.fixture
def home_of(prepared_home: Path, tmp_path: Path) -> HomeOf:
    """Gives a home of its own, as it stands in that language."""
    return baddays.homes_from(prepared_home, tmp_path)
