"""Tables in: the exact report of ten thousand rows, no doubles after a kill, encodings, hostile workbooks."""

from __future__ import annotations

import csv
import io
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentdesk.desk import columns, delimited, importing, sheets
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.present import columns as known_words
from agentdesk.store import queries

HEADER = ["渠道", "姓名", "手机", "客户编号", "未注册", "诉求类型", "子类型", "产品", "订单号", "发生时间", "描述",
          "异常现象", "归因", "期望", "情绪", "分类", "优先级", "优先级理由", "标签"]  # fmt: skip
FIELDS = ["channel", "customer_name", "contact", "customer_no", "unregistered", "request_type", "sub_type",
          "product_service", "order_no", "occurred_at", "description", "anomaly", "attribution", "expected_outcome",
          "emotion", "category", "priority", "priority_why", "tags"]  # fmt: skip
CARD = "6222021234567890128"

BREAKS: list[tuple[dict[str, str], tuple[str, str]]] = [
    ({"customer_name": ""}, ("customer_name", "missing")),
    ({"customer_name": "无"}, ("customer_name", "missing")),
    ({"customer_name": "王丽" * 21}, ("customer_name", "too_long")),
    ({"contact": ""}, ("contact", "missing")),
    ({"contact": "1380000"}, ("contact", "bad_contact")),
    ({"contact": "a@b"}, ("contact", "bad_contact")),
    ({"channel": "鸽子"}, ("channel", "not_a_value")),
    ({"channel": ""}, ("channel", "missing")),
    ({"request_type": "闲聊"}, ("request_type", "not_a_value")),
    ({"emotion": ""}, ("emotion", "missing")),
    ({"emotion": "很怪"}, ("emotion", "not_a_value")),
    ({"description": ""}, ("description", "missing")),
    ({"description": "太短了"}, ("description", "too_short")),
    ({"description": "很长" * 2_501}, ("description", "too_long")),
    ({"priority": "P9"}, ("priority", "not_a_value")),
    ({"unregistered": "也许"}, ("unregistered", "not_yes_no")),
    ({"unregistered": "否"}, ("customer_no", "missing")),
    ({"occurred_at": "2025-13-45"}, ("occurred_at", "bad_date")),
    ({"order_no": CARD}, ("order_no", "looks_private")),
    ({"product_service": "#REF!"}, ("product_service", "cell_error")),
    ({"product_service": ""}, ("product_service", "missing")),
    ({"tags": "长城" * 21}, ("tags", "too_long")),
    ({"priority": "P2"}, ("priority", "priority_why")),
]
"""What is broken in a good row -> the field and the reason that must be reported, alone."""


def good(number: int) -> dict[str, str]:
    return {
        "channel": "电话" if number % 2 else "在线",
        "customer_name": f"王{number}",
        "contact": f"139{number:08d}",
        "unregistered": "是",
        "request_type": "咨询",
        "sub_type": "产品",
        "product_service": "空调",
        "description": f"想了解空调的能效等级\n和安装费用，第{number}位"
        if number % 7 == 0
        else "想了解空调的能效等级和费用",
        "emotion": "平静",
        "tags": "物流、政策",
    }


