"""Every shipped article is found by what agents type: expected among the first three, in a store as it is used."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk.desk import knowledge, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.store import starter

QUERIES: dict[str, str] = tomllib.loads(Path(__file__).with_name("queries.toml").read_text(encoding="utf-8"))["queries"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with the starter pack and nothing else; searching writes nothing."""
    made = open_desk(tmp_path_factory.mktemp("home") / "a")
    setup.first_run(made, "林小雨", "8021", "客服一组")
    yield made
    made.close()


@pytest.mark.parametrize(("words", "code"), QUERIES.items())
def test_the_article_is_among_the_first_three(desk: Desk, words: str, code: str) -> None:
    assert code in [hit.source_id for hit in knowledge.search(desk, words, 3)]


def test_most_stand_first(desk: Desk) -> None:
    first = [words for words, code in QUERIES.items() if knowledge.search(desk, words, 1)[0].source_id == code]
    assert len(first) / len(QUERIES) >= 0.9


def test_every_article_is_asked_for() -> None:
    assert len(QUERIES) >= 60
    assert set(QUERIES.values()) == {article.code for article in starter.articles()}


def test_words_of_the_site_find_what_the_pack_calls_otherwise(desk: Desk) -> None:
    assert "washer-leak" not in [hit.source_id for hit in knowledge.search(desk, "尿床机")]
    with desk.store.plain_write() as conn:  # as the centre's own setting stands once it was pulled
        value = json.dumps({"key": "search.synonyms", "value": "尿床机＝底部漏水; 单词;==", "why": ""})
        conn.execute("INSERT INTO site_setting VALUES ('s', 'site', 's', '', '1', ?, '{}', '{}', 0)", (value,))
    desk.forget("site_setting")
    assert "washer-leak" in [hit.source_id for hit in knowledge.search(desk, "尿床机")]
    with desk.store.plain_write() as conn:
        conn.execute("DELETE FROM site_setting")
    desk.forget("site_setting")
