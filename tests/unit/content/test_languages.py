"""Every text of the pack is in the writing of its language: no simplified character in zh-TW, no Chinese in English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from zhconv_rs import zhconv

from agentdesk.store import starter

CJK = re.compile(r"[㐀-鿿豈-﫿　-〿！-～]")
TAIWAN, ENGLISH = ("zh-TW", "zh_TW", "_tw", "_zh_tw"), ("en", "_en")
FOLDERS = ("phrases", "lexicon", "demo", ".")


def simplified_only(text: str) -> set[str]:
    """Characters that traditional writing has not."""
    return {char for char in set(text) if zhconv(char, "zh-hant") != char}


def texts_of(value: Any, names: tuple[str, ...], inside: bool = False) -> Iterator[str]:
    """Every text below a key that is named like a language, or ends so."""
    if isinstance(value, str):
        if inside:
            yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            named = key in names or key.endswith(tuple(name for name in names if name.startswith("_")))
            yield from texts_of(part, names, inside or named)
    elif isinstance(value, list):
        for part in value:
            yield from texts_of(part, names, inside)


def tables() -> list[tuple[str, dict[str, Any]]]:
    """Every TOML file of the pack."""
    return [(name, tomllib.loads(text)) for folder in FOLDERS for name, text in starter.texts(folder, ".toml")]


@pytest.mark.parametrize(("name", "table"), tables(), ids=lambda value: value if isinstance(value, str) else "")
def test_each_table_is_in_the_writing_of_its_languages(name: str, table: dict[str, Any]) -> None:
    assert {text: odd for text in texts_of(table, TAIWAN) if (odd := simplified_only(text))} == {}, name
    assert [text for text in texts_of(table, ENGLISH) if CJK.search(text)] == [], name


def test_articles_in_english_hold_no_chinese() -> None:
    english = [text for one in starter.articles() for text in (one.title_en, one.plain_summary_en) if text]
    assert english and [text for text in english if CJK.search(text)] == []


def test_the_walk_finds_what_it_is_for() -> None:
    table = {"phrase": [{"body": {"zh-TW": "请稍候", "en": "等 a moment"}, "title_en": "好"}]}
    assert [simplified_only(text) for text in texts_of(table, TAIWAN)] == [{"请"}]
    assert [text for text in texts_of(table, ENGLISH) if CJK.search(text)] == ["等 a moment", "好"]
    assert sum(1 for _, one in tables() for _ in texts_of(one, TAIWAN)) > 100