def table(rows: list[dict[str, str]]) -> tuple[str, list[int]]:
    """A CSV text, and the line at which each row begins."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(HEADER)
    starts: list[int] = []
    line = 2
    for row in rows:
        cells = [row.get(field, "") for field in FIELDS]
        starts.append(line)
        line += 1 + sum(cell.count("\n") for cell in cells)
        writer.writerow(cells)
    return buffer.getvalue(), starts


def planned(desk: Desk, path: Path, mapping: dict[str, str] | None = None) -> importing.Plan:
    return importing.plan(desk, sheets.read(path), known_words.words(), mapping or {})


def numbers_of(home: Path) -> list[str]:
    with sqlite3.connect(home / "desk.db") as conn:
        return [number for (number,) in conn.execute("SELECT number FROM queue_row")]


def test_every_way_of_breaking_a_row_is_reported_with_line_field_and_reason(desk: Desk, tmp_path: Path) -> None:
    rows = [good(0)]
    for index, (change, _) in enumerate(BREAKS, start=1):
        rows += [{**good(index * 2), **change}, good(index * 2 + 1)]
    text, starts = table(rows)
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8-sig", newline="")
    plan = planned(desk, path)
    wanted = [(starts[2 * i + 1], *reason) for i, (_, reason) in enumerate(BREAKS)]
    assert [(fault.line, fault.field, fault.problem) for fault in plan.faults] == wanted
    assert [one.line for one in plan.ready] == [starts[0], *starts[2::2]]


def test_ten_thousand_rows_with_one_in_twenty_broken(desk: Desk, home: Path, tmp_path: Path) -> None:
    total, rows, broken = 10_000, [], {}
    for index in range(total):
        row = good(index)
        if index % 20 == 13:
            change, reason = BREAKS[(index // 20) % len(BREAKS)]
            broken[index] = reason
            row = {**row, **change}
        rows.append(row)
    text, starts = table(rows)
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="gb18030", newline="")
    plan = planned(desk, path)
    assert [(f.line, f.field, f.problem) for f in plan.faults] == [(starts[i], *broken[i]) for i in sorted(broken)]
    done = importing.Done()
    importing.record(desk, plan.ready, done)
    assert done.recorded == total - len(broken) == 9_500
    numbers = numbers_of(home)
    assert len(numbers) == len(set(numbers)) == 9_500
    again = planned(desk, path)
    assert (again.known, len(again.ready), again.refused) == (9_500, 0, 500)


@pytest.mark.parametrize("point", ["commit.before:2", "commit.after:2", "commit.before:3"])
def test_killed_in_the_middle_and_repeated_without_doubles(
    opened: Callable[[], Desk], desk: Desk, home: Path, tmp_path: Path, point: str
) -> None:
    desk.close()
    # The same customers again and again: what is recorded already must not change what the rules propose for the rest.
    rows = [{**good(index), "contact": f"1390000000{index % 5}"} for index in range(250)]
    path = tmp_path / "t.csv"
    path.write_text(table(rows)[0], encoding="utf-8", newline="")
    environ = {**os.environ, "AGENTDESK_HOME": str(home), "LANG": "en_US.UTF-8"}
    words = [sys.executable, "-m", "agentdesk", "request", "import", str(path)]
    killed = subprocess.run(words, env={**environ, "AGENTDESK_FAULT": point}, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    before = len(numbers_of(home))
    assert before % importing.BATCH == 0 and before < 250
    with sqlite3.connect(home / "desk.db") as conn:
        assert conn.execute("SELECT count(*) FROM imported").fetchone()[0] == before
        assert conn.execute("SELECT count(*) FROM contact").fetchone()[0] == before
    again = subprocess.run(words, env=environ, capture_output=True, text=True)
    assert (again.returncode, again.stderr) == (0, "")
    numbers = numbers_of(home)
    assert len(numbers) == len(set(numbers)) == 250
    assert subprocess.run(words, env=environ, capture_output=True).returncode == 0
    assert len(numbers_of(home)) == 250


def test_asked_to_stop_it_stops_after_the_row(desk: Desk, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(table([good(index) for index in range(20)])[0], encoding="utf-8", newline="")
    done = importing.Done()
    importing.record(desk, planned(desk, path).ready, done, lambda count: count == 7)
    assert (done.recorded, done.stopped, len(numbers_of(home))) == (7, True, 7)
    assert len(planned(desk, path).ready) == 13


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(desk: Desk, tmp_path: Path, codec: str, delimiter: str) -> None:
    text = table([good(1), good(2)])[0].replace(",", delimiter)
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(codec))
    plan = planned(desk, path)
    assert (len(plan.ready), plan.faults) == (2, [])


def test_taiwan_writes_big5_and_its_own_words(desk: Desk, tmp_path: Path) -> None:
    text = (
        "管道,客戶姓名,手機,未註冊,訴求類型,子類型,產品,描述,情緒\r\n"
        "phone,陳小姐,13900000001,是,consult,product,冷氣機,想了解冷氣機的能源效率等級以及安裝的費用,calm\r\n"
    )
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode("cp950"))
    plan = planned(desk, path)
    assert plan.faults == [] and plan.ready[0].prepared.intake.product_service == "冷氣機"


def test_bytes_of_no_known_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(bytes(range(0x80, 0x100)) * 20)
    with pytest.raises(Refusal) as refused:
        sheets.read(path)
    assert refused.value.code == "sheet.encoding"


def test_a_workbook_is_read_with_its_own_row_numbers(desk: Desk, tmp_path: Path) -> None:
    from datetime import date

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    sheet.append([])
    first: list[Any] = [good(1).get(field, "") for field in FIELDS]
    first[FIELDS.index("contact")] = 13900000001
    first[FIELDS.index("occurred_at")] = date(2025, 4, 28)
    first[FIELDS.index("unregistered")] = True
    sheet.append(first)
    sheet.append([{**good(2), "emotion": "很怪"}.get(field, "") for field in FIELDS])
    path = tmp_path / "t.xlsx"
    book.save(path)
    plan = planned(desk, path)
    intake = plan.ready[0].prepared.intake
    assert (plan.ready[0].line, intake.contact, intake.occurred_at) == (3, "13900000001", "2025-04-28")
    assert [(one.line, one.field, one.problem) for one in plan.faults] == [(4, "emotion", "not_a_value")]


def test_hostile_and_foreign_workbooks_are_refused(tmp_path: Path) -> None:
    def refused(data: bytes) -> str:
        path = tmp_path / "t.xlsx"
        path.write_bytes(data)
        with pytest.raises(Refusal) as caught:
            list(sheets.read(path).rows)
        return caught.value.code

    def packed(name: str, content: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr(name, content)
        return buffer.getvalue()

    assert refused(b"\xd0\xcf\x11\xe0" + bytes(600)) == "sheet.xls"
    assert refused(packed("xl/sheet1.xml", b"0" * 20_000_000)) == "sheet.hostile"
    assert (
        refused(packed("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'))
        == "sheet.hostile"
    )
    assert refused(packed("xl/workbook.xml", b"<a/>")) == "sheet.workbook"
    assert refused(b"PK\x03\x04 and nothing") == "sheet.workbook"


def test_a_damaged_workbook_is_refused_wherever_the_damage_is(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in range(300):
        book.worksheets[0].append([f"题{row * row * 7919}", row])
    path = tmp_path / "t.xlsx"
    book.save(path)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        starts = [part.header_offset for part in packed.infolist()]
    for at in starts:
        for within in (60, 120, 700):
            path.write_bytes(whole[: at + within] + b"\xff" * 40 + whole[at + within + 40 :])
            try:
                list(sheets.read(path).rows)
            except Refusal as error:
                assert error.code in ("sheet.workbook", "sheet.hostile", "sheet.empty"), (at, within)


def test_broken_quotes_spoil_one_row_only(desk: Desk, tmp_path: Path) -> None:
    text, _ = table([good(1), good(2)])
    head, first, second, _ = text.split("\r\n")
    path = tmp_path / "t.csv"
    path.write_text("\r\n".join([head, '电话,"王"一,x', first, second, ""]), encoding="utf-8", newline="")
    plan = planned(desk, path)
    assert [(one.line, one.problem) for one in plan.faults] == [(2, "quotes")]
    assert [one.line for one in plan.ready] == [3, 4]


def test_a_related_request_is_named_by_its_number(desk: Desk, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(table([good(1)])[0], encoding="utf-8", newline="")
    importing.record(desk, planned(desk, path).ready, importing.Done())
    (number,) = numbers_of(home)
    (root,) = queries.request_ids(desk.store.raw())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*FIELDS, "related_request"])
        for index, named in enumerate([number, "TS-NOBODY-0001"], start=2):
            writer.writerow([*(good(index).get(field, "") for field in FIELDS), named])
    plan = planned(desk, path)
    assert [one.prepared.intake.related_request for one in plan.ready] == [(root,)]
    assert [(one.field, one.problem) for one in plan.faults] == [("related_request", "not_a_value")]


def test_what_our_own_table_guards_comes_back_as_it_was() -> None:
    cells = ["=SUM(A1)", "+8613900000001", "-1", "@x", "'quoted", "''", "\uff1d1", " =1", "plain", "it's", ""]
    read = sheets.parsed(b"".join(delimited.lines([["a"] * len(cells), cells])))
    assert [row.cells for row in read.rows] == [tuple(cells)]
    foreign = sheets.parsed(b"a,b\r\n'tis,'=1\r\n")
    assert [row.cells for row in foreign.rows] == [("'tis", "=1")]


def test_columns_are_mapped_left_out_or_refused() -> None:
    words = known_words.words()
    assert columns.assign(["手机", "E-mail 2", "name"], words, {"E-mail 2": "-"}) == ["contact", "", "customer_name"]
    assert columns.assign(["x", "y"], words, {"x": "contact", "*": "-"}) == ["contact", ""]
    for header, mapping, code in [
        (["手机", "随便"], {}, "columns.unknown"),
        (["手机", "电话"], {}, "columns.twice"),
        (["手机"], {"手机": "telephone"}, "columns.target"),
        (["手机"], {"电话2": "contact"}, "columns.absent"),
        (["a"], {"*": "-"}, "columns.none"),
    ]:
        with pytest.raises(Refusal) as refused:
            columns.assign(header, words, mapping)
        assert refused.value.code == code


def test_a_private_number_never_reaches_the_disk(desk: Desk, home: Path, tmp_path: Path) -> None:
    rows = [{**good(1), "description": f"我的银行卡是{CARD}，想问一下空调的费用"}, {**good(2), "order_no": CARD}]
    path = tmp_path / "t.csv"
    path.write_text(table(rows)[0], encoding="utf-8", newline="")
    plan = planned(desk, path)
    assert [(one.line, one.field, one.problem) for one in plan.notices] == [(2, "description", "replaced")]
    assert [(one.line, one.field, one.problem) for one in plan.faults] == [(3, "order_no", "looks_private")]
    importing.record(desk, plan.ready, importing.Done())
    desk.close()
    assert all(CARD.encode() not in found.read_bytes() for found in home.rglob("*") if found.is_file())
