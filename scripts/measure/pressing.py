"""From a key to its bytes on a pty: in the queue, in the composer, in the search of the knowledge.

Each key is pressed on a quiet screen, first in the desk and then in the control, and its time ends with the bytes that
show it: the number of the next row, the character that was typed. Never with Pilot, which waits by itself.
"""

from __future__ import annotations

import re
import statistics
from itertools import islice
from pathlib import Path

from measure.corpus import corpus
from measure.figures import Result, Sizes, percentile
from measure.starting import control_terminal, desk_terminal, number_seen
from measure.stores import Homes, numbers, store_of
from measure.terminal import Terminal

KEY_MS = 16.0
COMPOSER_RATIO = 1.25
COMPOSER_LINES = 8
DOWN, ENTER, ESCAPE, BACKSPACE, F5 = b"\x1b[B", b"\r", b"\x1b", b"\x7f", b"\x1b[15~"
TEXT = (
    "您好，关于您反映的洗衣机漏水问题，我们已经记录下来，并且转给了售后的同事。请您先关闭水源和电源，"
    "不要移动机器，拍下漏水位置的照片。售后会在两小时之内和您联系，约定上门的时间。"
)
_RARE = range(0x4F00, 0x9F00, 37)
"""Characters to be typed: each once, so that its bytes can be told from all others."""

_LOADED_S = 4.0
A_LINE = 30
"""Characters until a line is broken: a bare TextArea loses its caret for a key where a line wraps by itself."""


def pressing(sizes: Sizes, homes: Homes) -> list[Result]:
    """Press keys in one desk on the great store."""
    home = homes.copy("great")
    rows = list(islice(numbers(store_of(home)), sizes.keys + 2))
    with desk_terminal(home) as desk:
        desk.wait_for(number_seen(rows[0]))
        desk.settle(sizes.settle_s, _LOADED_S)
        in_queue = _in_queue(desk, rows, sizes)
        in_composer = _in_composer(desk, home, sizes)
        in_search = _in_search(desk, home, sizes)
    return [in_queue, *in_composer, in_search]


def _result(row: str, what: str, ours: list[float], control_name: str, control: list[float]) -> Result:
    return Result(row, what, "ms", ours, control_name, control, percentile(ours, 99), KEY_MS, "p99 <= 16 ms")


def _in_queue(desk: Terminal, rows: list[str], sizes: Sizes) -> Result:
    ours, control = [], []
    with control_terminal("rows") as bare:
        bare.wait_for(re.compile(b"row-0000"))
        for place in range(1, sizes.keys + 1):
            ours.append(desk.press(DOWN, number_seen(rows[place])))
            control.append(bare.press(DOWN, re.compile(b"row-%04d" % (place % 300))))
    what = f"Down in the queue of {sizes.many:,}, until the row's number is written"
    return _result("key-queue", what, ours, "bare OptionList of 300", control)


def _in_composer(desk: Terminal, home: Path, sizes: Sizes) -> list[Result]:
    text = (TEXT + "\n") * 4
    desk.press(ENTER, re.compile(b"F8"))
    desk.settle(sizes.settle_s / 2, _LOADED_S)
    desk.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")
    desk.settle(sizes.settle_s / 2, _LOADED_S)
    ours, control = _typed(desk, home, text, sizes.keys)
    what = f"a character in the composer, {len(text)} characters and more, {sizes.rules:,} site rules"
    ratio = statistics.median(ours) / statistics.median(control)
    name = "bare TextArea, same text and height"
    by_ratio = Result("key-composer-x", what, "ms", ours, name, control, ratio, COMPOSER_RATIO, "<= 1.25 x bare")
    return [_result("key-composer", what, ours, name, control), by_ratio]


def _typed(desk: Terminal, home: Path, text: str, count: int) -> tuple[list[float], list[float]]:
    """Type the same characters at the end of the same text into both."""
    source = home / "bare.txt"
    source.write_text(text, encoding="utf-8")
    characters = [chr(code) for code in _RARE if chr(code) not in text][:count]
    ours, control = [], []
    with control_terminal("editor", str(source), str(COMPOSER_LINES)) as bare:
        bare.wait_for(re.compile(b"bare editor"))
        for place, character in enumerate(characters):
            if place % A_LINE == 0:
                for terminal in (desk, bare):
                    terminal.settle()
                    terminal.send(b"\r-")
                    terminal.settle(0.3, 2.0)
            typed = character.encode()
            ours.append(desk.press(typed, re.compile(re.escape(typed))))
            control.append(bare.press(typed, re.compile(re.escape(typed))))
    return ours, control


def _in_search(desk: Terminal, home: Path, sizes: Sizes) -> Result:
    """Type titles of articles character by character into the search of the workspace's panel."""
    desk.send(F5)
    desk.settle(sizes.settle_s / 2, _LOADED_S)
    source = home / "bare-search.txt"
    source.write_text("", encoding="utf-8")
    ours: list[float] = []
    control: list[float] = []
    with control_terminal("editor", str(source), "3") as bare:
        bare.wait_for(re.compile(b"bare editor"))
        for item in corpus(sizes.articles):
            for character in item.title[:8]:
                if len(ours) < sizes.keys and character > "\u4e00":
                    typed = character.encode()
                    ours.append(desk.press(typed, re.compile(re.escape(typed))))
                    control.append(bare.press(typed, re.compile(re.escape(typed))))
            for terminal in (desk, bare):
                terminal.settle()
                terminal.send(BACKSPACE * 8)
            if len(ours) >= sizes.keys:
                break
    what = f"a character in the knowledge search, {sizes.articles:,} articles, until it is written"
    return _result("key-search", what, ours, "bare TextArea, empty", control)
