"""The page of bad days says what its tests play: each test has its row, each sentence is in all three languages."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

import pytest

from agentdesk.present.i18n import LANGUAGES, open_catalogue
from tests.house.sources import ROOT

FILES = sorted((ROOT / "tests" / "terminal").glob("test_bad_days*.py"))
EVERY_LANGUAGE = ("in_each_language(", "LANGUAGES")


class Day(NamedTuple):
    """One row of the page."""

    keys: tuple[str, ...]
    languages: str
    test: str


def rows() -> list[Day]:
    """The rows of all tables."""
    found = []
    for line in (ROOT / "docs" / "bad-days.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and "`test_" in cells[5]:
            found.append(Day(tuple(re.findall(r"`([\w.]+)`", cells[2])), cells[3], cells[5].strip("`")))
    return found


def played() -> dict[str, str]:
    """Test -> its source."""
    found = {}
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found[node.name] = ast.get_source_segment(text, node) or ""
    return found


def test_each_bad_day_has_its_row_and_each_row_its_test() -> None:
    named = [day.test for day in rows()]
    assert sorted(named) == sorted(played())


@pytest.mark.parametrize("day", rows(), ids=lambda day: day.test)
def test_a_row_says_which_sentences_in_which_languages(day: Day) -> None:
    source = played()[day.test]
    assert (day.languages == "all") == any(word in source for word in EVERY_LANGUAGE)
    whole = "".join(file.read_text(encoding="utf-8") for file in FILES)
    for key in day.keys:
        assert key in whole or key.rpartition(".")[2] in source, f"{key} is compared nowhere"
        missing = [one for one in LANGUAGES if open_catalogue(one)(key) == key]
        assert not missing, f"{key} has no sentence in {missing}"
