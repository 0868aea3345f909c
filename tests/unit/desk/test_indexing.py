"""The index held against its texts: what lacks, is too much, differs or is damaged is found, said and mended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agentdesk.__main__ import main
from agentdesk.desk import articles, indexing, knowledge
from agentdesk.desk.context import Desk, open_desk
from agentdesk.store import upkeep
from tests.house.sources import ROOT

MADE = 100


def shelf(count: int = MADE) -> list[dict[str, object]]:
    return [
        {"id": f"made-{at}", "title": f"测试机型{at}号漏水", "body": "先关闭水源，再联系售后。"} for at in range(count)
    ]


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A desk with the pack and some articles of its own, searched once."""
    articles.import_articles(desk, shelf())
    knowledge.search(desk, "漏水", 1)
    return desk


def fill(desk: Desk) -> int:
    """All steps; how many there were."""
    steps = 1
    while indexing.step(desk):
        steps += 1
    return steps


def held(desk: Desk) -> list[tuple[Any, ...]]:
    """What the index holds, in an order of its own."""
    rows = desk.store.raw().execute("SELECT kind, id, version, facets, title, words, body FROM search_item")
    return sorted(rows.fetchall())


def test_what_was_filled_is_sound(stocked: Desk) -> None:
    assert indexing.check(stocked).sound
    assert indexing.progress(stocked).left == 0


Damage = Callable[[Any], object]
DAMAGES: dict[str, tuple[str, Damage]] = {
    "an article that lacks": ("missing", lambda c: _take_out(c, "made-7")),
    "an article that was never published": ("surplus", lambda c: _put_in(c)),
    "another version": (
        "differing",
        lambda c: c.execute("UPDATE search_item SET version = 'x' WHERE title LIKE '%7号%'"),
    ),
    "another text": (
        "broken",
        lambda c: c.execute("UPDATE search_item SET title = '改过' WHERE title LIKE '%测试机型7号%'"),
    ),
    "rows without terms": ("broken", lambda c: c.execute("DELETE FROM search_article_docsize WHERE id % 9 = 0")),
    "terms without rows": ("broken", lambda c: c.execute("DELETE FROM search_item WHERE title LIKE '%测试机型7号%'")),
    "a damaged page": ("broken", lambda c: c.execute("UPDATE search_article_data SET block = x'00' WHERE id > 100")),
    "a table that is gone": ("broken", lambda c: c.execute("DROP TABLE search_sound")),
    "an older state of the terms": ("broken", lambda c: _set_back(c)),
    "no filters": ("broken", lambda c: c.execute("DELETE FROM search_facet")),
    "a wrong filter": ("broken", lambda c: c.execute("UPDATE search_facet_value SET word = 'x' WHERE word = 'policy'")),
    "no folded titles": ("broken", lambda c: c.execute("UPDATE search_item SET folded = ''")),
    "a wrong number of items": ("broken", lambda c: c.execute("UPDATE search_count SET docs = 0")),
    "no settings": ("broken", lambda c: c.execute("DROP TABLE search_article_config")),
    "no terms": ("broken", lambda c: c.execute("DROP TABLE search_article_data")),
    "an unknown format": ("broken", lambda c: c.execute("UPDATE search_sound_config SET v = 3 WHERE k = 'version'")),
    "parts without their table": ("broken", lambda c: _strike_out(c, "search_article")),
    **{
        f"no {table}": ("broken", lambda c, table=table: c.execute(f"DROP TABLE {table}"))
        for table in ("index_queue", "search_count", "search_article_terms", "search_facet", "search_item")
    },
}


def _set_back(conn: Any) -> None:
    """The list of segments as it was before the last articles came."""
    from agentdesk.store.projections import search

    whole = "SELECT block FROM search_article_data WHERE id = 10"
    search.compress(conn)
    (before,) = conn.execute(whole).fetchone()
    search.put(conn, [search.Item("article", "later", "后来的漏水")])
    conn.execute("UPDATE search_article_data SET block = ? WHERE id = 10", (before,))


def _strike_out(conn: Any, table: str) -> None:
    """Take a table out of the schema: its parts stay."""
    conn.execute("PRAGMA writable_schema = ON")
    conn.execute("DELETE FROM sqlite_master WHERE name = ?", (table,))
    (version,) = conn.execute("PRAGMA schema_version").fetchone()
    conn.execute(f"PRAGMA schema_version = {version + 1}")
    conn.execute("PRAGMA writable_schema = RESET")


def _take_out(conn: Any, source_id: str) -> None:
    from agentdesk.domain.content import article_id
    from agentdesk.store.projections import search

    search.remove(conn, "article", [article_id(source_id)])


def _put_in(conn: Any) -> None:
    from agentdesk.store.projections import search

    search.put(conn, [search.Item("article", "nobody-wrote-it", "没有发布的漏水")])


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_mended(stocked: Desk, damage: str) -> None:
    before = held(stocked)
    what, do = DAMAGES[damage]
    do(stocked.store.raw())
    found = indexing.put_right(stocked)
    assert not found.sound and getattr(found, what)
    fill(stocked)
    assert indexing.check(stocked).sound
    assert held(stocked) == before
    assert knowledge.search(stocked, "测试机型7号漏水", 1)[0].title == "测试机型7号漏水"


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name.startswith("no ")])
def test_what_is_gone_is_made_anew_at_the_next_start(stocked: Desk, damage: str) -> None:
    from agentdesk.store.projections import search_index

    before = held(stocked)
    DAMAGES[damage][1](stocked.store.raw())
    gone = search_index.lacking(stocked.store.raw())
    stocked.forget("index")
    fill(stocked)
    assert not search_index.lacking(stocked.store.raw())
    assert not gone or held(stocked) == before and indexing.check(stocked).sound


