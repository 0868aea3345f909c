"""Articles out and in again: every form brings them back as they were, guarded where a spreadsheet would run them."""

from __future__ import annotations

import csv
import io
import json
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentdesk.cli import importing
from agentdesk.desk import article_cells, article_export, article_review, article_rows, articles, delimited, workbooks
from agentdesk.desk.article_files import File
from agentdesk.desk.article_rows import Reading
from agentdesk.desk.article_values import checked
from agentdesk.desk.context import Desk
from agentdesk.domain.articles import AUDIENCES, FIELDS
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import SUB_TYPES
from agentdesk.present import columns
from agentdesk.store import starter
from tests.unit.desk.test_article_review import ROW
from tests.unit.desk.test_articles import planned
from tests.unit.desk.test_cli import Run, ready, run  # noqa: F401

HOW = Reading(columns.article_words(), {})
FORMS = ("jsonl", "csv", "xlsx", "md")
ODD = {
    "id": "售后/=1+1",
    "title": "'=SUM(A1)",
    "body": '+++\n- "甲", 乙\n\n| a | b |\n[[x|y]] ![图](a.png) \\ _x0041_',
    "keywords": ["a,b", '"c"', "=d", '5" 屏', "甲、乙"],
    "steps": ["@一, 二", "-三"],
    "plain_summary": "＝全角\n第二行",
    "attachments": ["a.png | 图 | sha256:" + "0" * 64],
    "kind": "solution",
    "category": "usage",
    "effective_to": "2031-05-01",
}


def written(form: str, rows: list[dict[str, Any]], target: Path) -> None:
    if form == "md":
        target.mkdir()
        article_export.write_markdown(target, rows)
    elif form == "jsonl":
        target.write_bytes(b"".join(map(article_export.line, rows)))
    elif form == "csv":
        target.write_bytes(b"".join(delimited.lines([article_cells.COLUMNS, *article_export.table(rows)])))
    else:
        cells = list(article_export.table(rows, workbooks.MAX_CELL))
        with target.open("wb") as out:
            workbooks.write(out, "x", article_cells.COLUMNS, cells)


@pytest.mark.parametrize("form", FORMS)
def test_what_was_exported_comes_in_as_unchanged(desk: Desk, tmp_path: Path, form: str) -> None:
    policy = {"id": "p", "title": "积分政策", "body": "积分一年有效。", "kind": "policy", "tags": ["v1"]}
    articles.import_articles(desk, [ODD, policy, {"id": "con", "title": "甲", "body": "乙"}])
    article_review.approve(desk, article_review.propose(desk, ROW).entity_id)
    own = {"title": starter.articles()[0].title, "body": "我们自己的写法"}
    shipped = article_review.propose(desk, own, starter.articles()[0].id, confirmed=True)
    article_review.approve(desk, shipped.entity_id)
    target = tmp_path / f"out.{form}"
    rows = list(article_export.articles(desk))
    assert len(rows) == 3 + 1 + len(starter.articles())
    written(form, rows, target)
    plan = planned(desk, target)
    assert plan.faults == [] and plan.ready == [] and plan.unchanged == len(rows)
    assert [one.problem for one in plan.notices] == []


