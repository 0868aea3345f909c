"""The commands: exact output, exit codes, sentences on standard error, a store held by another process."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agentdesk import __version__
from agentdesk.__main__ import main
from agentdesk.desk import capture, exported, reply
from agentdesk.desk.context import Desk, open_desk
from agentdesk.present import i18n
from agentdesk.text.bounds import MANY
from tests.unit.desk.test_rules import SOURCE


@dataclass
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    before = i18n.language()

    def call(*words: str) -> Ran:
        code = main(words)
        got = capfdbinary.readouterr()
        return Ran(code, got.out.decode(), got.err.decode())

    yield call
    i18n.use(before)


@pytest.fixture
def ready(run: Run) -> Run:
    assert run("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", "--lang", "en").code == 0
    return run


@pytest.fixture
def row_file(tmp_path: Path, row_b: dict[str, Any]) -> str:
    path = tmp_path / "row.json"
    path.write_text(json.dumps(row_b, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_version_needs_neither_setup_nor_typer(agentdesk_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "agentdesk", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"agentdesk {__version__}\n"
    for heavy in ("typer", "sqlalchemy", "textual", "pydantic"):
        assert heavy not in done.stderr
    assert not agentdesk_home.exists()


def test_setup_once(run: Run) -> None:
    words = ("setup", "--name", "张敏", "--work-no", "8021", "--team", "客服一组", "--lang", "en")
    done = run(*words)
    assert (done.code, done.out) == (0, "Set up: 张敏 8021, 客服一组 (t-7abca23f)\n")
    again = run(*words)
    assert (again.code, again.out, again.err) == (1, "", "This desk is set up already\n")


def test_commands_before_setup_say_so(run: Run, row_file: str, agentdesk_home: Path) -> None:
    for words in (("request", "list"), ("request", "add", row_file), ("sync", "--once"), ("kb", "search", "x")):
        done = run(*words)
        assert done.code == 1 and done.err.startswith("Not set up yet")
    assert not (agentdesk_home / "desk.db").exists()


def test_language_follows_the_first_run(run: Run) -> None:
    run("setup", "--name", "张敏", "--work-no", "8021", "--team", "a", "--lang", "zh-CN")
    assert run("request", "show", "x").err == "没有工单“x”\n"
    assert run("request", "--help").out.startswith("用法：")


def test_request_add_list_show(ready: Run, row_file: str) -> None:
    made = ready("request", "add", row_file)
    number, request_id = made.out.split()
    assert made.code == 0 and number.endswith("-0001")
    (row,) = json.loads(ready("request", "list", "--json").out)
    assert (row["id"], row["number"], row["state"], row["priority"]) == (request_id, number, "RECORDED", "P3")
    for name in (number, number.lower(), row["id"]):
        shown = json.loads(ready("request", "show", name, "--json").out)
        assert shown["id"] == request_id and shown["record"]["product_service"] == "空调"
    assert "RECORDED" in ready("request", "list").out
    assert "空调" in ready("request", "show", number).out


def test_incomplete_is_refused_with_the_missing_codes(ready: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"channel": "online"}', encoding="utf-8")
    done = ready("request", "add", str(path))
    assert (done.code, done.out) == (1, "")
    assert "customer_name, contact, customer_no, request_type, description, emotion" in done.err


def test_standard_input(ready: Run, row_b: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, json.dumps(row_b).encode())
    assert ready("request", "add", "-").code == 0


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# -- lint -------------------------------------------------------------------------------------------------------------


def test_lint_needs_no_setup_and_always_ends_well(run: Run, tmp_path: Path, agentdesk_home: Path) -> None:
    path = tmp_path / "texts"
    path.write_text(
        '不知道\n\n{"id": "x", "text": "卡 6222 0212 3456 7890 128"}\n我的号码11010519491231002X，手机13800005678\n',
        encoding="utf-8",
    )
    done = run("lint", str(path))
    first, empty, _, last = done.lines
    assert done.code == 0 and not agentdesk_home.exists()
    assert first == {
        "id": 1,
        "clean": "不知道",
        "findings": [
            {
                "start": 0,
                "end": 3,
                "rule": "FP-01",
                "category": "evasion",
                "severity": "warn",
                "kind": "phrase",
                "text": "不知道",
                "replacement": "我帮您查询一下",
            }
        ],
    }
    assert empty == {"id": 2, "clean": "", "findings": []}
    assert last["clean"] == "我的号码[ID]，手机13800005678"
    assert [(one["rule"], one["kind"], one["severity"], one["category"]) for one in last["findings"]] == [
        ("PV-01", "id_card", "block", "privacy"),
        ("PV-05", "mobile", "hint", "privacy"),
    ]


def test_lint_of_hostile_bytes_gives_a_line_for_each(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'\xff\xfe\x00\n{"id": 1, "text": "\\ud800\\u4e0d\\u77e5\\u9053"}\n{"text": 5}\n'
    feed(monkeypatch, data + "不知道".encode() * 40_000)
    done = run("lint")
    assert done.code == 0 and len(done.lines) == 4
    assert done.lines[1]["findings"][0]["start"] == 1
    assert done.lines[2]["id"] == 3


def test_lint_explains_each_finding_as_a_sentence(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text('这个不知道\n您好\n{"id": "r2", "text": "buzhidao"}\n', encoding="utf-8")
    told = run("lint", "--explain", str(path)).out.splitlines()
    assert [line.split(":")[0] for line in told[::2]] == ["1", "r2"]
    assert "FP-01" in told[1] and "characters 3–5" in told[1] and "as written" in told[1]
    assert "by its sound" in told[3] and "Hint" in told[3]


def test_lint_explains_from_where_on_only_graver_findings_are_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "texts"
    path.write_text("不知道，" * 1_500, encoding="utf-8")
    *told, last = run("lint", "--explain", str(path)).out.splitlines()
    assert len(told) == 1 + MANY and "character 3996" in last


def test_lint_suggests_wordings_of_what_was_sent(ready: Run, agentdesk_home: Path, row_b: dict[str, Any]) -> None:
    desk = open_desk(agentdesk_home)
    request = capture.record(desk, row_b).request_id
    reply.send(desk, request, "您好，这件事不归我们几个管的，抱歉。", confirmed=True)
    desk.close()
    [found] = ready("lint", "--suggest").lines
    assert (found["wording"], found["rule"][:5], found["count"]) == ("不归我们几个管", "FP-02", 1)
    assert ready("lint", "--suggest", "--days", "1").lines == [found]


# -- knowledge --------------------------------------------------------------------------------------------------------


def test_kb_import_and_search(ready: Run, tmp_path: Path) -> None:
    path = tmp_path / "kb.jsonl"
    path.write_text('{"id":"a1","title":"烤箱加热慢","body":"请检查电压。"}\n', encoding="utf-8")
    assert ready("kb", "import", str(path)).out == "Imported: 1 new, 0 updated, 0 unchanged\n"
    assert ready("kb", "import", str(path), str(path)).out == "Imported: 0 new, 0 updated, 2 unchanged\n"
    (hit,) = json.loads(ready("kb", "search", "--json", "--limit", "1", "烤箱", "加热").out)
    assert (hit["id"], hit["title"]) == ("a1", "烤箱加热慢") and hit["score"] > 0
    queries = tmp_path / "q.jsonl"
    queries.write_text('{"id":"q1","query":"烤箱加热慢"}\n{"id":2,"query":""}\n', encoding="utf-8")
    first, second = ready("kb", "search", "--json", "--queries", str(queries)).lines
    assert first["id"] == "q1" and first["hits"][0]["id"] == "a1"
    assert second == {"id": 2, "hits": []}
    scores = [one["score"] for one in json.loads(ready("kb", "search", "--json", "洗衣机漏水").out)]
    assert scores == sorted(scores, reverse=True)


# -- export, doctor, sync ---------------------------------------------------------------------------------------------


def test_export(ready: Run, row_file: str, tmp_path: Path) -> None:
    ready("request", "add", row_file)
    (row,) = ready("export", "requests", "--format", "jsonl").lines
    assert row["contact"] == "139****0002" and list(row) == sorted(row)
    target = tmp_path / "out.jsonl"
    assert ready("export", "requests", "--output", str(target)).out == ""
    assert json.loads(target.read_text(encoding="utf-8")) == row


def test_doctor_names_each_fault_of_the_preferences(ready: Run, agentdesk_home: Path) -> None:
    assert json.loads(ready("doctor", "--json").out)["ok"]
    path = agentdesk_home / "preferences.toml"
    path.write_text("thema = 'x'\n[keys]\nqueue-open = 'ctrl+m'\n", encoding="utf-8")
    told = json.loads(ready("doctor", "--json").out)
    wrong = [line["value"] for line in told["lines"] if line["code"] == "preferences" and not line["ok"]]
    assert not told["ok"] and ["Preferences 1:" in wrong[0], "Preferences 3:" in wrong[1]] == [True, True]
    path.write_text("theme = ", encoding="utf-8")
    assert "Preferences 1: not valid TOML" in ready("doctor").out
    assert ready("request", "list").code == 0, "no command stops for it"


def test_doctor(ready: Run) -> None:
    assert json.loads(ready("doctor", "--json").out)["lines"]
    digest = ready("doctor", "--digest").out.strip()
    assert len(digest) == 64
    assert json.loads(ready("doctor", "--digest", "--json").out)["digest"] == digest


def test_sync_before_joining_says_so(ready: Run) -> None:
    done = ready("sync", "--once", "--json")
    assert done.code == 1 and json.loads(done.out)["error"] == "home" and done.err


def test_enrol_prints_the_code_alone_on_the_last_line(run: Run, tmp_path: Path) -> None:
    done = run("central", "enrol", "--data", str(tmp_path / "centre"), "--team", "客服一组", "--role", "rep")
    code = done.out.splitlines()[-1]
    assert done.code == 0 and code == code.strip() and " " not in code
    assert run("central", "enrol", "--data", str(tmp_path / "centre"), "--team", "x", "--role", "king").code == 1


# -- wrong use, held store --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("request",),
        ("request", "add"),
        ("setup", "--name", "x"),
        ("setup", "--foo"),
        ("kb", "search"),
        ("kb", "search", "--limit", "x", "y"),
        ("kb", "search", "--queries", "f"),
        ("export", "requests", "--format", "ods"),
        ("export", "requests", "--format", "xlsx"),
        ("export", "requests", "--headers", "x"),
        ("sync",),
        ("central",),
        ("central", "--data", "x", "--port", "70000"),
    ],
)
def test_wrong_use_is_2_and_said(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "") and done.err.strip()


def test_a_missing_file_is_a_sentence(ready: Run) -> None:
    done = ready("request", "add", "/nowhere/at all")
    assert done.code == 1 and "/nowhere/at all" in done.err and "Traceback" not in done.err


def test_a_held_store_is_read_but_not_written(ready: Run, row_file: str) -> None:
    assert ready("request", "add", row_file).code == 0
    with_lock = open_desk(what="agentdesk")
    try:
        assert len(json.loads(ready("request", "list", "--json").out)) == 1
        assert ready("kb", "search", "漏水").code == 0
        assert ready("export", "requests").code == 0
        assert ready("doctor", "--digest").code == 0
        for words in (("request", "add", row_file), ("sync", "--once"), ("join", "http://127.0.0.1:1", "x")):
            done = ready(*words)
            assert done.code == 1 and "agentdesk" in done.err and done.out == ""
    finally:
        with_lock.close()


def exports(desk: Desk) -> list[tuple[str, int]]:
    """What is logged as exported."""
    rows = desk.store.raw().execute("SELECT exported FROM log_fact WHERE exported IS NOT NULL ORDER BY id")
    return [(one["what"], one["rows"]) for (text,) in rows for one in json.loads(text).values()]


NOTE = {"what": "requests", "rows": 1, "at": "2026-01-28T10:00:00.000+08:00"}
ODD = [
    *({**NOTE, "rows": rows} for rows in (float("inf"), -1, 1.5, True, 10**30, "1")),
    *({**NOTE, "what": what} for what in ("x" * 100_000, "all", 1, [[]])),
    *({**NOTE, "at": at} for at in ("9999-01-01T00:00:00+00:00", "2026-01-28T10:00:00", 5)),
    [],
]


def spoil(notes: Path) -> list[str]:
    """Lay beside the notes what is none, where it is read first; the names."""
    texts = [*map(json.dumps, ODD), '{"what": 1', "[" * 900, "[" * 100_000]
    spoilt = {f"{uuid.UUID(int=at)}.json": text for at, text in enumerate(texts)}
    spoilt |= {"0 spoilt.json": json.dumps(NOTE), f"{uuid.UUID(int=99)} (1).json": json.dumps(NOTE)}
    for name, text in spoilt.items():
        (notes / name).write_text(text)
    (notes / "0.json").mkdir()
    return [*spoilt, "0.json"]


def test_an_export_beside_a_running_desk_becomes_a_fact_of_it(ready: Run, row_file: str, agentdesk_home: Path) -> None:
    assert ready("request", "add", row_file).code == 0
    running = open_desk(what="agentdesk")
    for words in (("export", "requests"), ("kb", "export", "--format", "jsonl"), ("kb", "usage")):
        assert ready(*words).code == 0
    assert exports(running) == [], "another process writes the store"
    notes = agentdesk_home / exported.FOLDER
    kept = {note.name: note.read_bytes() for note in notes.iterdir()}
    spoilt = spoil(notes)
    exported.take_over(running)
    told = exports(running)
    assert [what for what, _ in told] == ["requests", "articles", "kb_usage"] and told[0][1] == 1
    assert sorted(note.name for note in notes.iterdir()) == sorted(f"{name}.unreadable" for name in spoilt)
    for name, note in kept.items():  # as after a stop between the facts and the end of their notes
        (notes / name).write_bytes(note)
    running.close()
    assert ready("request", "list").code == 0
    running = open_desk(what="agentdesk")
    assert exports(running) == told and list(notes.glob("*.json")) == []
    running.close()


def test_a_desk_that_cannot_write_keeps_the_notes_and_works_on(
    ready: Run, agentdesk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = open_desk(what="agentdesk")
    assert ready("export", "requests").code == 0

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as there:
        there.setattr("agentdesk.store.journal.finish_all", full)
        exported.take_over(running)
    assert len(list((agentdesk_home / exported.FOLDER).iterdir())) == 1
    exported.take_over(running)
    assert exports(running) == [("requests", 0)]
    running.close()


def test_a_broken_or_newer_store_is_a_sentence(ready: Run, agentdesk_home: Path) -> None:
    import sqlite3

    conn = sqlite3.connect(agentdesk_home / "desk.db")
    conn.execute("INSERT INTO migration VALUES ('9999_future')")
    conn.commit()
    conn.close()
    assert ready("request", "list").code == 1
    for path in agentdesk_home.glob("desk.db*"):
        path.write_bytes(b"this is no database, however long it may be" * 100)
    done = ready("request", "list")
    assert done.code == 1 and len(done.err.splitlines()) == 1


def test_every_command_has_its_help_in_the_catalogue(run: Run) -> None:
    for words in ((), ("request",), ("request", "add"), ("kb",), ("kb", "search"), ("central",), ("sync",), ("lint",)):
        done = run(*words, "--help")
        assert done.code == 0 and "cli." not in done.out and "None" not in done.out


# -- rules ------------------------------------------------------------------------------------------------------------


def test_a_rule_from_its_file_into_force_and_out(ready: Run, tmp_path: Path) -> None:
    path = tmp_path / "rule.toml"
    path.write_text(SOURCE, encoding="utf-8")
    tried = ready("rules", "try", str(path))
    assert tried.code == 0 and "the rule would have found 0" in tried.out
    assert ready("rules", "propose", str(path)).out.splitlines()[-1] == "FP-06.site waits for another's approval"
    assert "waits for approval" in ready("rules", "list", "FP-06.site").out
    assert ready("rules", "approve", "FP-06.site").out == "FP-06.site is in force\n"
    shown = ready("rules", "list", "瞎捣糨糊").out
    assert shown.startswith("FP-06.site") and "of the site" in shown
    assert "in force" in ready("rules", "show", "FP-06.site").out
    assert ready("rules", "retire", "FP-06.site", "--why", "too many alarms").out == "FP-06.site was retired\n"
    again = ready("rules", "approve", "FP-06.site")
    assert (again.code, again.err) == (1, "No version of FP-06.site waits for approval\n")


def test_a_broken_rule_file_is_one_sentence(ready: Run, tmp_path: Path) -> None:
    path = tmp_path / "rule.toml"
    path.write_bytes(b"\xff[[rule")
    done = ready("rules", "propose", str(path))
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith("The file is not TOML")


VALUE = "锦绣路8813弄27号"


def test_a_value_is_redacted_by_its_number_and_never_stands_in_the_arguments(
    ready: Run, row_b: dict[str, Any], monkeypatch: pytest.MonkeyPatch, agentdesk_home: Path
) -> None:
    feed(monkeypatch, json.dumps({**row_b, "description": f"空调装在{VALUE}"}).encode() + b"\n")
    number = ready("request", "add", "-").out.split()[0]
    feed(monkeypatch, f"{VALUE}\n".encode())
    asked = ready("redact", number, "--why", "customer asked")
    assert asked.code == 1, "nobody at a terminal has said yes"
    assert "1 places will be blanked" in asked.out and "Out of reach" in asked.out
    assert "Nothing was changed" in asked.err and VALUE not in asked.out + asked.err
    assert VALUE in ready("request", "show", number).out

    feed(monkeypatch, f"{VALUE}\n".encode())
    done = ready("redact", number, "--why", f"wrote {VALUE} here", "--yes")
    assert (done.code, done.err) == (0, "") and "1 places blanked" in done.out
    shown = ready("request", "show", number).out
    assert "[REDACTED]" in shown and VALUE not in shown
    files = [path.read_bytes() for path in agentdesk_home.rglob("*") if path.is_file()]
    assert not any(VALUE.encode() in data for data in files), "the reason must not bring it back either"

    feed(monkeypatch, f"{VALUE}\n".encode())
    again = ready("redact", number, "--why", "x", "--yes")
    assert (again.code, again.out) == (1, "") and "no such value" in again.err


@pytest.mark.parametrize(
    ("typed", "why", "said"),
    [("\n", "x", "Enter the value"), ("12\n", "x", "Too short"), ("号" * 201 + "\n", "x", "Too long"),
     (f"{VALUE}\n", " ", "Enter the reason")],
)  # fmt: skip
def test_a_redaction_that_cannot_be_meant_is_a_sentence(
    ready: Run, row_file: str, monkeypatch: pytest.MonkeyPatch, typed: str, why: str, said: str
) -> None:
    number = ready("request", "add", row_file).out.split()[0]
    feed(monkeypatch, typed.encode())
    done = ready("redact", number, "--why", why, "--yes")
    assert (done.code, done.out) == (1, "") and said in done.err
