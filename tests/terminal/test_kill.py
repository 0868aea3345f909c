"""The desk is killed as `kill -9` does, at named points and at random moments: what the screen called saved is there.

Power loss is not shown by this (the page cache outlives a process): that every commit waits for the disk is counted.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agentdesk.app.terminal_input import HUNG_UP
from tests.terminal import desks, witness
from tests.terminal.desks import Change, DeskTerminal, changed_package
from tests.terminal.rawpty import PtyProgram
from tests.terminal.tmux import PATIENCE, ROOT, ScreenNeverCame, run
from tests.terminal.witness import Lost, Witness

pytestmark = [pytest.mark.terminal, pytest.mark.serial]

SEED = 20240428
KILLS = 50
MOST = 3
"""Times that the kills are made at most, where the machine lets little be typed between them."""
LANES = 2
REQUESTS = 8
BLINK_S = 0.01
"""Seconds that one look takes at least: nobody types faster than they see, and the desk has the processor meanwhile."""
LONGEST_S = 1.8
"""Seconds of typing after which the latest kill of a round comes."""

SAID_EARLY = Change(
    "screens/reply.py",
    'self._asking.ask("send", call, self._sent',
    'self._asking.say(t("reply.sent"), "done"); self._asking.ask("send", call, self._sent',
)
TIMER_OFF = Change("screens/typed.py", "self._timer = screen.set_timer(DELAY, lambda: self.store())", "del screen")
SYNC_OFF = Change("store/database.py", '"synchronous": 2,', '"synchronous": 0,')

COUNTED_COMMITS = 40


def make_home(folder: Path, requests: int = 1) -> Path:
    """A desk with so many requests."""
    run("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", home=folder)
    run("request", "add", "-", home=folder, stdin=desks.rows(requests))
    return folder


class Typist:
    """Types numbered words, tells the witness, and never waits for the desk while it types."""

    def __init__(self, desk: DeskTerminal, seen: Witness, first: int) -> None:
        self.desk = desk
        self.seen = seen
        self._next = first

    def look(self) -> str:
        """Look at the screen and have it noted."""
        screen = self.desk.screen()
        self.seen.look(screen)
        time.sleep(BLINK_S)
        return screen

    def look_until(self, said: Callable[[str], bool]) -> str:
        """Look until the screen says so."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            screen = self.look()
            if said(screen):
                return screen
        raise ScreenNeverCame(self.look())

    def word(self) -> str:
        """Type one word that never came before."""
        token = f"k{self._next:05d}"
        self._next += 1
        self.desk.send(token + " ")
        return token

    def open_workspace(self, down: int = 0) -> None:
        """Open a request of the queue."""
        self.look_until(lambda screen: "AD-" in screen and "F2" in screen)
        self.desk.press(*["Down"] * down, "F3")
        self.look_until(lambda screen: witness.NEXT_STEP in screen)

    def open_form(self) -> None:
        """Open the capture form and fill it as far as the description, which has the focus then."""
        self.look_until(lambda screen: "AD-" in screen and "F2" in screen)
        self.desk.press("F2")
        self.look_until(lambda screen: "* 客户姓名" in screen)  # the rules are loaded: gaps are known
        for text in ("李某", "13900000009", "C-9009"):
            self.desk.press("C-g")
            self.desk.send(text)
            self.look_until(lambda screen, text=text: text in screen)
        self.desk.press("C-g")
        for chosen in ("咨询]", "产品]"):
            self.desk.press("1")
            self.look_until(lambda screen, chosen=chosen: chosen in screen)
        self.desk.send("空调")
        self.look_until(lambda screen: "产品服务     空调" in screen)
        self.desk.press("C-g")

    def send(self) -> None:
        """Press the key that sends."""
        self.look()
        self.seen.tell_send()
        self.desk.press("F8")

    def record(self) -> None:
        """Go to the emotion, choose it, record."""
        self.look_until(lambda screen: f"k{self._next - 1:05d}" in screen)
        self.desk.press("C-g", "1")
        self.look_until(lambda screen: "平和]" in screen)
        self.desk.press("F8")

    def reply_until(self, moment: float, chance: random.Random) -> None:
        """Write and send replies until a moment of the monotonic clock."""
        while time.monotonic() < moment:
            self.word()
            self.look()
            if chance.random() < 0.12:
                self.send()

    def capture_until(self, moment: float, chance: random.Random) -> None:
        """Write a description, record it somewhere before the moment, then write replies."""
        record_at = moment - chance.uniform(0.0, LONGEST_S)
        self.open_form()
        self.word()
        while time.monotonic() < min(record_at, moment):
            self.word()
            self.look()
        self.record()
        while time.monotonic() < moment:
            if witness.NEXT_STEP in self.look():
                self.reply_until(moment, chance)

    def kill(self) -> None:
        """Kill the desk; the witness notes when."""
        self.seen.note("killed")
        self.desk.kill9()


