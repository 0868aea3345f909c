"""Phrases as commands: proposed and approved, tables in and out, hostile files told in one sentence."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from agentdesk import preferences
from agentdesk.__main__ import main
from agentdesk.desk import phrase_import
from agentdesk.present import i18n

Run = Callable[..., SimpleNamespace]

ONE = """
[[phrase]]
code = "shop.pickup"
scenario = "progress"
title.zh-CN = "到店自提"
body.zh-CN = "您的{product}已经到店，{eta}前都可以来取。"
actions = ["tag 自提", "callback +1d 10:00"]
"""
HEAD = "编号,场景,标题（简体）,内容（简体）,英文标题,英文内容,渠道,情绪,标签,动作\r\n"
GOOD = (
    'shop.a,进度反馈,到店,"您的{product}到店了。",Arrived,"Your {product} is here.",在线、电话,平静,自提,'
    '"标签 自提；回访 +1d 10:00"\r\n'
)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    before = i18n.language()

    def call(*words: str) -> SimpleNamespace:
        code = main(words)
        got = capfdbinary.readouterr()
        i18n.use(before)
        return SimpleNamespace(code=code, out=got.out.decode("utf-8"), err=got.err.decode("utf-8"))

    assert call("setup", "--name", "张敏", "--work-no", "8021", "--team", "a", "--lang", "zh_CN").code == 0
    return call


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8", newline="")
    return str(path)


def state(run: Run, code: str) -> str:
    rows = [json.loads(line) for line in run("phrases", "list", "--json").out.splitlines()]
    return next((str(row["state"]) for row in rows if row["code"] == code), "")


def test_the_life_of_a_phrase_as_commands(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "one.toml", ONE)
    assert run("phrases", "propose", file).out == "shop.pickup 已提交，等待他人批准\n"
    assert state(run, "shop.pickup") == "waiting"
    assert run("phrases", "approve", "shop.pickup").out == "shop.pickup 已生效\n"
    shown = run("phrases", "show", "shop.pickup").out
    assert "内容（简体）：您的{product}已经到店" in shown and "加标签“自提”" in shown and "生效中" in shown
    written(tmp_path / "one.toml", ONE.replace("都可以来取", "随时来取"))
    assert run("phrases", "propose", file).code == 0
    shown = run("phrases", "show", "shop.pickup").out
    assert "原来：您的{product}已经到店，{eta}前都可以来取。" in shown and "改为：" in shown
    assert run("phrases", "return", "shop.pickup", "--why", "再改改").out == "shop.pickup 已退回\n"
    assert "原因：再改改" in run("phrases", "show", "shop.pickup").out
    assert run("phrases", "retire", "shop.pickup", "--why", "不用了").out == "shop.pickup 已停用\n"
    assert state(run, "shop.pickup") == "retired"
    (first, _) = re.findall(r"^([0-9a-f]{8}-[0-9a-f]{4})  ", run("phrases", "show", "shop.pickup").out, re.MULTILINE)
    assert run("phrases", "put-back", "shop.pickup", first[:4]).code == 1, "both versions begin so"
    assert run("phrases", "put-back", "shop.pickup", first).code == 0
    assert state(run, "shop.pickup") == "published"


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("approve", "x"), "没有这条本站话术：x", 1),
        (("approve",), "请写话术编号，或者用 --all", 2),
        (("show", "x"), "没有这条话术：x", 1),
        (("retire", "soothing", "--why", " "), "请写明原因", 1),
        (("list", "--state", "odd"), "没有 odd 这个状态", 2),
        (("import", "nowhere.csv"), "nowhere.csv", 1),
        (("export", "--format", "doc"), "doc", 2),
        (("export", "--format", "xlsx"), "--output", 2),
    ],
)
def test_wrong_use_is_one_sentence(run: Run, words: tuple[str, ...], said: str, code: int) -> None:
    done = run("phrases", *words)
    assert done.code == code and said in done.err and done.err.count("\n") == 1 and not done.out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[[phrase]]", "[[phrase"), "不是有效的 TOML"),
        (("[[phrase]]", "[[other]]"), "现有 0 条"),
        (('"progress"', '"nothing"'), "场景：不是可选的值"),
        (("{eta}", "{nobody}"), "没有这样的变量 nobody"),
        (("tag 自提", "explode"), "没有这样的动作"),
        (("已经到店", "到店了，请您冷静点"), "不能说的话"),
        (('"progress"', "7"), "不是文字"),
    ],
)
def test_a_faulty_file_says_what_is_wrong(run: Run, tmp_path: Path, change: tuple[str, str], said: str) -> None:
    done = run("phrases", "propose", written(tmp_path / "one.toml", ONE.replace(*change)))
    assert done.code == 1 and said in done.err and done.err.count("\n") == 1


def test_a_table_is_looked_at_first_and_proposed_then(run: Run, tmp_path: Path) -> None:
    rows = [
        GOOD,
        GOOD.replace("shop.a", "shop.b").replace("进度反馈", "无此场景"),
        GOOD.replace("shop.a", "shop.c").replace("您的{product}到店了。", "证件 11010519491231002X {product}"),
        GOOD.replace("shop.a", "shop.d").replace("您的{product}到店了。", "这个我不清楚，{product}"),
        GOOD.replace("shop.a", "shop.e").replace("您的{product}到店了。", "请您冷静点，{product}"),
        GOOD.replace("平静", "#REF!").replace("shop.a", "shop.f"),
        GOOD.replace("到店,", "到店了,"),
        GOOD,
    ]
    table = written(tmp_path / "t.csv", HEAD + "".join(rows))
    dry = run("phrases", "import", table, "--dry-run", "--report", str(tmp_path / "r.csv"))
    assert dry.code == 1 and state(run, "shop.a") == ""
    assert dry.out == "会提交 2 条新话术、0 条新版本；1 条没有变化（没有写入）\n"
    for said in ("第 3 行", "第 4 行", "不能是证件号", "第 5 行", "不妥当", "第 6 行", "不能说的话", "第 8 行"):
        assert said in dry.err, said
    report = list(csv.reader(io.StringIO((tmp_path / "r.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert {(row[0], row[1], row[2]) for row in report[1:]} >= {
        ("3", "scenario", "not_a_value"),
        ("4", "body_zh_cn", "private"),
        ("5", "body_zh_cn", "phrase_warned"),
        ("6", "body_zh_cn", "phrase_blocked"),
        ("7", "emotions", "cell_error"),
        ("8", "code", "source_twice"),
    }
    done = run("phrases", "import", table)
    assert (done.code, done.out) == (1, "提交了 2 条新话术、0 条新版本，等待批准；1 条没有变化\n")
    assert state(run, "shop.a") == state(run, "shop.d") == "waiting" and state(run, "shop.b") == ""
    again = run("phrases", "import", table)
    assert again.out == "提交了 0 条新话术、0 条新版本，等待批准；3 条没有变化\n"
    assert run("phrases", "approve", "--all").out.count("已生效") == 2
    changed = written(tmp_path / "t.csv", HEAD + GOOD.replace("到店,", "到店可取,"))
    assert "1 条新版本" in run("phrases", "import", changed).out


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("headers", ["code", "label"])
@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"])
def test_what_is_exported_comes_back_unchanged(
    run: Run, tmp_path: Path, form: str, headers: str, language: str
) -> None:
    run("phrases", "import", written(tmp_path / "t.csv", HEAD + GOOD))
    preferences.paths().preferences.write_text(f'language = "{language}"\n', encoding="utf-8")
    out = tmp_path / f"out.{form}"
    assert run("phrases", "export", "--format", form, "--output", str(out), "--headers", headers).code == 0
    count = len(run("phrases", "list", "--json").out.splitlines())
    back = run("phrases", "import", str(out), "--dry-run")
    assert back.code == 0, back.err
    assert re.findall(r"\d+", back.out) == ["0", "0", str(count)]


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe\x00" * 50,
        b"PK\x03\x04 no workbook",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        _bomb(),
        "编号,不认识的列\r\na,b\r\n".encode(),
        "编号,编号\r\na,b\r\n".encode(),
        b"\r\n\r\n",
        ("编号," + ",".join(f"c{i}" for i in range(300)) + "\r\n").encode(),
    ],
    # By name: the bytes of an archive hold the time, and workers that start a second apart must agree on the names.
    ids=["empty", "not_utf8", "no_zip", "old_workbook", "bomb", "no_column", "column_twice", "blank", "many_columns"],
)
def test_a_broken_or_hostile_file_is_one_sentence(run: Run, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    done = run("phrases", "import", str(tmp_path / "t.csv"))
    assert done.code == 1 and done.err.count("\n") == 1 and "Traceback" not in done.err and not done.out
    assert run("phrases", "list", "--state", "waiting").out == ""


def test_cells_that_would_break_a_screen_or_a_spreadsheet_are_data(run: Run, tmp_path: Path) -> None:
    row = 'shop.x,进度反馈,"=1+1\x1b[31m","[bold]好的[/bold]\x1b[2J，请稍候。",,,,,,\r\n'
    assert run("phrases", "import", written(tmp_path / "t.csv", HEAD + row)).code == 0
    shown = run("phrases", "show", "shop.x").out
    assert "\x1b" not in shown and "[bold]好的[/bold]" in shown
    out = run("phrases", "export", "--state", "waiting").out
    assert "'=1+1" in out


def test_a_stop_leaves_whole_batches(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrase_import, "BATCH", 2)
    rows = [GOOD.replace("shop.a", f"shop.{n}").replace("到店了", f"到店了{n}") for n in range(5)]
    table = written(tmp_path / "t.csv", HEAD + "".join(rows))
    from agentdesk.cli import importing

    def asked(self: object, done: int) -> bool:
        return getattr(self, "_key", "") == "import.recording" and done >= 2

    with monkeypatch.context() as patched:
        patched.setattr(importing.Counter, "__call__", asked)
        stopped = run("phrases", "import", table)
    assert stopped.code == 130 and "5 条中提交了 2 条" in stopped.err
    assert "2 条没有变化" in run("phrases", "import", table).out