TEXT = st.text(st.characters(exclude_categories=["Cs", "Co", "Cn"]), max_size=40)
ROWS = st.fixed_dictionaries(
    {"id": TEXT, "title": TEXT, "body": TEXT},
    optional={
        "kind": st.sampled_from(FIELDS[3].values),
        "category": st.sampled_from(SUB_TYPES),
        "audience": st.sampled_from(AUDIENCES),
        "product": TEXT,
        "plain_summary": TEXT,
        "steps": st.lists(TEXT, max_size=4),
        "keywords": st.lists(st.text('a,，、;；|" \n甲', max_size=6), max_size=4),
        "tags": st.lists(TEXT, max_size=4),
        "attachments": st.lists(TEXT, max_size=3),
        "effective_from": st.sampled_from(["2026-01-01T00:00:00.000+08:00", "2026-05-01T00:00:00.000Z"]),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(ROWS)
def test_every_form_brings_the_fields_back(tmp_path_factory: Any, row: dict[str, Any]) -> None:
    values, wrong = checked(row, None)
    if wrong:
        return
    fields = {code: value for code, value in values.items() if value}
    for form in FORMS:
        target = tmp_path_factory.mktemp("out") / f"a.{form}"
        written(form, [fields], target)
        (path,) = target.iterdir() if form == "md" else [target]
        (back,) = article_rows.read(File(path.name, path, path.stem), path.read_bytes(), HOW)
        assert checked(back.values, None) == (values, []), form


def test_no_cell_is_a_formula_and_none_is_cut(tmp_path: Path) -> None:
    written("csv", [ODD], tmp_path / "a.csv")
    cells = [cell for row in csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if delimited.begins_like_a_formula(cell)]
    written("xlsx", [ODD], tmp_path / "a.xlsx")
    from openpyxl import load_workbook

    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    with pytest.raises(Refusal, match=r"articles\.cell"):
        written("xlsx", [{**ODD, "body": "长" * 40_000}], tmp_path / "b.xlsx")


def test_file_names_are_harmless_and_do_not_meet() -> None:
    taken: set[str] = set()
    names = [
        article_export._file_name(one, taken)
        for one in ("../a", "a", "A", "con", "COM1.x", "..", "/", "甲/乙", "x" * 300)
    ]
    assert names == ["a", "a-2", "A-3", "con_", "COM1.x_", "article", "article-2", "甲_乙", "x" * 80]


def test_the_command_writes_each_form_whole_or_not_at_all(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "kb.jsonl"
    path.write_text(json.dumps({"id": "a", "title": "烤箱", "body": "长" * 40_000}), encoding="utf-8")
    assert ready("kb", "import", str(path)).code == 0
    lines = ready("kb", "export").lines
    assert lines[0]["id"] == "a" and len(lines) == 1 + len(starter.articles())
    folder = tmp_path / "out"
    assert ready("kb", "export", "--format", "md", "--output", str(folder)).code == 0
    again = ready("kb", "import", str(folder))
    assert again.out == f"Imported: 0 new, 0 updated, {len(lines)} unchanged\n" and again.err == ""
    full = ready("kb", "export", "--format", "md", "--output", str(folder))
    assert (full.code, "no empty folder" in full.err) == (1, True)
    book = ready("kb", "export", "--format", "xlsx", "--output", str(tmp_path / "a.xlsx"))
    assert (book.code, "32767" in book.err) == (1, True) and not (tmp_path / "a.xlsx").exists()
    assert ready("kb", "export", "--headers", "label", "--format", "csv").out.startswith(
        "\ufeffid,title,body,kind,English title,"
    )
    for wrong in (("--format", "html"), ("--format", "md"), ("--headers", "x")):
        assert ready("kb", "export", *wrong).code == 2
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []


def test_a_mapping_names_columns_and_values_of_tables_and_of_json_lines(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        '[columns]\nnr = "id"\nq = "title"\nsort = "kind"\nw = "keywords"\n[values.kind]\nhowto = "solution"\n'
    )
    lines, table = tmp_path / "a.jsonl", tmp_path / "a.csv"
    row = {"nr": 7, "q": "烤箱", "body": "预热", "sort": "howto", "w": "慢, 快", "more": 1}
    lines.write_text(json.dumps(row), encoding="utf-8")
    table.write_text('nr,q,body,sort,w,more\n7,烤箱,预热,howto,"慢, 快",1\n', encoding="utf-8")
    assert ready("kb", "import", str(lines)).code == 1
    assert ready("kb", "import", str(lines), "--mapping", str(mapping)).out.startswith("Imported: 1 new")
    done = ready("kb", "import", str(table), "--mapping", str(mapping), "--map", "more=-")
    assert done.out == "Imported: 0 new, 0 updated, 1 unchanged\n"
    (found,) = [one for one in ready("kb", "export").lines if one["id"] == "7"]
    assert (found["kind"], found["keywords"]) == ("solution", ["快", "慢"])
    assert "names no field: nothing" in ready("kb", "import", str(lines), "--map", "nr=nothing").err


@pytest.mark.parametrize("key", ["import.looking", "import.recording"])
def test_ctrl_c_writes_nothing_and_says_so(
    ready: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
) -> None:
    path = tmp_path / "kb.jsonl"
    path.write_text(
        "\n".join(json.dumps({"id": n, "title": f"题{n}", "body": "x"}) for n in range(90)), encoding="utf-8"
    )
    asked = importing.Counter.__call__

    def press(counter: importing.Counter, done: int) -> bool:
        if counter._key == key and done >= 30:
            signal.raise_signal(signal.SIGINT)
        return asked(counter, done)

    monkeypatch.setattr(importing.Counter, "__call__", press)
    ran = ready("kb", "import", str(path))
    ready_then = 90 if key == "import.recording" else 30
    assert (ran.code, ran.out) == (130, "")
    assert ran.err == f"Stopped as asked: none of the {ready_then} articles was written, the base is as it was\n"
    assert len(ready("kb", "export").lines) == len(starter.articles())


def test_a_dry_run_lists_faults_and_doubles_before_anything_is_written(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    text = "请先检查电压，再预热十分钟。如果还是不行，请联系售后，由师傅上门检查，保修期内不收费。"
    rows = [("1", "烤箱慢", text), ("2", "烤箱慢", "别的"), ("3", "烤箱不热", text + "谢谢。"), ("4", "", "x")]
    path = tmp_path / "kb.jsonl"
    path.write_text("\n".join(json.dumps(dict(zip(("id", "title", "body"), row, strict=True))) for row in rows))
    ran = ready("kb", "import", "--dry-run", str(path))
    assert (ran.code, ran.out) == (1, "Would import: 3 new, 0 updated, 0 unchanged; nothing was written\n")
    assert [line.partition(": ")[0] for line in ran.err.splitlines()] == [
        "kb.jsonl, line 4, title",
        "kb.jsonl, line 2, title",
        "kb.jsonl, line 3, body",
        "1 of 4 were refused",
    ]
    assert ran.err.count("(1)") == 2 and len(ready("kb", "export").lines) == len(starter.articles())