def drop_forms(home: Path) -> None:
    """Take the drafts of forms out, so that the next round begins with an empty one."""
    conn = desks.open_for_reading(home)
    try:
        conn.execute("DELETE FROM draft WHERE key LIKE 'intake:%'")
    finally:
        conn.close()


def random_kills(folder: Path, lane: int, kills: int) -> Counter[str]:
    """Kill one desk so often; every check is made after every kill. Returns what was compared at last.

    On a busy machine little is typed before a kill: it is killed more often then, until two words a kill were compared.
    """
    home = make_home(folder / f"home{lane}", REQUESTS)
    chance = random.Random(SEED + lane)
    seen = Witness(folder / f"witness{lane}.jsonl")
    total: Counter[str] = Counter()
    with DeskTerminal(f"kill{lane}", home) as desk:
        typist = Typist(desk, seen, first=1)
        for kill in range(MOST * kills):
            if kill >= kills and total["typed"] > 2 * kills:
                break
            if kill:
                desk.again()
            seen.begin()
            after = chance.uniform(0.05, LONGEST_S)
            if chance.random() < 0.2:
                typist.look_until(lambda screen: "AD-" in screen)
                typist.capture_until(time.monotonic() + after, chance)
            else:
                typist.open_workspace(chance.randrange(REQUESTS))
                typist.reply_until(time.monotonic() + after, chance)
            typist.kill()
            done = witness.check(home, seen.path)
            total["typed"] += done["typed"]
            total["kills" if kill < kills else "more"] += 1
            drop_forms(home)
    total += Counter({"sent": done["sent"], "recorded": done["recorded"]})
    listed = json.loads(run("request", "list", "--json", home=home).stdout)
    told = {witness.short(number) for number in seen.numbers}
    assert told <= {witness.short(row["number"]) for row in listed}
    return total


