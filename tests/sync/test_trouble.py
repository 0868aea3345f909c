"""Real processes, a real port, a cut line, kill -9 on both sides: after a retry each change is there exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sync import forked, sync_desk
from tests.sync.centres import CentreProcess
from tests.sync.checks import settled, shown_is_log_then_pending
from tests.sync.desks import ROW_A, DeskFile
from tests.sync.proxy import Proxy, Trouble

MakeDesk = Callable[[str], DeskFile]


@pytest.fixture
def proxy(centre: CentreProcess, tmp_path: Path) -> Iterator[Proxy]:
    made = Proxy(centre.port, tmp_path / "acks")
    yield made
    made.close()


@pytest.fixture
def desks(centre: CentreProcess, proxy: Proxy, make_desk: MakeDesk) -> list[DeskFile]:
    """Two desks that speak through the proxy."""
    made = [make_desk("a"), make_desk("b")]
    for desk in made:
        desk.join(proxy.url, centre.code())
        desk.sync()
    return made


def work(desk: DeskFile, other: str | None = None) -> str:
    """Write some of everything; also on a request of the other desk."""
    rid = desk.capture(ROW_A)
    desk.note(rid, "客户说漏水严重")
    if other is not None:
        desk.note(other, "同事补充")
        with desk.journal.transaction() as txn:
            txn.write("request", other, root=other, patch={"description": "补充说明", "tags": {"logistics": True}})
    return rid


def until_settled(desks: list[DeskFile]) -> None:
    """Exchange without trouble until everybody has everything."""
    for _ in range(2):
        for desk in desks:
            report = desk.sync()
            assert (report.error, report.stopped) == ("", ())


def run_desk(desk: DeskFile, *words: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    """Let the desk's command run as a process of its own; the store is let go for it and opened again."""
    path = desk.store.path
    desk.close()
    done = forked.run(sync_desk.main, [str(path), *words], {**os.environ, "AGENTDESK_FAULT": fault})
    desk.reopen()
    return done


def test_a_cut_line_costs_nothing(centre: CentreProcess, proxy: Proxy, desks: list[DeskFile]) -> None:
    """Cut after k bytes in either direction, for k all over an exchange, and swallow whole answers."""
    a, b = desks
    up, down = proxy.passed_up, proxy.passed_down
    rid = work(a)
    assert a.sync().error == ""
    sizes = {"up": proxy.passed_up - up, "down": proxy.passed_down - down}
    for way, size in sizes.items():
        for eighth in range(8):
            work(a, rid)
            proxy.trouble = Trouble(**{way: size * eighth // 8 + 7 * eighth})
            a.sync()
            shown_is_log_then_pending(a)
    for answer in range(3):
        work(b)
        proxy.trouble = Trouble(swallow="any")
        assert b.sync().error == "offline", answer
    proxy.trouble = None
    until_settled(desks)
    settled(centre, desks, proxy.acks())
    assert len(proxy.acks()) > 100


def test_a_push_whose_answer_is_swallowed_is_dup_the_next_time(
    centre: CentreProcess, proxy: Proxy, desks: list[DeskFile]
) -> None:
    a = desks[0]
    work(a)
    waiting = a.journal.waiting()
    proxy.trouble = Trouble(swallow="push")
    assert a.sync().error == "offline"
    assert a.journal.waiting() == waiting, "what nobody answered is not settled"
    assert a.sync().pushed == waiting
    assert [ack.status for ack in proxy.acks()] == ["ok"] * waiting + ["dup"] * waiting
    until_settled(desks)
    settled(centre, desks, proxy.acks())


@pytest.mark.parametrize("point", ["lock.held", "inserted", "committed"])
def test_a_centre_killed_while_it_writes(
    centre: CentreProcess, proxy: Proxy, desks: list[DeskFile], point: str
) -> None:
    a, b = desks
    rid = work(a)
    until_settled(desks)
    centre.stop()
    centre.start(fault=point)
    waiting = (work(a, rid), a.journal.waiting())[1]
    assert a.sync().error == "offline"
    assert centre.wait_dead() == -signal.SIGKILL
    assert a.journal.waiting() == waiting
    work(b, rid)
    centre.start()
    until_settled(desks)
    settled(centre, desks, proxy.acks())


def test_a_centre_killed_between_pushes_that_share_a_commit(
    centre: CentreProcess, proxy: Proxy, desks: list[DeskFile], make_desk: MakeDesk
) -> None:
    """Three desks push while the test holds the file's lock, so that two of them wait together and share a commit."""
    third = make_desk("c")
    third.join(proxy.url, centre.code())
    everybody = [*desks, third]
    until_settled(everybody)
    centre.stop()
    centre.start(fault="group.mid")
    assert centre.process is not None
    for _ in range(20):
        for desk in everybody:
            work(desk)
        _push_together(centre, proxy, everybody)
        if centre.process.poll() is not None:
            break
    assert centre.wait_dead() == -signal.SIGKILL
    centre.start()
    until_settled(everybody)
    settled(centre, everybody, proxy.acks())


def _push_together(centre: CentreProcess, proxy: Proxy, desks: list[DeskFile]) -> None:
    """Hold the lock of the centre's file until every desk has greeted and sent its push."""
    while proxy.requests.acquire(blocking=False):
        pass
    threads = [threading.Thread(target=desk.sync) for desk in desks]
    lock = centre.database()
    lock.execute("BEGIN IMMEDIATE")
    for thread in threads:
        thread.start()
    for _ in range(2 * len(desks)):
        proxy.requests.acquire(timeout=1)
    lock.execute("ROLLBACK")
    lock.close()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("point", ["push.sent", "settle.before", "settle.mid", "apply.rows", "rebase.mid"])
def test_a_desk_killed_while_it_exchanges(
    centre: CentreProcess, proxy: Proxy, desks: list[DeskFile], point: str
) -> None:
    a, b = desks
    rid = work(a)
    until_settled(desks)
    work(b, rid)
    b.sync()
    work(a, rid)
    killed = run_desk(a, fault=point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    shown_is_log_then_pending(a)
    report: dict[str, Any] = json.loads(run_desk(a).stdout)
    assert report["error"] == ""
    shown_is_log_then_pending(a)
    until_settled(desks)
    settled(centre, desks, proxy.acks())


def test_a_desk_killed_in_the_middle_of_joining_is_home_or_joined(
    centre: CentreProcess, proxy: Proxy, make_desk: MakeDesk
) -> None:
    desk, code = make_desk("late"), centre.code()
    work(desk)
    killed = run_desk(desk, proxy.url, code, fault="join.mid")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    identity = desk.journal.identity
    assert identity is not None and not identity.joined
    again = run_desk(desk, proxy.url, code)
    assert json.loads(again.stdout)["brought"] > 0, again.stderr
    until_settled([desk])
    settled(centre, [desk], proxy.acks())


def test_a_mutated_field_is_seen_by_the_comparison(centre: CentreProcess, proxy: Proxy, desks: list[DeskFile]) -> None:
    a, b = desks
    rid = work(a)
    until_settled(desks)
    assert a.digest() == b.digest()
    with b.store.plain_write() as conn:
        conn.execute('UPDATE request SET emotion=\'{"emotion":"calm"}\' WHERE id=?', (rid,))
    assert a.digest() != b.digest()
    with pytest.raises(AssertionError):
        settled(centre, desks, proxy.acks())
