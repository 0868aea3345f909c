"""docs/schemas against what the commands really take and give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agentdesk.__main__ import main
from agentdesk.present import i18n
from tests.house.sources import ROOT

ROW: dict[str, Any] = {
    "channel": "online",
    "customer_name": "李华",
    "contact": "13900005678",
    "customer_no": 100234,
    "request_type": "consult",
    "sub_type": "product",
    "product_service": "空调",
    "description": "想了解空调的能效等级和安装费用",
    "emotion": "calm",
}
ARTICLE: dict[str, Any] = {
    "id": "a-1",
    "title": "定时关机",
    "body": "按定时键。",
    "keywords": ["定时"],
    "theirs": 7,
}

Run = Callable[..., tuple[int, list[str]]]


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "schemas" / name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


REQUEST, EXPORT = validator("request-row.json"), validator("export-row.json")
ARTICLES, LINT = validator("article-row.json"), validator("lint-line.json")


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A desk that is set up; a call is given the words of a command and, last, the rows of its file."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("AGENTDESK_HOME", str(tmp_path / "home"))
    before = i18n.language()

    def call(words: str, *rows: Any) -> tuple[int, list[str]]:
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        code = main([*words.split(), *([str(path)] if rows else [])])
        return code, capfdbinary.readouterr().out.decode().splitlines()

    assert call("setup --name 张敏 --work-no 8021 --team 客服一组 --lang en")[0] == 0
    yield call
    i18n.use(before)


UNFIT = [
    {"nobody_knows": "x"},
    {"repeat_count": 3},
    {"emotion": "furious"},
    {"emotion": ""},
    {"sub_type": "other"},
    {"contact_kind": 5},
    {"tags": "technical"},
    {"tags": [f"t{number}" for number in range(41)]},
    {"tags": ["x" * 41]},
    {"unregistered": "yes"},
    {"needs_callback": 1},
    {"customer_name": "名字" * 21},
    {"description": "字句" * 2_501},
    {"customer_no": ""},
    {"contact": None},
]


@pytest.mark.parametrize("change", UNFIT, ids=lambda change: "-".join(change))
def test_what_request_add_refuses_does_not_validate(run: Run, change: dict[str, Any]) -> None:
    row = {**ROW, **change}
    assert not REQUEST.is_valid(row)
    assert run("request add", row) == (1, [])


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"customer_no": None, "unregistered": True},
        {"sub_type": ""},
        {"tier": None, "order_no": 55},
        {"tags": ["常客"]},
    ],
)
def test_what_validates_is_taken_and_exported_as_said(run: Run, change: dict[str, Any]) -> None:
    row = {**ROW, **change}
    assert REQUEST.is_valid(row)
    assert run("request add", row)[0] == 0
    code, lines = run("export requests --format jsonl")
    assert code == 0 and len(lines) == 1
    exported = json.loads(lines[0])
    EXPORT.validate(exported)
    for broken in ({**exported, "more": 1}, {**exported, "state": "OPEN"}, {**exported, "emotion": "furious"}):
        assert not EXPORT.is_valid(broken)
    del exported["owner"]
    assert not EXPORT.is_valid(exported)


def test_articles(run: Run) -> None:
    assert ARTICLES.is_valid(ARTICLE)
    assert run("kb import --dry-run", ARTICLE)[0] == 0
    for change in ({"kind": "poem"}, {"title": ""}, {"steps": "one"}, {"tags": ["x", 5]}, {"body": ["x"]}):
        row = {**ARTICLE, **change}
        assert not ARTICLES.is_valid(row)
        assert run("kb import --dry-run", row)[0] == 1


def test_lint(run: Run) -> None:
    rows = ({"id": "r1", "text": "这不是我的问题，你自己看说明书。保证百分之百修好。"}, {"text": "您好"})
    code, lines = run("lint", *rows)
    answers = [json.loads(line) for line in lines]
    assert code == 0 and answers[0]["findings"]
    for answer in answers:
        LINT.validate(answer)
    (first, *_) = answers[0]["findings"]
    for broken in ({**first, "severity": "fatal"}, {**first, "why": "x"}, {**first, "start": -1}):
        assert not LINT.is_valid({**answers[0], "findings": [broken]})
