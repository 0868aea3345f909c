"""Typing on at full speed while results come: key to paint on a pty, never waiting for the one before.

What a terminal would show is drawn afterwards from the bytes and their moments, so that measuring costs the desk
nothing, and a key counts as painted only when it stands in its own field: results hold the same characters. The control
is the same keys at the same pace into a field of the same desk that searches nothing, in the same run.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pyte

from agentdesk.present.i18n import t
from agentdesk.text.pinyin import first_readings
from measure.corpus import corpus
from measure.figures import Result, Sizes, percentile
from measure.starting import desk_terminal, number_seen
from measure.stores import Homes, numbers, store_of
from measure.terminal import NotSeen, Terminal

KEY_MS = 16.0
PACE_S = 0.06
"""Seconds between two keys: nearly seventeen a second, faster than fingers."""
LONGEST = 14
"""Keys of one word; then it is taken back and the next one begins."""
SIZES = ((80, 24), (140, 40))
"""So many of them as rounds are asked for; in the second the articles stand beside the reply."""
BACKSPACE, ENTER, SPACE, ESCAPE, F5, CTRL_O = b"\x7f", b"\r", b" ", b"\x1b", b"\x1b[15~", b"\x0f"
_LOADED_S = 6.0
_UNDRAWN = re.compile(rb"\x1b(?:\[[<>=][0-9;]*u|\[\?[0-9;]+\$p)")
"""Questions to the terminal that pyte would draw."""


@dataclass(frozen=True, slots=True)
class Run:
    """One word typed at a stretch: when each of its keys was pressed, and what was seen before and after, in bytes."""

    word: str
    begin: int
    end: int
    moments: tuple[float, ...]


def typing(sizes: Sizes, homes: Homes) -> list[Result]:
    """Type titles, in characters and in pinyin, into the search and into a field without one; then into a reply."""
    results: list[Result] = []
    for columns, lines in SIZES[: sizes.rounds]:
        home = homes.copy("shelf")
        row = number_seen(next(iter(numbers(store_of(home)))))
        words = _words(sizes)
        with desk_terminal(home, columns, lines) as desk:
            desk.wait_for(row)
            desk.settle(sizes.settle_s, _LOADED_S)
            quiet = _in_tag(desk, words, columns, lines)
            searched = _in_search(desk, words, columns, lines)
            reply = _in_reply(desk, words, columns, lines)
        size = f"{columns}x{lines}"
        what = f"{{}} at full speed, {sizes.searched:,} articles, {size}"
        results += [
            _result(f"flow-search-{columns}", what.format("the knowledge search"), searched, quiet),
            _result(f"flow-reply-{columns}", what.format("a reply beside fitting articles"), reply, quiet),
        ]
    return results


def _result(row: str, what: str, ours: list[float], control: list[float]) -> Result:
    lost = f"keys over {KEY_MS:.0f} ms: {_over(ours)}; of the control: {_over(control)}"
    name = "a field without a search, same desk, same keys"
    return Result(
        row, what, "ms", ours, name, control, percentile(ours, 99), KEY_MS, "p99 <= 16 ms", notes=(lost,)
    )  # fmt: skip


def _over(samples: Sequence[float]) -> str:
    return f"{sum(one > KEY_MS for one in samples)} of {len(samples)}, worst {max(samples):.0f} ms"


def _words(sizes: Sizes) -> list[str]:
    """Titles by turns as an input method gives them and as pinyin, and as many as the keys that are wanted."""
    readings = first_readings()
    words: list[str] = []
    for number, item in enumerate(corpus(sizes.searched)):
        title = re.sub(r"[^\u4e00-\u9fff]", "", item.title)
        words.append((title if number % 2 else "".join(readings.get(char, "") for char in title))[:LONGEST])
        if sum(map(len, words)) >= sizes.keys:
            break
    return words


def _in_tag(desk: Terminal, words: Sequence[str], columns: int, lines: int) -> list[float]:
    """The tag of a marked request: a field like that of the search, guard and all, which asks nobody."""
    desk.send(SPACE)
    desk.settle(0.3)
    _open(desk, CTRL_O, "marked.tag")
    found = _flow(desk, words, columns, lines)
    desk.send(ESCAPE)
    desk.settle(0.3)
    desk.send(SPACE)
    desk.settle(0.3)
    return found


def _in_search(desk: Terminal, words: Sequence[str], columns: int, lines: int) -> list[float]:
    _open(desk, F5, "knowledge.search")
    desk.send(b"a")  # the first search of a process takes the pack over
    desk.settle(1.0, 60.0)
    desk.send(BACKSPACE)
    desk.settle(0.5, _LOADED_S)
    found = _flow(desk, words, columns, lines)
    desk.send(ESCAPE)
    desk.settle(0.5, _LOADED_S)
    return found


def _in_reply(desk: Terminal, words: Sequence[str], columns: int, lines: int) -> list[float]:
    """A reply in which the articles beside it are asked for before each word, so that they come while it is typed."""
    _open(desk, ENTER, "next.title")
    return _flow(desk, words, columns, lines, before="？？")


def _open(desk: Terminal, key: bytes, shows: str) -> None:
    """Press a key and wait for what its page shows, by its name in the catalogue, and until it is quiet."""
    desk.press(key, re.compile(re.escape(t(shows).encode())))
    desk.settle(1.0, _LOADED_S)


def _flow(desk: Terminal, words: Sequence[str], columns: int, lines: int, before: str = "") -> list[float]:
    """Type each word at the pace, then take it back in quiet; return the milliseconds from each key to its paint."""
    runs = []
    for word in words:
        for char in before:
            desk.press(char.encode(), re.compile(re.escape(char.encode())))
        runs.append(_run(desk, word))
        for _ in range(len(word) + len(before)):
            desk.send(BACKSPACE)
            desk.settle(0.02, 0.2)
        desk.settle(0.3, _LOADED_S)
    return _painted(desk, runs, columns, lines)


def _run(desk: Terminal, word: str) -> Run:
    begin, moments, due = len(desk.seen), [], time.perf_counter()
    for char in word:
        due += PACE_S
        while (left := due - time.perf_counter()) > 0:
            desk.read(left)
        moments.append(desk.send(char.encode()))
    desk.settle(0.4, _LOADED_S)
    return Run(word, begin, len(desk.seen), tuple(moments))


# -- what the terminal showed, and when -------------------------------------------------------------------------------


def _painted(desk: Terminal, runs: Sequence[Run], columns: int, lines: int) -> list[float]:
    """Draw what was written, part by part, and read off when each key of each run stood where the caret ends up."""
    screen = pyte.Screen(columns, lines)
    stream = pyte.ByteStream(screen)
    found: list[float] = []
    fed = 0

    def feed(end: int) -> None:
        nonlocal fed
        stream.feed(_UNDRAWN.sub(b"", bytes(desk.seen[fed:end])))
        fed = end

    for run in runs:
        feed(run.begin)
        frames = []
        for moment, end in desk.parts:
            if fed < end <= run.end:
                feed(end)
                frames.append((moment, _cells(screen)))
        found += _delays(run, frames, screen)
    return found


Frame = tuple[float, list[list[str]]]


def _delays(run: Run, frames: Sequence[Frame], screen: pyte.Screen) -> list[float]:
    """Return for each key the milliseconds until a frame showed it, the run ending at the caret of the last one."""
    wide = sum(2 if character > "\u2e80" else 1 for character in run.word)
    row, column = screen.cursor.y, screen.cursor.x - wide
    found: list[float] = []
    for moment, cells in frames:
        there = _length("".join(cells[row][column:]), run.word)
        while (shown := len(found)) < there and run.moments[shown] < moment:
            found.append((moment - run.moments[shown]) * 1000)
    if len(found) < len(run.word):
        raise NotSeen(f"{run.word!r} was painted only up to {len(found)}:\n" + "\n".join(screen.display))
    return found


def _cells(screen: pyte.Screen) -> list[list[str]]:
    return [[screen.buffer[row][at].data for at in range(screen.columns)] for row in range(screen.lines)]


def _length(shown: str, word: str) -> int:
    """How many characters of a word a text begins with."""
    return next((length for length in range(len(word), 0, -1) if shown.startswith(word[:length])), 0)