def test_fifty_kills_at_random_moments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under typing and saving: nothing called saved is lost or doubled, drafts are at most a second old."""
    with ThreadPoolExecutor(LANES) as pool:
        lanes = [pool.submit(random_kills, tmp_path, lane, KILLS // LANES) for lane in range(LANES)]
        total = sum((lane.result() for lane in lanes), Counter[str]())
    with capsys.disabled():
        sys.stdout.write(f"\n  {dict(total)}\n")
    assert total["kills"] == KILLS
    assert total["sent"] > KILLS and total["recorded"] > REQUESTS and total["typed"] > 2 * KILLS


def at_point(folder: Path, point: str, use: str, package: Path = ROOT) -> Path:
    """Stop the desk at a point while it saves a reply or a record, look for a while, kill it there, check."""
    home, stood = make_home(folder / "home"), folder / "stands"
    seen = Witness(folder / "witness.jsonl")
    with DeskTerminal("point", home, package=package, fault=f"{point}:1:pause:{stood}") as desk:
        typist = Typist(desk, seen, first=1)
        seen.begin()
        typist.open_workspace() if use == "reply" else typist.open_form()
        words = [typist.word() for _ in range(5)]
        typist.look_until(lambda screen: words[-1] in screen)
        typist.send() if use == "reply" else typist.record()
        waits_until = time.monotonic() + PATIENCE
        while not stood.exists():
            assert time.monotonic() < waits_until, desk.screen()
            typist.look()
        # The person looks on for longer than a draft may be old; the screen must promise nothing meanwhile.
        ends = time.monotonic() + witness.OLDEST_S + 0.3
        while time.monotonic() < ends:
            typist.look()
        typist.kill()
    witness.check(home, seen.path)
    assert not set(words) & seen.sent, "called sent while the commit had not been told"
    return home


@pytest.mark.parametrize("use", ["reply", "record"])
def test_killed_before_the_commit(tmp_path: Path, use: str) -> None:
    """Nothing was called saved, nothing is saved; what was typed is all in the form after the restart."""
    home = at_point(tmp_path, "commit.before", use)
    saved = " ".join([*desks.messages(home), *desks.descriptions(home).values()])
    assert not witness.TOKEN.findall(saved)
    with DeskTerminal("again", home) as desk:
        typist = Typist(desk, Witness(tmp_path / "after.jsonl"), first=90)
        typist.look_until(lambda screen: "AD-" in screen)
        if use == "reply":
            typist.open_workspace()
        else:
            desk.press("F2")
        typist.look_until(lambda screen: all(f"k0000{number}" in screen for number in range(1, 6)))


@pytest.mark.parametrize("use", ["reply", "record"])
def test_killed_after_the_commit_before_the_screen_says_saved(tmp_path: Path, use: str) -> None:
    """The work is there once, and no draft of it is left to be saved a second time."""
    home = at_point(tmp_path, "commit.after", use)
    saved = " ".join([*desks.messages(home), *desks.descriptions(home).values()])
    assert Counter(witness.TOKEN.findall(saved)) == Counter(f"k0000{number}" for number in range(1, 6))
    assert not witness.TOKEN.findall(json.dumps(desks.drafts(home)))
    with DeskTerminal("again", home) as desk:
        typist = Typist(desk, Witness(tmp_path / "after.jsonl"), first=90)
        if use == "reply":
            typist.open_workspace()
            typist.look_until(lambda screen: "k00005" in screen.partition(witness.NEXT_STEP)[0])
        else:
            typist.look_until(lambda screen: "-0002" in screen)


def test_the_witness_notices_saved_said_before_the_commit(tmp_path: Path) -> None:
    """Mutant: the screen says so when the key is pressed."""
    package = changed_package(tmp_path / "package", SAID_EARLY)
    with pytest.raises((Lost, AssertionError), match="called sent"):
        at_point(tmp_path, "commit.before", "reply", package)


def draft_kept(folder: Path, package: Path = ROOT) -> Counter[str]:
    """Type for longer than a draft may be old, and more than ten words, kill, check."""
    home = make_home(folder / "home")
    seen = Witness(folder / "witness.jsonl")
    with DeskTerminal("draft", home, package=package) as desk:
        typist = Typist(desk, seen, first=1)
        seen.begin()
        typist.open_workspace()
        ends, words = time.monotonic() + 2 * witness.OLDEST_S, 0
        while time.monotonic() < ends or words <= 10:
            typist.word()
            typist.look()
            words += 1
        typist.kill()
    return witness.check(home, seen.path)


def test_a_draft_is_at_most_a_second_old_while_somebody_types_without_a_pause(tmp_path: Path) -> None:
    """The timer is not pushed back by further keys."""
    assert draft_kept(tmp_path)["typed"] > 10


def test_the_witness_notices_a_draft_timer_that_is_off(tmp_path: Path) -> None:
    """Mutant: nothing is stored while typing."""
    with pytest.raises(Lost, match="kept nowhere"):
        draft_kept(tmp_path, changed_package(tmp_path / "package", TIMER_OFF))


def flushes(folder: Path, package: Path) -> int:
    """How often the desk waits for the disk on the store's files while it records `COUNTED_COMMITS` requests."""
    home = folder / "home"
    run("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", home=home)
    trace = folder / "trace"
    watch = ["strace", "-f", "-y", "-o", str(trace), "-e", "trace=fdatasync,fsync"]
    env = {**os.environ, "AGENTDESK_HOME": str(home), "PYTHONPATH": str(package)}
    subprocess.run(
        [*watch, *desks.program("request", "add", "-")],
        env=env,
        input=desks.rows(COUNTED_COMMITS).encode(),
        check=True,
        timeout=120,
        capture_output=True,
    )
    assert len(desks.descriptions(home)) == COUNTED_COMMITS
    return trace.read_text(encoding="utf-8", errors="replace").count("desk.db")


def test_every_commit_waits_for_the_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At least one flush a commit; the mutant with synchronous=OFF flushes far less, and is noticed by this count."""
    full = flushes(tmp_path / "full", ROOT)
    off = flushes(tmp_path / "off", changed_package(tmp_path / "package", SYNC_OFF))
    with capsys.disabled():
        sys.stdout.write(f"\n  flushes for {COUNTED_COMMITS} commits: FULL {full}, OFF {off}\n")
    assert full >= COUNTED_COMMITS
    assert off < COUNTED_COMMITS // 4


def test_a_terminal_that_goes_without_a_signal_ends_the_desk_and_keeps_what_was_typed(tmp_path: Path) -> None:
    """As a container's terminal does: nothing to read any more, nothing to write to, and no HUP."""
    home = make_home(tmp_path / "home")
    with PtyProgram(desks.program(), {"AGENTDESK_HOME": str(home)}) as desk:
        desk.wait("AD-", "F9")
        desk.send(b"\x1bOQ")
        desk.wait("* 客户姓名")
        desk.send(b"\x07" + "张三丰".encode())  # Ctrl+G: the first gap is the name
        desk.wait("张三丰")
        assert desk.hang_up() == HUNG_UP
    assert "张三丰" in json.dumps(desks.drafts(home), ensure_ascii=False)
    run("request", "list", home=home)  # the store is free again
