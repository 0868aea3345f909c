"""`doctor`: a line for each check, what to do for each that is not well, also where the store cannot be opened."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agentdesk.__main__ import main
from agentdesk.desk import doctor, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.views import DoctorLine
from agentdesk.present import doctor as shown
from agentdesk.present import i18n
from agentdesk.store.identity import save_identity

Told = Callable[..., dict[str, Any]]


@pytest.fixture
def told(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, agentdesk_home: Path
) -> Iterator[Told]:
    """Runs `doctor --json` over a desk that was set up; returns code -> line."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    before = i18n.language()
    main(("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", "--lang", "en"))
    capfdbinary.readouterr()

    def call(*more: str) -> dict[str, Any]:
        assert main(("doctor", "--json", *more)) == 0
        lines = json.loads(capfdbinary.readouterr().out)["lines"]
        return {line["code"]: line for line in lines}

    yield call
    i18n.use(before)


def joined(home: Path, url: str = "http://127.0.0.1:9") -> None:
    """Make the desk believe that it joined a centre, without a token."""
    desk = open_desk(home)
    from dataclasses import replace

    with desk.store.plain_write() as conn:
        save_identity(conn, replace(desk.me, centre_url=url, scopes=("site",)))
        clock = json.dumps({"last": "0", "offset_ms": -86_400_000})
        conn.execute("INSERT OR REPLACE INTO local VALUES ('clock', ?)", (clock,))
    desk.close()


def test_a_sound_desk_has_nothing_to_advise(told: Told) -> None:
    found = told()
    bad = {code for code, line in found.items() if not line["ok"]} - {"encoding"}
    assert bad == set()
    assert {"home", "space", "store", "schema", "integrity", "index", "log", "preferences", "person"} <= found.keys()


def test_nothing_is_made_where_nobody_has_worked(agentdesk_home: Path, capfdbinary: Any) -> None:
    main(("doctor", "--json"))
    told = json.loads(capfdbinary.readouterr().out)
    assert [line["code"] for line in told["lines"] if not line["ok"] and line["code"] != "encoding"] == ["person"]
    assert not told["ok"] and not agentdesk_home.exists()


def test_a_store_that_cannot_be_opened_leaves_the_other_checks(told: Told, agentdesk_home: Path) -> None:
    (agentdesk_home / "desk.db").write_bytes(b"no database" * 1_000)
    found = told()
    assert not found["store"]["ok"]
    assert found["store"]["why"].startswith("The store is damaged") and found["store"]["why"].endswith("backup")
    assert found["space"]["ok"] and "integrity" not in found


def test_a_store_of_a_newer_version(told: Told, agentdesk_home: Path) -> None:
    conn = sqlite3.connect(agentdesk_home / "desk.db")
    conn.execute("INSERT INTO migration VALUES ('9999_later')")
    conn.commit()
    conn.close()
    assert "upgrade" in told()["store"]["why"]


def test_who_holds_the_store_is_named(told: Told, agentdesk_home: Path) -> None:
    desk = open_desk(agentdesk_home)
    try:
        assert told()["holder"]["value"] == str(os.getpid())
    finally:
        desk.close()
    assert "holder" not in told()


def test_no_token_and_a_clock_a_day_off(told: Told, agentdesk_home: Path) -> None:
    joined(agentdesk_home)
    found = told()
    assert (found["token"]["ok"], found["offset_ms"]["ok"]) == (False, False)
    text = shown.lines([DoctorLine("offset_ms", found["offset_ms"]["value"], ok=False)])
    assert "24:00 away" in text[0]


def test_the_centre_is_asked_only_when_wanted(told: Told, agentdesk_home: Path) -> None:
    joined(agentdesk_home)
    (agentdesk_home / "token").write_text("a" * 43, encoding="ascii")
    assert "online" not in told()
    found = told("--online")
    assert (found["online"]["ok"], found["online"]["value"]) == (False, "offline")
    assert "cannot be reached" in found["online"]["why"]


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_little_room_and_no_right_to_write(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: _Usage(100, 90, 5 << 20))
    monkeypatch.setattr(os, "access", lambda path, how: False)
    found = told()
    assert (found["space"]["ok"], found["space"]["value"], found["home"]["ok"]) == (False, "5 MiB", False)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_check_has_a_name_and_whatever_fails_an_advice(language: str, opened: Callable[..., Desk]) -> None:
    desk = opened()
    setup.first_run(desk, "张敏", "8021", "客服一组")
    found = [*doctor.machine(desk.paths), *doctor.examine(desk), DoctorLine("token", "no"), DoctorLine("parked", "1")]
    before = i18n.language()
    i18n.use(language)
    try:
        for one in found:
            assert i18n.known(f"doctor.{one.code.partition('.')[0]}"), one.code
        for code in ("python", "sqlite", "part.x", "terminal", "size", "encoding", "home", "space", "clock", "token"):
            first, advice = shown.lines([DoctorLine(code, "-", ok=False)])
            assert first.startswith(i18n.t("cli.doctor.bad")) and advice.strip()
        (known,) = shown.lines([DoctorLine("store", "x", ok=False, why="because of this")])
        assert known.endswith("because of this")
    finally:
        i18n.use(before)
