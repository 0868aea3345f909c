"""What an agent does at the desk, as keys: the verbs of the terminal tests. Nothing here looks behind the screen."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.terminal.tmux import PATIENCE, ROOT, Terminal, agentdesk, on

NARROW, WIDE = (80, 24), (140, 40)
ARTEFACTS = ROOT / "test-artefacts" / "terminal"

AFTER = ("需确认", "不可发送", "提示", "未发现禁用语", "[", "F1")
"""How the lines below the composer begin: findings, notices, keys."""

ALONE = ["unshare", "--map-root-user", "--net", "--"]
"""Runs a program where there is no network at all, not even the loopback device."""


def without_network() -> list[str]:
    """Return what to put before a command so that it has no network; nothing where the system does not allow it."""
    if shutil.which(ALONE[0]) is None:
        return []
    tried = subprocess.run([*ALONE, "true"], capture_output=True, timeout=PATIENCE)
    return ALONE if tried.returncode == 0 else []


class Sitting(Terminal):
    """One person at one desk in one terminal."""

    def __init__(self, name: str, home: Path, size: tuple[int, int], *, network: bool = True) -> None:
        """Open the desk of `home`; the transcript goes to `test-artefacts/terminal/<name>-<size>.txt`."""
        columns, rows = size
        super().__init__(
            name,
            [*([] if network else without_network()), *agentdesk()],
            size=size,
            env={"AGENTDESK_HOME": str(home), "PYTHONPATH": str(ROOT)},
            transcript=ARTEFACTS / f"{name}-{columns}x{rows}.txt",
        )
        self.columns, self.rows = columns, rows

    def keys_of(self, *names: str) -> None:
        """Press keys one after the other."""
        for name in names:
            self.key(name)

    # -- the queue ----------------------------------------------------------------------------------------------------

    def queue(self) -> str:
        """Wait for the queue and its rows."""

        def painted(screen: str) -> bool:
            lines = screen.splitlines()
            fills = len(lines) == self.rows and lines[-1].startswith(" F1")
            return fills and (on("下一步", screen) or on("没有待办需求", screen))

        return self.wait("工单号", "受理", until=painted)

    def focused(self) -> str:
        """The row of the queue that the cursor stands on."""
        return next((row for row in self.screen().splitlines() if row.startswith(">")), "")

    def show_all(self) -> None:
        """Show closed requests in the list too."""
        self.key("C-l")
        listed = re.search(r"(\d) +全部 ", self.wait("选择视图"))
        assert listed is not None, self.screen()
        self.key(listed.group(1))
        self.wait(gone="选择视图", until=lambda screen: on("全部", screen.splitlines()[1]))

    def to_row(self, number: str) -> None:
        """Put the cursor on the row of a request."""
        self.key("Home")
        self.wait(until=lambda screen: next((row for row in screen.splitlines() if "AD-" in row), "").startswith(">"))
        for _ in range(self.screen().count("AD-")):
            if number in (here := self.focused()):
                return
            self.key("Down")
            self.wait(until=lambda _, here=here: self.focused() != here)
        self.wait(until=lambda _: number in self.focused())

    def quit(self) -> None:
        """Leave the desk; nothing may wait."""
        self.key("C-q")
        code = self.wait_exit()
        assert code == 0, f"the desk ended with {code}\n{self.screen()}"

    # -- forms --------------------------------------------------------------------------------------------------------

    def row(self, label: str) -> str:
        """What stands behind a label of a form, up to the next column."""
        cells = self.cells()
        half = self.columns // 2 if self.columns >= WIDE[0] else self.columns
        for row in cells:
            for start in range(0, self.columns, half):
                text = "".join(cell.text for cell in row[start : start + half])
                head, found, rest = text.partition(label)
                if found and not head.strip(" *v!") and rest[:1] in ("", " "):
                    return rest.strip()
        return ""

    def holds(self, label: str, text: str) -> None:
        """Wait until a field of the form shows a text."""
        self.wait(until=lambda _: text in self.row(label))

    # -- the workspace ------------------------------------------------------------------------------------------------

    def composer(self) -> str:
        """The text below the line of the next step, as it is wrapped."""
        rows = self._centre()
        at = next((number for number, row in enumerate(rows) if row.startswith("下一步")), len(rows))
        ends = next((number for number, row in enumerate(rows) if row.startswith(AFTER)), len(rows))
        return "".join(rows[at + 1 : ends])

    def history(self, first: str, last: str) -> list[str]:
        """Everything in the timeline of a request that has ended, from the row with `first` to that with `last`."""
        self.key("Home")
        self.wait(until=lambda _: any(first in row for row in self.timeline()[:2]))
        told = self.timeline()

        def has_moved(_: str) -> bool:
            return bool(_after(told, self.timeline()))

        while last not in told[-1]:
            self.key("NPage")
            self.wait(until=has_moved)
            told += _after(told, self.timeline())
        return told

    def timeline(self) -> list[str]:
        """The rows of the timeline that are in sight."""
        rows = self._centre()
        ends = next((number for number, row in enumerate(rows) if row.startswith("下一步")), len(rows))
        return [row for row in rows[2:ends] if row]

    def _centre(self) -> list[str]:
        """The rows of the middle column: all of the screen where there is only one."""
        cells = self.cells()
        left, right = 0, self.columns
        if self.columns >= WIDE[0]:
            # A wide character takes two cells: a blank stands for the second, so that places are cells.
            shown = ["".join(cell.text or " " for cell in row) for row in cells]
            left = min(at for text in shown if (at := text.find("下 一 步")) >= 0)  # why a phrase fits says it too
            right = max(text.find(title) for text in shown[2:4] for title in ("话 术", "知 识"))
            right = right if right > left else self.columns
        return ["".join(cell.text for cell in row[left:right]).strip(" ▁▂▃▄▅▆▇█▔") for row in cells]


def _after(told: list[str], page: list[str]) -> list[str]:
    """The rows of a page that follow what was told already."""
    for overlap in range(min(len(told), len(page)), 0, -1):
        if told[-overlap:] == page[:overlap]:
            return page[overlap:]
    return page
