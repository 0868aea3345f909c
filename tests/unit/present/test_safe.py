"""Outside text: harmless, and exactly as many cells as asked for."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agentdesk.present.safe import block, cut, fit, line, plain, width, wrapped

HOSTILE = [
    "客户[/b]",
    "[@click=app.boom]x[/]",
    "\x1b]0;PWNED\x1b\\B",
    "\x1b[31mred",
    "\x9b5;5H",
    "\x9d52;c;QQ==\x07",
    "a\u202eb",
    "z\u200bw\u2060\ufeff",
    "\ud800lone",
    "a\x00b\x07",
    "行一\n行二\r\n三",
    "\t制表",
    "👨\u200d👩\u200d👧👍🏽🇨🇳1\ufe0f\u20e3",
    "e" + "\u0301" * 60,
    "$foreground",
    "\x7f",
]

anything = st.text(alphabet=st.characters(), max_size=60) | st.sampled_from(HOSTILE)


def harmless(text: str) -> bool:
    """No control, format or surrogate character that a terminal could act on."""
    return not any(unicodedata.category(char) in ("Cc", "Cs") or char in "\u202e\u200b\u2060\ufeff" for char in text)


@given(anything, st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_fit_is_exact(text: str, cells: int, align: str) -> None:
    made = fit(text, cells, align)
    assert cell_len(made) == cells and harmless(made)


@given(anything, st.integers(0, 40))
def test_cut_never_exceeds_and_marks_what_it_left_out(text: str, cells: int) -> None:
    made = cut(text, cells)
    assert cell_len(made) <= cells
    assert made == plain(text) or made.endswith(".."[: min(2, cells)])


@given(anything)
def test_lines_hold_no_control_character_and_no_markup(text: str) -> None:
    made = line("a", (text, "bold"), "b")
    assert harmless(made.plain) and made.plain == f"a{plain(text)}b" and len(made.spans) <= 1


@pytest.mark.parametrize("text", HOSTILE)
def test_blocks_keep_lines_and_nothing_else(text: str) -> None:
    made = block(text, "bold").plain
    assert harmless(made.replace("\n", ""))


def test_long_blocks_are_cut_and_say_so() -> None:
    made = block("长" * 100_000).plain
    assert len(made) < 21_000 and made.endswith("\n..")


def test_wide_characters_are_never_halved() -> None:
    assert (
        cut("洗衣机漏水", 7) == "洗衣.."
        and cut("洗衣机漏水", 8) == "洗衣机.."
        and cut("洗衣机漏水", 10) == "洗衣机漏水"
    )
    assert fit("张*", 6, "right") == "   张*" and cut("洗衣", 1) == "."


def test_spaces_that_lay_out_stay() -> None:
    assert line("甲", "  ", "  乙 ").plain == "甲    乙 "


def test_emoji_sequences_become_their_base() -> None:
    assert cell_len(plain("👨\u200d👩\u200d👧x")) == 3 and plain("👍🏽") == "👍"


def test_long_sentences_are_wrapped_between_words_and_within_cells() -> None:
    assert wrapped("Check and send the reply, and copy it", 18) == ["Check and send the", "reply, and copy it"]
    assert wrapped("左右键移动，Home 和 End 到头尾", 12) == ["左右键移动，", "Home 和 End", "到头尾"]
    assert wrapped("", 10) == [""] and "".join(wrapped("a" * 25, 10)) == "a" * 25
    assert all(width(row) <= 11 for row in wrapped("客户 " * 9 + "x" * 40, 11))


def unit_by_unit(text: str, cells: int) -> list[str]:
    """The same, looked for in the plain way: a word or one character of another script after the other."""
    rows = [""]
    for unit in re.findall(r"[!-~]+|.", plain(text)):
        for part in [unit] if width(unit) <= cells else [unit[at : at + cells] for at in range(0, len(unit), cells)]:
            if width(rows[-1] + part) > cells:
                rows[-1] = rows[-1].rstrip()
                rows.append("")
            rows[-1] += part if rows[-1] or part.strip() else ""
    return rows


@given(st.text(st.sampled_from("甲乙退貨ab cde  -,.。1😀é ภาษ่"), max_size=200), st.integers(2, 60))
def test_a_text_is_wrapped_as_when_every_unit_is_tried(text: str, cells: int) -> None:
    found, sought = wrapped(text, cells), unit_by_unit(text, cells)
    assert [row for row in found if row.strip()] == [row for row in sought if row.strip()]
    assert all(width(row) <= cells for row in found)


@pytest.mark.parametrize("unit", ["退", "x", "x ", "\u0e48", " "])
def test_a_long_line_takes_no_longer_than_its_length(unit: str) -> None:
    assert wrapped(unit * 200_000, 40), "looked through from each row to its end, it would not end within a test"
