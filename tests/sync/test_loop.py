"""The loop in the background: it goes out by itself, hears of others, comes back after trouble (SYNC 2.8, 2.16)."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator

import pytest

from agentdesk.sync.faces import SyncStatus
from agentdesk.sync.loop import SyncLoop, pause_after
from tests.sync.centres import CentreProcess
from tests.sync.desks import DeskFile

MakeDesk = Callable[[str], DeskFile]
PATIENCE_S = 20


class Looping:
    """A desk with its loop running; `until` waits for a status that fits."""

    def __init__(self, desk: DeskFile) -> None:
        self.desk = desk
        self.told: queue.Queue[SyncStatus] = queue.Queue()
        self.loop = SyncLoop(desk.store, desk.journal, on_status=self.told.put, chance=lambda low, high: 0.05)
        self.loop.start()

    def until(self, fits: Callable[[SyncStatus], bool]) -> SyncStatus:
        """Return the first status told that fits."""
        while True:
            status = self.told.get(timeout=PATIENCE_S)
            if fits(status):
                return status


@pytest.fixture
def looping() -> Iterator[Callable[[DeskFile], Looping]]:
    """Start loops; they end with the test."""
    made: list[Looping] = []

    def start(desk: DeskFile) -> Looping:
        made.append(Looping(desk))
        return made[-1]

    yield start
    for one in made:
        one.loop.stop()


def well(status: SyncStatus) -> bool:
    return status.online and not status.busy and not status.problem


def knows(desk: DeskFile, rid: str) -> bool:
    return desk.store.raw().execute("SELECT 1 FROM request WHERE id=?", (rid,)).fetchone() is not None


def test_what_one_desk_commits_reaches_the_other_without_anybody_asking(
    centre: CentreProcess, make_desk: MakeDesk, looping: Callable[[DeskFile], Looping]
) -> None:
    desks = [make_desk("a"), make_desk("b")]
    for desk in desks:
        desk.join(centre.url, centre.code())
    a, b = (looping(desk) for desk in desks)
    a.until(well)
    b.until(well)
    rid = desks[0].capture()
    b.until(lambda status: well(status) and knows(desks[1], rid))
    a.until(lambda status: well(status) and desks[0].journal.waiting() == 0)
    status = a.loop.status()
    assert (status.joined, status.waiting, status.parked, status.url) == (True, 0, 0, centre.url)
    assert status.last_at is not None


def test_the_loop_comes_back_after_the_centre_was_away(
    centre: CentreProcess, make_desk: MakeDesk, looping: Callable[[DeskFile], Looping]
) -> None:
    desk = make_desk("a")
    desk.join(centre.url, centre.code())
    one = looping(desk)
    one.until(well)
    centre.kill()
    desk.capture()
    assert one.until(lambda status: bool(status.problem)).problem == "offline"
    assert desk.journal.waiting() > 0
    centre.start()
    one.until(lambda status: well(status) and desk.journal.waiting() == 0)
    assert len(centre.log(f"team:{desk.journal.identity.team_slug}")) == 5  # type: ignore[union-attr]


def test_a_desk_at_home_has_nothing_to_tell_and_ends_at_once(
    make_desk: MakeDesk, looping: Callable[[DeskFile], Looping]
) -> None:
    desk = make_desk("a")
    desk.capture()
    one = looping(desk)
    assert not one.told.get(timeout=PATIENCE_S).online
    one.loop.kick()
    status = one.loop.status()
    assert (status.joined, status.waiting, status.problem) == (False, 0, "")


def test_joining_wakes_the_loop(
    centre: CentreProcess, make_desk: MakeDesk, looping: Callable[[DeskFile], Looping]
) -> None:
    desk = make_desk("a")
    desk.capture()
    one = looping(desk)
    one.told.get(timeout=PATIENCE_S)
    desk.join(centre.url, centre.code())
    one.until(lambda status: well(status) and desk.journal.waiting() == 0)


def test_a_stopped_scope_is_told_and_the_others_go_on(
    centre: CentreProcess, make_desk: MakeDesk, looping: Callable[[DeskFile], Looping]
) -> None:
    desk = make_desk("a")
    desk.join(centre.url, centre.code())
    desk.sync()
    identity = desk.journal.identity
    assert identity is not None
    team = f"team:{identity.team_slug}"
    with centre.database() as conn:
        conn.execute("UPDATE scope_head SET epoch='00' WHERE scope='site'")
    conn.close()
    desk.capture()
    one = looping(desk)
    status = one.until(well)
    assert status.stopped == (("site", "epoch"),)
    assert len(centre.log(team)) == 5


def test_pauses_grow_are_random_and_honour_the_centre() -> None:
    def widest(low: float, high: float) -> float:
        assert low == 1.0
        return high

    assert [pause_after(n, None, widest) for n in (1, 2, 5, 6, 50)] == [2.0, 4.0, 32.0, 60.0, 60.0]
    assert pause_after(1, 30.0, widest) == 30.0
    assert pause_after(3, None, lambda low, high: low) == 1.0