def test_the_check_neither_waits_for_the_writer_nor_holds_it(stocked: Desk) -> None:
    """Damage is found while somebody writes: asked as a write, the tables could not answer."""
    stocked.store.raw().execute("UPDATE search_article_data SET block = x'00' WHERE id > 100")
    with stocked.store.write():
        assert indexing.check(stocked).broken == ["search_article"]


def test_an_index_that_was_written_over_and_over_is_sound(stocked: Desk) -> None:
    from agentdesk.store.projections import search, search_damage

    conn = stocked.store.raw()
    for turn in range(30):
        items = [search.Item("article", f"x{at}", f"第{turn}版 a{at} 的 的", "的" * turn) for at in range(turn % 7)]
        search.put(conn, items)
        search.remove(conn, "article", [f"x{turn % 5}", f"x{turn % 3}"])
    assert search_damage.broken(conn) == []
    search.compress(conn)
    assert search_damage.broken(conn) == []


def test_what_waits_is_no_fault(stocked: Desk) -> None:
    indexing.begin_anew(stocked)
    assert indexing.check(stocked).sound
    made = indexing.progress(stocked)
    assert made.done == 0 and made.left == made.total > MADE
    assert fill(stocked) > 3
    assert indexing.progress(stocked).done == made.total


def test_uses_outlive_a_new_index(stocked: Desk) -> None:
    from agentdesk.store.projections import search

    with stocked.store.write() as conn:
        search.note_use(conn.connection.driver_connection, "article", "x", 7, 0.9)
    indexing.begin_anew(stocked)
    assert stocked.store.raw().execute("SELECT uses FROM search_use WHERE id = 'x'").fetchone() == (7,)


def test_a_policy_that_is_only_announced_is_not_missed(desk: Desk, clock: Any) -> None:
    fill(desk)
    clock.go(timedelta(days=400).total_seconds())  # what holds by the clock, whatever was indexed last
    knowledge.search(desk, "退款", 1)
    assert indexing.check(desk).sound


def test_who_is_not_patient_searches_what_is_there(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "FEW", 0)
    indexing.begin_anew(stocked)
    while indexing.progress(stocked).done < 60:
        indexing.step(stocked)
    left = indexing.progress(stocked).left
    some = knowledge.search(stocked, "漏水", 200, patient=False)
    assert 0 < len(some) < MADE and indexing.progress(stocked).left == left > 0
    assert len(knowledge.search(stocked, "漏水", 200)) > len(some)
    assert indexing.progress(stocked).left == 0


# -- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def furnished(agentdesk_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    """A home with articles, for commands."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    main(("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", "--lang", "en"))
    with_desk(lambda desk: (articles.import_articles(desk, shelf()), knowledge.search(desk, "漏水", 1)))
    capfd.readouterr()
    return agentdesk_home


def with_desk(do: Callable[[Desk], object]) -> None:
    desk = open_desk()
    try:
        do(desk)
    finally:
        desk.close()


def test_doctor_tells_of_the_index_and_the_command_mends_it(furnished: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> str:
        assert main(words) == 0
        return capfd.readouterr().out

    assert json.loads(said("doctor", "--json"))["ok"] or "ok       search index" in said("doctor")
    with_desk(lambda desk: _take_out(desk.store.raw(), "made-7"))
    told = said("doctor")
    assert "missing 1, surplus 0, differing 0, damaged 0" in told and "kb reindex" in told
    assert "mended in 1 places" in said("kb", "reindex")
    assert "is sound" in said("kb", "reindex")
    assert "made anew" in said("kb", "reindex", "--all")
    assert "missing" not in said("doctor")
    with_desk(lambda desk: desk.store.raw().execute("DROP TABLE index_queue"))
    assert "missing 0, surplus 0, differing 0, damaged 1" in said("doctor")


@pytest.mark.skipif(sys.platform == "win32", reason="kills as a signal does")
def test_a_rebuild_that_was_killed_is_gone_on_with(furnished: Path) -> None:
    before: list[list[tuple[Any, ...]]] = []
    with_desk(lambda desk: before.append(held(desk)))
    environ = {
        **os.environ,
        "AGENTDESK_HOME": str(furnished),
        "PYTHONPATH": str(ROOT),
        "AGENTDESK_FAULT": "index.mid:3",
    }
    command = [sys.executable, "-m", "agentdesk", "kb", "reindex", "--all"]
    assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == -9

    def go_on(desk: Desk) -> None:
        made = indexing.progress(desk)
        assert 0 < made.left < made.total
        fill(desk)
        assert indexing.check(desk).sound and held(desk) == before[0]

    with_desk(go_on)


def test_a_slice_is_indexed_whole_or_not_at_all(stocked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    indexing.begin_anew(stocked)
    monkeypatch.setattr(upkeep.faults, "at", lambda point: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        indexing.step(stocked)
    assert held(stocked) == []
    monkeypatch.undo()
    fill(stocked)
    assert indexing.check(stocked).sound
