"""What comes from outside the desk: imports that are whole or nothing, sentences without numbers, private files."""

from __future__ import annotations

import json
import logging
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentdesk.__main__ import main
from agentdesk.app import logbook, opening
from agentdesk.central import enrol
from agentdesk.desk import capture, knowledge, rows
from agentdesk.desk.context import Desk
from agentdesk.present import i18n
from agentdesk.store import database, migrations, open_store
from agentdesk.store.exchange import Exchange
from agentdesk.store.identity import save_identity
from agentdesk.sync.token import save_token, token_path

ID_CARD = "11010519491231002X"
Said = Callable[..., tuple[int, str]]


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Said]:
    """Run a command; returns exit code and standard error."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    before = i18n.language()

    def call(*words: str) -> tuple[int, str]:
        code = main(words)
        return code, capfd.readouterr().err

    # No terminal is looked for: what the bare command says of the store is what is asked here.
    monkeypatch.setattr(opening, "terminal_problem", lambda: None)
    yield call
    i18n.use(before)


def jsonl(*found: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in found).encode()


def count(desk: Desk) -> int:
    found: int = desk.store.raw().execute("SELECT count(*) FROM queue_row").fetchone()[0]
    return found


def test_rows_that_repeat_one_another_are_imported_as_they_were_checked(desk: Desk, row_b: dict[str, Any]) -> None:
    made = list(rows.add_requests(desk, jsonl(row_b, row_b)))
    assert [one.category for one in made] == ["simple", "simple"]
    assert count(desk) == 2


@pytest.mark.parametrize("field", ["tags", "related_request"])
def test_a_row_with_too_many_elements_leaves_nothing_of_the_import(
    desk: Desk, row_b: dict[str, Any], field: str
) -> None:
    crowded = {**row_b, field: [f"x{place}" for place in range(41)]}
    with pytest.raises(rows.RowRefused) as caught:
        rows.add_requests(desk, jsonl(row_b, crowded))
    assert caught.value.line == 2
    assert count(desk) == 0


def test_what_was_recorded_is_told_before_a_later_row_fails(
    desk: Desk, row_b: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rows.add_requests(desk, jsonl(row_b, row_b))
    assert next(made).number

    def full(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(capture, "record_prepared", full)
    with pytest.raises(sqlite3.OperationalError):
        next(made)
    assert count(desk) == 1


def test_no_sentence_repeats_a_private_number(say: Said) -> None:
    say("setup", "--name", "A", "--work-no", "1", "--team", "t")
    for words in (("request", "show", ID_CARD), ("request", "add", f"/{ID_CARD}"), ("nothing", ID_CARD), (ID_CARD,)):
        code, err = say(*words)
        assert code in (1, 2)
        assert err.strip() and "1949123100" not in err


def test_an_exchange_that_a_scope_keeps_from_ending_says_so(say: Said, tmp_path: Path) -> None:
    from dataclasses import replace

    from agentdesk.desk.context import open_desk

    say("setup", "--name", "A", "--work-no", "1", "--team", "t")
    opened = open_desk()
    joined = replace(opened.me, centre_url="http://127.0.0.1:9", scopes=("site",))
    with opened.store.plain_write() as conn:
        save_identity(conn, joined)
    save_token(token_path(opened.store), "x")
    Exchange(opened.journal).stop("site", "gap")
    opened.close()
    code, err = say("sync", "--once")
    assert code == 1
    assert "site: " in err


def test_a_home_that_cannot_be_used_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Said) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AGENTDESK_HOME", str(tmp_path / "file"))
    code, err = say()
    assert (code, err.count("\n")) == (1, 1)


def test_files_with_customers_in_them_are_for_their_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "new" / "home"
    open_store(home / "desk.db").close()
    monkeypatch.setitem(migrations.MIGRATIONS, "9999_later", lambda conn: None)
    open_store(home / "desk.db").close()
    data = tmp_path / "shared"
    data.mkdir(mode=0o755)
    enrol(data, "t", "rep")
    kept = [*home.iterdir(), *data.iterdir()]
    assert any("before" in path.name for path in kept)
    assert [path.name for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_the_log_keeps_the_last_line_of_a_long_fault_and_no_head_of_a_number(tmp_path: Path) -> None:
    handler = logbook.open_logbook(tmp_path / "agentdesk.log")
    try:
        for place in range(4_900, 5_000):
            logging.getLogger("agentdesk").error("%s %s the end", "x" * place, ID_CARD)
    finally:
        logbook.close_logbook(handler)
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert text.count("the end") == 100
    assert "110105" not in text
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


def test_a_search_keeps_no_head_of_a_number(desk: Desk) -> None:
    for place in range(180, 200):
        knowledge.solved(desk, "水" * place + ID_CARD, [], "", None)
    kept = desk.store.raw().execute("SELECT group_concat(CAST(payload AS TEXT)) FROM change").fetchone()[0]
    assert "110105" not in kept


@pytest.mark.parametrize("words", [(), ("request", "list")])
def test_a_file_that_cannot_be_opened_now_is_not_called_broken(
    say: Said, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    say("setup", "--name", "A", "--work-no", "1", "--team", "t", "--lang", "en")

    def no_room(*_: Any) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(database, "connect", no_room)
    code, err = say(*words)
    assert code == 1
    assert "disk I/O error" in err and "backup" not in err and "{" not in err


def test_a_broken_file_is_a_whole_sentence(say: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    say("setup", "--name", "A", "--work-no", "1", "--team", "t", "--lang", "en")

    def broken(*_: Any) -> None:
        raise sqlite3.DatabaseError("file is not a database")

    monkeypatch.setattr(database, "connect", broken)
    code, err = say()
    assert code == 1
    assert "file is not a database" in err and "{" not in err
