"""Articles in: every kind of file, faults by file and line, good ones kept, again without doubles, stopped clean."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.desk import article_rows, articles, knowledge
from agentdesk.desk.article_rows import Reading
from agentdesk.desk.context import Desk
from agentdesk.domain.content import article_id
from agentdesk.domain.front_matter import Document, FrontMatterError, parse
from agentdesk.present import columns

BODY = "请先检查电压，再预热十分钟。"
TOML = (
    '+++\nid = "oven-2"\ntitle = "烤箱门关不严"\nkind = "solution"\nkeywords = ["门缝", "密封条"]\n+++\n'
    "## 做法\n擦净密封条。\n"
)
YAML = (
    '---\nid: "oven-3"\ntitle: 烤箱有异味  # 常见\ncategory: usage\ntags: [厨房, "新品"]\n'
    "steps:\n  - 空烧\n  - 通风\n---\n空烧二十分钟。\n"
)


def planned(desk: Desk, *paths: Path, stdin: bytes = b"") -> articles.Plan:
    how = Reading(columns.article_words(), {})
    return articles.plan(desk, [str(path) for path in paths], how, io.BytesIO(stdin))


def recorded(desk: Desk, *paths: Path) -> articles.Done:
    return articles.record(desk, planned(desk, *paths).ready)


def told(plan: articles.Plan) -> list[tuple[str, int, str, str]]:
    return [(one.file, one.line, one.field, one.problem) for one in plan.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "kb"
    (made / "sub").mkdir(parents=True)
    (made / "a.md").write_text(TOML, encoding="utf-8")
    (made / "sub" / "b.md").write_bytes(YAML.replace("\n", "\r\n").encode("utf-8-sig"))
    (made / "sub" / "plain.md").write_text("# 烤箱保养\n\n每周清洁。\n", encoding="utf-8")
    (made / "note.txt").write_text("no article", encoding="utf-8")
    return made


def test_a_folder_of_markdown_with_both_heads_and_with_none(desk: Desk, folder: Path) -> None:
    done = recorded(desk, folder)
    assert (done.created, done.updated) == (3, 0)
    shown = knowledge.article(desk, article_id("oven-3"))
    assert (shown.title, shown.category, shown.steps) == ("烤箱有异味", "usage", ("空烧", "通风"))
    assert (shown.tags, shown.body) == (("厨房", "新品"), "空烧二十分钟。")
    assert knowledge.article(desk, article_id("sub/plain")).title == "烤箱保养"
    assert knowledge.search(desk, "密封条")[0].source_id == "oven-2"
    again = planned(desk, folder)
    assert (again.unchanged, again.ready, again.faults) == (3, [], [])
    (folder / "a.md").write_text(TOML.replace('"门缝", ', ""), encoding="utf-8")
    assert recorded(desk, folder).updated == 1
    assert planned(desk, folder).unchanged == 3, "a word that was taken away stays away"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_with_labels_keeps_its_good_rows(desk: Desk, tmp_path: Path, form: str) -> None:
    head = ["编号", "标题", "正文", "种类", "关键词", "生效日期"]
    rows = [
        ["t1", "烤箱加热慢", BODY, "解决方案", "慢、电压", "2025-04-28"],
        ["t2", "", BODY, "", "", ""],
        ["t3", "烤箱预热", BODY, "怪事", "", "2025-13-01"],
        ["t4", "卡号", "卡号 6222021234567890128", "", "", ""],
    ]
    path = tmp_path / f"t.{form}"
    if form == "csv":
        path.write_bytes("\r\n".join(",".join(row) for row in [head, *rows]).encode("gb18030"))
    else:
        from openpyxl import Workbook

        book = Workbook()
        for row in [head, *rows]:
            book.worksheets[0].append(row)
        book.save(path)
    plan = planned(desk, path)
    assert told(plan) == [
        (path.name, 3, "title", "missing"),
        (path.name, 4, "kind", "not_a_value"),
        (path.name, 4, "effective_from", "bad_date"),
        (path.name, 5, "body", "private"),
    ]
    assert (plan.refused, plan.total, plan.would(articles.CREATED)) == (3, 4, 1)
    assert plan.ready[0].values["kind"] == "solution" and plan.ready[0].values["keywords"] == ["慢", "电压"]


def test_broken_lines_of_json_leave_the_others(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = [json.dumps({"id": number, "title": f"题{number}", "body": BODY, "foreign": 1}) for number in (1, 4)]
    path.write_text("\n".join([good[0], "{", "[1]", good[1]]), encoding="utf-8")
    plan = planned(desk, path)
    assert told(plan) == [("a.jsonl", 2, "", "not_json"), ("a.jsonl", 3, "", "not_an_object")]
    assert [one.values["id"] for one in plan.ready] == ["1", "4"]


def test_doubles_are_shown(desk: Desk, tmp_path: Path) -> None:
    rows = [{"id": "1", "title": "同题", "body": "甲"}, {"id": "1", "title": "同题", "body": "乙"},
            {"id": "2", "title": "同题", "body": "丙"}, {"id": "1", "title": "同题", "body": "甲"}]  # fmt: skip
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    plan = planned(desk, path)
    assert [(one.line, one.problem, one.other) for one in plan.faults] == [(2, "source_twice", "a.jsonl:1")]
    assert [(one.line, one.problem, one.other) for one in plan.notices] == [(3, "same_title", "1")]
    assert (len(plan.ready), plan.unchanged) == (2, 1)


def test_hostile_and_broken_files_are_faults_of_their_own(desk: Desk, folder: Path) -> None:
    (folder / "a.md").write_text('+++\nid = "x"\ntitle = \n+++\nx', encoding="utf-8")
    (folder / "b.md").write_text("---\ntitle: x\nbody text", encoding="utf-8")
    (folder / "c.md").write_text("---\ntitle: x\nanchor: *a\n---\nx", encoding="utf-8")
    (folder / "d.md").write_bytes(bytes(range(0x80, 0x100)) * 20)
    (folder / "link.md").symlink_to("/etc/passwd")
    bad = folder.parent / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 and nothing")
    plan = planned(desk, folder, bad)
    assert told(plan) == [
        ("a.md", 3, "", "front_matter"),
        ("b.md", 1, "", "front_open"),
        ("c.md", 3, "", "front_matter"),
        ("d.md", 0, "", "sheet.encoding"),
        ("bad.xlsx", 0, "", "sheet.workbook"),
    ]
    assert len(plan.ready) == 2


def dumped(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the store as it stands."""
    conn = desk.store.raw()
    names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {name: sorted(conn.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}


def many(path: Path, count: int) -> Path:
    rows = ({"id": str(n), "title": f"题{n}", "body": f"{BODY}第{n}条"} for n in range(count))
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.mark.parametrize("after", [1, 30, 60])
def test_stopped_in_the_middle_it_leaves_the_base_as_it_was(desk: Desk, tmp_path: Path, after: int) -> None:
    path = many(tmp_path / "a.jsonl", 70)
    recorded(desk, many(tmp_path / "b.jsonl", 5))
    before = dumped(desk)
    done = articles.record(desk, planned(desk, path).ready, lambda count: count >= after)
    assert (done.recorded, done.stopped) == (0, True) and dumped(desk) == before
    assert knowledge.search(desk, "题40") == [] or knowledge.search(desk, "题40")[0].title != "题40"
    whole = articles.record(desk, planned(desk, path).ready)
    assert (whole.created, whole.stopped) == (65, False) and dumped(desk) != before


def test_what_breaks_off_in_the_middle_leaves_the_base_as_it_was(desk: Desk, tmp_path: Path) -> None:
    ready = planned(desk, many(tmp_path / "a.jsonl", 70)).ready
    desk.journal.load_rules()
    before = dumped(desk)
    for error in (OSError("no space left"), KeyboardInterrupt()):

        def breaks(count: int, error: BaseException = error) -> bool:
            if count > 30:
                raise error
            return False

        with pytest.raises(type(error)):
            articles.record(desk, ready, breaks)
        assert dumped(desk) == before


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@given(st.text(max_size=200))
def test_any_text_is_a_document_or_refused_with_a_line(text: str) -> None:
    for fence in ("+++", "---"):
        try:
            assert isinstance(parse(f"{fence}\n{text}"), Document)
        except FrontMatterError as error:
            assert 1 <= error.line <= text.count("\n") + text.count("\r") + 3


@given(TEXT, st.lists(TEXT, min_size=1, max_size=5))
def test_quoted_yaml_comes_back_as_it_was(value: str, items: list[str]) -> None:
    quoted = [json.dumps(item, ensure_ascii=False) for item in items]
    text = f"---\nkey: {json.dumps(value)}\nlist: [{', '.join(quoted)}]\nmore:\n" + "".join(
        f"- {item}\n" for item in quoted
    )
    assert parse(f"{text}---\nx").head == {"key": value, "list": items, "more": items}


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_refusal(data: bytes) -> None:
    from agentdesk.domain.refusal import Refusal

    for name in ("a.md", "a.csv", "a.jsonl", "-"):
        file = article_rows.File(name, Path(name), "a")
        try:
            assert all(row.line >= 1 for row in article_rows.read(file, data, READING))
        except Refusal:
            pass


READING = Reading(columns.article_words(), {})
