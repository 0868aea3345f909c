"""`agentdesk demo` in a real terminal: watermark, a colleague's changes without a key, nothing left however it ends."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk.app.demo.begin import PREFIX
from tests.terminal.tmux import PATIENCE, ROOT, SETTLE, Terminal, agentdesk, run, there

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.serial,
    pytest.mark.skipif(not there(), reason="tmux is not installed"),
]

MARKS = {"zh_CN.UTF-8": "演示：虚构数据", "zh_TW.UTF-8": "示範：虛構資料", "en_US.UTF-8": "Demo: invented data"}
ARRIVES = "许*"
"""The first customer whom the second desk takes down."""
TAKEN_DOWN_LATER = "吕*"


def digest(home: Path) -> dict[str, str]:
    """Every file of a home with its bytes."""
    found = (path for path in sorted(home.rglob("*")) if path.is_file())
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return [int(child) for child, parent, stat in rows if int(parent) == pid and not stat.startswith("Z")]


def lives(pid: int) -> bool:
    """Whether a process runs (one that ended and was not asked for does not)."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(found) and not found.startswith("Z")


class Demo(Terminal):
    """A demonstration with a folder of its own for temporary files and somebody's real home beside it."""

    def __init__(self, folder: Path, lang: str) -> None:
        """Make the real home, then start the demonstration over it."""
        self.real, self.temporary, self.lang = folder / "real", folder / "tmp", lang
        self.temporary.mkdir()
        run("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", home=self.real)
        (self.real / "token").write_text("not a real token\n", encoding="ascii")
        (self.real / "preferences.toml").write_text('theme = "agentdesk-light"\n', encoding="utf-8")
        self.before = digest(self.real)
        env = {"AGENTDESK_HOME": str(self.real), "PYTHONPATH": str(ROOT), "LANG": lang, "TMPDIR": str(self.temporary)}
        super().__init__("demo", agentdesk("demo", "--pace", "1"), size=(80, 24), env=env)
        self.other: list[int] = []

    def opened(self) -> Demo:
        """Wait for the queue and for what the second desk does there, without a key."""
        self.wait("F9", ARRIVES)
        self.other = children(self.pid())
        assert len(self.other) == 1, "the centre and the second desk are one process"
        assert len(self.folders()) == 1
        return self

    def folders(self) -> list[Path]:
        """What lies in the folder for temporary files."""
        return list(self.temporary.glob(f"{PREFIX}*"))

    def leaves_nothing(self) -> None:
        """Wait until process and folder are gone; the real home is byte for byte what it was."""
        ends = time.monotonic() + PATIENCE
        while self.folders() or any(lives(pid) for pid in self.other):
            assert time.monotonic() < ends, (self.folders(), self.other)
            time.sleep(SETTLE)
        assert digest(self.real) == self.before


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with Demo(tmp_path, "zh_CN.UTF-8") as started:
        yield started


def test_a_look_round_with_a_colleague_at_work(demo: Demo) -> None:
    mark = MARKS["zh_CN.UTF-8"]
    assert mark in demo.opened().screen()
    demo.wait(mark, ARRIVES, TAKEN_DOWN_LATER, "已同步")
    for key, shows in (("F3", "下一步"), ("F10", "中心"), ("Escape", ""), ("Escape", "工单号"), ("F2", "客户等待")):
        demo.key(key)
        demo.wait(mark, shows)
    demo.key("Escape")
    demo.wait("工单号", mark)
    demo.key("C-q")
    assert demo.wait_exit() == 0
    demo.wait("演示结束")
    demo.leaves_nothing()


def test_told_to_end_it_leaves_the_terminal_in_order(demo: Demo) -> None:
    demo.opened()
    os.kill(demo.pid(), signal.SIGTERM)
    assert demo.wait_exit() == 128 + signal.SIGTERM
    assert "F9" not in demo.screen()
    demo.leaves_nothing()


def test_killed_it_leaves_nothing_either(demo: Demo) -> None:
    demo.opened()
    os.kill(demo.pid(), signal.SIGKILL)
    assert demo.wait_exit() == -signal.SIGKILL
    demo.leaves_nothing()


def test_interrupted_before_the_screen_comes(demo: Demo) -> None:
    demo.wait("正在准备")
    demo.other = children(demo.pid())
    os.kill(demo.pid(), signal.SIGINT)
    assert demo.wait_exit() == 130
    demo.leaves_nothing()
