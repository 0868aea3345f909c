"""The lanes are made for the whole text at once; they are what looking at one character after the other makes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text import lanes
from agentdesk.text.lanes import BORDER, ENDS, Lane

FOLDED = st.text(st.sampled_from("不妈妈知1２a b cd.。!?;\n,·_\u3000ー²"), max_size=40)
SIGNS = re.compile(rf"[^\W_]+|(?<![{ENDS}])[{ENDS}]|{lanes.FULL_STOP}")


@given(FOLDED)
def test_letters_and_the_borders_of_sentences(text: str) -> None:
    places = [place for found in SIGNS.finditer(text) for place in range(*found.span())]
    lane = lanes.letters(text)
    assert lane.text == "".join(BORDER if text[at] in ENDS + "." else text[at] for at in places)
    assert list(lane.at) == places and list(lane.ends) == [at + 1 for at in places]


@given(FOLDED)
def test_repeats_are_taken_out_but_for_doubles_that_are_words(text: str) -> None:
    lane = lanes.letters(text)
    flat = lanes.collapsed(lane)
    taken = lanes.collapse(lane.text)
    assert (flat.text if flat else lane.text) == taken
    assert flat is None or flat.text != lane.text
    if flat is not None:
        parts = [lane.text[lane.at.index(start) : lane.ends.index(end) + 1] for start, end in _spans(flat)]
        assert "".join(parts) == lane.text
        assert [part[0] for part in parts] == list(flat.text) and all(len(set(part)) == 1 for part in parts)


def _spans(lane: Lane) -> list[tuple[int, int]]:
    return list(zip(lane.at, lane.ends, strict=True))
