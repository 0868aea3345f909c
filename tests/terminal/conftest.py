"""Homes that several files of bad days start from, and an order that lets the longest tests begin first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.terminal import baddays
from tests.terminal.baddays import HomeOf

LONGEST = (
    "test_private_numbers_land_nowhere",
    "test_fifty_kills_at_random_moments",
    "test_through_the_fields",
    "test_fifteen_requests_of_a_morning",
    "test_one_real_request_from_first_run_to_a_second_desk",
    "test_from_a_second_desk",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the tests out so that each worker, which is given a piece of the list, begins with one of the longest."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1 and all(item.get_closest_marker("serial") for item in items):
        items.sort(key=_place)
        items[:] = [item for first in range(workers) for item in items[first::workers]]


def _place(item: pytest.Item) -> int:
    name = item.name.partition("[")[0]
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a person and a request; copied, never worked in."""
    return baddays.make_home(tmp_path_factory.mktemp("prepared") / "home")


@pytest.fixture
def home_of(prepared_home: Path, tmp_path: Path) -> HomeOf:
    """Gives a home of its own, as it stands in that language."""
    return baddays.homes_from(prepared_home, tmp_path)
