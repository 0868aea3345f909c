"""`request import` as a command: exit codes, sentences in three languages, dry run, report, mapping file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from agentdesk.__main__ import main
from agentdesk.present import i18n

GOOD = "online,王先生,13900000001,yes,consult,空调,想了解空调的能效等级和安装费用,calm\r\n"
HEAD = "channel,Name,Phone,unregistered,Type,Product,Description,Emotion\r\n"


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Callable[..., SimpleNamespace]:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    before = i18n.language()

    def call(*words: str) -> SimpleNamespace:
        code = main(words)
        got = capfdbinary.readouterr()
        i18n.use(before)
        return SimpleNamespace(code=code, out=got.out.decode(), err=got.err.decode())

    assert call("setup", "--name", "张敏", "--work-no", "8021", "--team", "a", "--lang", "en").code == 0
    return call


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text(HEAD + GOOD + GOOD.replace("calm", "odd") + GOOD, encoding="utf-8", newline="")
    return path


def test_dry_run_writes_nothing_then_good_rows_are_kept(run: Callable[..., SimpleNamespace], table: Path) -> None:
    dry = run("request", "import", str(table), "--dry-run")
    assert dry.code == 1 and dry.out.startswith("3 rows: 2 would be recorded") and run("request", "list").out == ""
    assert dry.err == "Line 3, Emotion: not a possible value\n"
    done = run("request", "import", str(table))
    assert (done.code, done.out) == (1, "3 rows: 2 recorded, 0 imported before, 1 refused\n")
    assert len(run("request", "list").out.splitlines()) == 2
    again = run("request", "import", str(table))
    assert again.out == "3 rows: 0 recorded, 2 imported before, 1 refused\n"


def test_the_report_is_a_table(run: Callable[..., SimpleNamespace], table: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    run("request", "import", str(table), "--report", str(report))
    rows = list(csv.reader(io.StringIO(report.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[1:] == [["3", "emotion", "not_a_value", "Emotion", "not a possible value"]]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh_CN", "第 3 行，情绪状态：不是可选的值\n"),
        ("zh_TW", "第 3 列，情緒狀態："),
        ("en", "Line 3, Emotion: not a possible value\n"),
    ],
)
def test_a_fault_is_told_in_the_language_in_use(
    run: Callable[..., SimpleNamespace], table: Path, language: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agentdesk.present import console

    monkeypatch.setattr(console, "language", lambda: language)
    assert run("request", "import", str(table), "--dry-run").err.startswith(sentence.rstrip("\n"))


def test_a_mapping_file_names_columns_and_values(run: Callable[..., SimpleNamespace], tmp_path: Path) -> None:
    path, mapping = tmp_path / "t.csv", tmp_path / "map.toml"
    path.write_text((HEAD + GOOD).replace("Phone", "Fon").replace("calm", "ok"), encoding="utf-8", newline="")
    unknown = run("request", "import", str(path))
    assert unknown.code == 1 and "Fon" in unknown.err and "--map" in unknown.err
    mapping.write_text('[columns]\nFon = "contact"\n[values.emotion]\nok = "calm"\n', encoding="utf-8")
    assert run("request", "import", str(path), "--mapping", str(mapping)).code == 0


@pytest.mark.parametrize("words", [("--map", "x"), ("--mapping", "broken.toml"), ("--mapping", "wrong.toml")])
def test_a_wrong_mapping_is_wrong_use(
    run: Callable[..., SimpleNamespace], table: Path, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(table.parent)
    Path("broken.toml").write_text("[columns", encoding="utf-8")
    Path("wrong.toml").write_text("[values.emotion]\nok = 'odd'\n", encoding="utf-8")
    done = run("request", "import", str(table), *words)
    assert (done.code, done.out) == (2, "") and len(done.err.splitlines()) == 1
