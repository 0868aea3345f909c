"""The composer in a real terminal: the cells of a finding are underlined, and no character that came is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentdesk.desk.library import shipped_linter
from tests.terminal import desks
from tests.terminal.baddays import HomeOf
from tests.terminal.rawpty import PtyProgram
from tests.terminal.sitting import NARROW, WIDE, Sitting
from tests.terminal.test_hostile import F3, pasted, started
from tests.terminal.tmux import Cell, there

pytestmark = [pytest.mark.terminal, pytest.mark.serial, pytest.mark.skipif(not there(), reason="tmux is not installed")]

LONG = (
    "您好😀，关于洗衣机ＡＢＣ－１２３的事，这个问题不歸我管😀，我也不·知·道怎么办👍，您自己上網查一下😀。"
    "放心：我們保證產品１００％無故障😀，穩賺不賠👍！这件事不不歸歸我管，那件事不😀歸😀我😀管，"
    "这件呢还是不归我管，还有一件也不归我管，最后这件我真的不知道"
)
"""Wide, full-width and traditional characters and emoji, with so many findings that some lie over the edge of a row."""

CHANGING = ("这个问题我不知道，不归我管；保证产品100%无故障😀！稳赚不赔，没门儿。" * 20)[:400]
"""Findings that come and go with almost each key."""


def expected(text: str) -> list[str]:
    """What lint finds in a text, in its order."""
    return [one.text for one in shipped_linter().check(text)]


def rows_of(desk: Sitting, first: str) -> list[list[Cell]]:
    """The rows of the composer, from its first words to the line of the finding, in its column."""
    cells = desk.cells()
    top, left = next(
        (y, x)
        for y, row in enumerate(cells)
        for x in range(len(row))
        if "".join(cell.text for cell in row[x : x + 2 * len(first)]).startswith(first)
    )
    right = (
        desk.columns if desk.columns < WIDE[0] else next(x for x in range(left, desk.columns) if _edge(cells, top, x))
    )
    rows = [row[left:right] for row in cells[top:]]
    ends = next(
        y for y, row in enumerate(rows) if "".join(cell.text for cell in row).startswith(("需确认", "不可发送"))
    )
    return rows[:ends]


def _edge(cells: list[list[Cell]], y: int, x: int) -> bool:
    """Whether another column begins here: its ground is of another colour."""
    return cells[y][x].background != cells[y][x - 1].background and not cells[y][x].underlined


def marked(rows: list[list[Cell]]) -> str:
    """The underlined characters, rows one after the other."""
    return "".join(cell.text for row in rows for cell in row if cell.underlined)


def crossings(rows: list[list[Cell]]) -> int:
    """How many underlined runs go on in the next row."""
    drawn = [[cell for cell in row if cell.text.strip()] for row in rows]
    return sum(
        one[-1].underlined and two[0].underlined for one, two in zip(drawn, drawn[1:], strict=False) if one and two
    )


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
def test_the_underlined_cells_are_the_characters_of_the_findings(size: tuple[int, int], home_of: HomeOf) -> None:
    with Sitting("composer", home_of("zh_CN"), size) as desk:
        desk.queue()
        desk.key("F3")
        desk.wait("输入回复")
        over_the_edge = 0
        for lead in ("", "嗯", "嗯，"):
            text = lead + LONG
            desk.paste(text)
            found = "".join(expected(text))
            assert found
            desk.wait(until=lambda _: _shows(desk, text, found))  # noqa: B023 - called at once
            rows = rows_of(desk, text[:4])
            over_the_edge += crossings(rows)
            while "输入回复" not in desk.screen():
                desk.keys_of("C-u", "BSpace")
        assert over_the_edge, "no finding lay over the edge of a row"
        desk.quit()


def _shows(desk: Sitting, text: str, found: str) -> bool:
    """Whether the whole text stands in the composer, and just the findings are underlined."""
    try:
        rows = rows_of(desk, text[:4])
    except StopIteration:
        return False
    shown = "".join(cell.text for row in rows for cell in row).replace(" ", "")
    return shown.startswith(text) and marked(rows) == found


@pytest.fixture
def writing(home_of: HomeOf) -> tuple[PtyProgram, Callable[[str], None]]:
    """A desk on a terminal with the caret in the reply, and what waits until exactly this text is its draft."""
    home = home_of("zh_CN")
    desk = started(home)

    def stored(text: str) -> None:
        desk.wait(until=lambda _: any(value.get("text") == text for value in desks.drafts(home).values()))

    desk.wait("下一步")
    desk.send(F3.encode())
    desk.wait("输入回复")
    return desk, stored


def test_nothing_is_lost_under_fast_typing_and_long_pastes(writing: tuple[PtyProgram, Callable[[str], None]]) -> None:
    """A paste of 100 kB is refused in one piece, as a reply holds 5,000 characters; all else stays."""
    desk, stored = writing
    with desk:
        desk.send(CHANGING.encode())  # in one go, as a macro of the keyboard
        stored(CHANGING)
        huge = ("不归我管，😀保本，" * 5_000)[:33_334]
        assert len(huge.encode()) > 100_000
        desk.send("。前".encode() + pasted(huge) + "后".encode())
        desk.wait("内容过长")
        stored(CHANGING + "。前后")
        fits = ("我不知道😀，\n不·归·我·管。" * 300)[:3_200]
        desk.send(pasted(fits) + "尾".encode())
        stored(CHANGING + "。前后" + fits + "尾")
        desk.send(b"\x12")  # ctrl+r, then undo: exactly what was there
        desk.wait("需确认")
        desk.send(b"\x1a")
        stored(CHANGING + "。前后" + fits + "尾")
