"""Phrases, knowledge, rows, export and doctor."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentdesk.changes import Change
from agentdesk.changes.ids import derived_id
from agentdesk.desk import articles, capture, doctor, exporting, knowledge, phrases, rows, workspace
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may_write
from agentdesk.store.identity import save_identity


def with_roles(desk: Desk, *roles: str) -> None:
    """Make the person a member with these roles alone, as after joining."""
    identity = replace(desk.me, roles=roles, centre_url="http://127.0.0.1:1")
    with desk.store.plain_write() as conn:
        save_identity(conn, identity)
    desk.journal.identity = identity


# -- phrases ----------------------------------------------------------------------------------------------------------


def test_fitting_begins_with_a_greeting_that_needs_nothing(desk: Desk, request_a: str, request_b: str) -> None:
    for request_id in (request_a, request_b):
        first = phrases.fitting(desk, request_id)[0]
        assert (first.step, first.open) == ("K1", ())
        assert "张敏" in first.text and "8021" in first.text and "{" not in first.text
    assert phrases.fitting(desk, request_a)[0].code == "greeting.worried"
    assert phrases.fitting(desk, request_a)[2].scenario == "interim"


def test_a_step_alone(desk: Desk, request_b: str) -> None:
    assert {phrase.step for phrase in phrases.fitting(desk, request_b, step="K6")} == {"K6"}


def test_open_variables_are_asked_for_and_data_is_data(desk: Desk, request_b: str) -> None:
    (hold,) = [one for one in phrases.search(desk, "分钟", request_b) if one.code == "hold"]
    assert hold.open == ("minutes",)
    filled = phrases.fill(desk, hold.id, {"minutes": "{work_no}11010519491231002X"}, request_b)
    assert filled.open == () and "[ID]" in filled.text
    assert "{" not in filled.text and "8021" not in filled.text
    with pytest.raises(Refusal):
        phrases.fill(desk, "nobody")


def test_search_finds_by_title_body_and_scenario(desk: Desk) -> None:
    for words in ("问候", "greeting", "效劳"):
        assert any(one.scenario == "greeting" for one in phrases.search(desk, words))
    assert phrases.search(desk, "") == phrases.fitting(desk, limit=20)
    assert phrases.search(desk, "\ud800\x00") == phrases.search(desk, "")[:0]


def test_the_need_reads_as_a_need(desk: Desk, request_a: str, request_b: str) -> None:
    assert phrases.known(desk, request_a)["need"] == "机身底部漏水"
    assert phrases.known(desk, request_b)["need"] == "能效等级和安装费用"
    assert phrases.known(desk, request_b)["request_no"] == workspace.view(desk, request_b).number


# -- knowledge --------------------------------------------------------------------------------------------------------


def test_search_reads_and_cites(desk: Desk) -> None:
    hit, *_ = knowledge.search(desk, "漏水")
    assert hit.source_id == "washer-leak" and hit.title_spans
    start, end = hit.title_spans[0]
    assert hit.title[start:end] == "漏水"
    shown = knowledge.article(desk, hit.id)
    assert shown.version == hit.version and shown.steps
    assert knowledge.cited_text(desk, hit.citation) == shown.plain_summary
    with pytest.raises(Refusal):
        knowledge.article(desk, "nobody")


def test_an_article_speaks_the_language_of_the_screen(desk: Desk) -> None:
    hit, *_ = knowledge.search(desk, "漏水")
    titles = []
    for desk.spoken in ("en", "zh_CN", "en"):
        titles.append(knowledge.article(desk, hit.id).title)
    assert titles[0].isascii() and titles == [titles[0], hit.title, titles[0]]


@pytest.mark.parametrize("words", ["", "   ", "\x00\ud800", '"*( OR AND NEAR', "x" * 100_000, "11010519491231002X"])
def test_any_words_may_be_searched(desk: Desk, words: str) -> None:
    assert isinstance(knowledge.search(desk, words), list)


def test_solved_is_a_log_fact_without_private_numbers(desk: Desk) -> None:
    hits = knowledge.search(desk, "漏水")
    knowledge.solved(desk, "漏水 11010519491231002X", hits, hits[0].id, True)
    (value,) = desk.store.raw().execute("SELECT searched FROM log_fact WHERE searched IS NOT NULL").fetchone()
    (fact,) = json.loads(value).values()
    assert fact["words"] == "漏水 [ID]" and fact["solved"] is True and fact["hits"][0] == hits[0].id


def test_an_import_is_found_at_once_and_the_same_id_is_a_new_version(desk: Desk) -> None:
    row = {"id": "oven-1", "title": "烤箱加热慢怎么办", "body": "请检查电压。"}
    assert articles.import_articles(desk, [row]).created == 1
    (hit,) = [hit for hit in knowledge.search(desk, "烤箱加热慢") if hit.source_id == "oven-1"]
    assert hit.id == derived_id("article", "kb:main", "oven-1")
    done = articles.import_articles(desk, [row, {**row, "id": "oven-2"}])
    assert (done.created, done.updated, done.unchanged) == (1, 0, 1)
    assert articles.import_articles(desk, [{**row, "body": "请先预热十分钟。"}]).updated == 1
    assert knowledge.article(desk, hit.id).body == "请先预热十分钟。"


def test_a_large_import_goes_in_parts(desk: Desk) -> None:
    many = [{"id": str(index), "title": f"第{index}号烤箱问题", "body": "请检查电压。"} for index in range(130)]
    assert articles.import_articles(desk, many).created == 130
    assert knowledge.search(desk, "第77号烤箱问题")[0].source_id == "77"


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ({"id": "1", "title": "t"}, "import.row", "body"),
        ({"id": 1.5, "title": "t", "body": "b"}, "import.row", "id"),
        ({"id": "1", "title": "t" * 300, "body": "b"}, "import.row", "title"),
        ({"id": "1", "title": "t", "body": "证件11010519491231002X"}, "import.private", "body"),
    ],
)
def test_a_bad_row_stops_the_whole_import(desk: Desk, row: dict[str, Any], code: str, field: str) -> None:
    good = {"id": "0", "title": "好的", "body": "好的"}
    with pytest.raises(Refusal) as refused:
        articles.import_articles(desk, [good, row])
    assert (refused.value.code, refused.value.args["line"], refused.value.args["field"]) == (code, 2, field)
    assert desk.store.raw().execute("SELECT count(*) FROM change WHERE entity = 'article'").fetchone()[0] == 0


def test_import_needs_the_right_to_publish(desk: Desk) -> None:
    with_roles(desk, "rep")
    with pytest.raises(Refusal) as refused:
        articles.import_articles(desk, [{"id": "1", "title": "t", "body": "b"}])
    assert refused.value.args == {"area": "kb_article", "right": "A"}


@pytest.mark.parametrize("role", ["supervisor", "qa_trainer", "legal"])
def test_what_publishers_import_the_centre_takes(desk: Desk, role: str) -> None:
    with_roles(desk, role)
    assert articles.import_articles(desk, [{"id": "1", "title": "t", "body": "b"}]).created == 1
    rows_written = desk.store.raw().execute("SELECT payload FROM change WHERE entity = 'article'").fetchall()
    for (payload,) in rows_written:
        for group, value in Change.parse(payload).patch.items():
            assert may_write([role], "article", group, value.get("t", ""))
    assert not may_write(["rep"], "article", "status", "publish") and not may_write(["analyst"], "article", "version")


# -- roles ------------------------------------------------------------------------------------------------------------


def test_roles_without_the_right_are_refused(desk: Desk, row_b: dict[str, Any], request_b: str) -> None:
    with_roles(desk, "analyst")
    with pytest.raises(Refusal) as refused:
        capture.record(desk, row_b)
    assert refused.value.code == "role.denied"
    assert list(exporting.requests(desk))
    with_roles(desk, "rep")
    with pytest.raises(Refusal) as refused:
        exporting.requests(desk)
    assert refused.value.args == {"area": "export", "right": "X"}


# -- rows, export, doctor ---------------------------------------------------------------------------------------------


def test_the_export_is_masked_and_sorted(desk: Desk, row_b: dict[str, Any], request_a: str) -> None:
    capture.record(desk, row_b | {"description": "请打13912345678联系我，问安装费"})
    found = list(exporting.requests(desk))
    assert [row["id"] for row in found] == sorted(row["id"] for row in found)
    text = json.dumps(found, ensure_ascii=False)
    for secret in ("13800005678", "13900000002", "13912345678"):
        assert secret not in text
    assert found[1]["contact"] == "139****0002" and "139****5678" in found[1]["description"]
    assert desk.store.raw().execute("SELECT count(*) FROM log_fact WHERE exported IS NOT NULL").fetchone()[0] == 1


def test_one_object_or_lines(desk: Desk, row_a: dict[str, Any], row_b: dict[str, Any]) -> None:
    pretty = json.dumps(row_a, ensure_ascii=False, indent=2).encode()
    assert len(list(rows.add_requests(desk, pretty))) == 1
    both = f"\ufeff{json.dumps({**row_b, 'contact': 13900000003})}\r\n\n{json.dumps(row_b)}\n".encode()
    made = list(rows.add_requests(desk, both))
    assert [one.state for one in made] == ["RECORDED", "RECORDED"]
    assert [row["state"] for row in rows.listed(desk)].count("RECORDED") == 2
    shown = rows.shown(desk, made[0].request_id)
    assert shown["record"]["contact"] == "13900000003" and shown["clocks"][0]["code"] == "CK-02"
    json.dumps(shown)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "import.empty"),
        (b"\xff\xfe\x00", "import.json"),
        (b"[" * 100_000, "import.json"),
        (b"[1]", "import.object"),
        (b'{"channel": 3.5}', "import.invalid"),
        (b'{"tags": "x"}', "import.invalid"),
        (b'{"recorder": "x"}', "import.unknown_field"),
        (b'{"channel": "fax"}', "capture.incomplete"),
    ],
)
def test_bad_rows_name_their_line_and_write_nothing(desk: Desk, row_b: dict[str, Any], line: bytes, code: str) -> None:
    good = json.dumps(row_b).encode()
    data = good + b"\n" + line if line else b"\n \n"
    with pytest.raises(rows.RowRefused) as refused:
        rows.add_requests(desk, data)
    assert refused.value.refusal.code == code
    assert refused.value.line == (2 if line else 1)
    assert rows.listed(desk) == []


def test_a_reading_desk_shows_the_contact_masked(desk: Desk, request_b: str, opened: Callable[..., Desk]) -> None:
    reader = opened(write=False)
    assert rows.shown(reader, request_b)["record"]["contact"] == "139****0002"
    assert rows.shown(desk, request_b)["record"]["contact"] == "13900000002"
    assert desk.store.raw().execute("SELECT count(*) FROM log_fact WHERE viewed IS NOT NULL").fetchone()[0] == 1


def test_doctor_finds_a_sound_desk(desk: Desk, home: Path) -> None:
    found = {line.code: line for line in doctor.examine(desk)}
    assert found["integrity"].value == "ok" and found["store"].value == str(home / "desk.db")
    assert len(str(doctor.digest(desk)["digest"])) == 64
