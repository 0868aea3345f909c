"""The catalogue tool: it takes keys from several writers at once, and its check notices each kind of fault."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.sources import ROOT

ADD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import catalogue
for number in range(5):
    catalogue.add_entries({f"from.{sys.argv[3]}_{number}": ("字 {n}", "字 {n}", "text {n}")}, Path(sys.argv[2]))
"""


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import catalogue

    return catalogue


def test_code_and_languages_agree(catalogue: ModuleType) -> None:
    assert catalogue.check() == []


def test_concurrent_writers_lose_nothing(catalogue: ModuleType, tmp_path: Path) -> None:
    def add(name: int) -> int:
        command = [sys.executable, "-c", ADD, str(ROOT / "scripts"), str(tmp_path), str(name)]
        return subprocess.run(command, timeout=120).returncode

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(add, range(3))) == [0, 0, 0]
    for language in catalogue.LANGUAGES:
        assert len(catalogue.load(language, tmp_path)) == 15
        assert catalogue.po_path(language, tmp_path).with_suffix(".mo").exists()


def test_texts_come_back_as_they_were(catalogue: ModuleType, tmp_path: Path) -> None:
    odd = 'a "quoted" \\n back\\slash\nline\ttab {name}'
    catalogue.add_entries({"odd.one": (odd, odd, odd)}, tmp_path)
    first = catalogue.po_path("en", tmp_path).read_bytes()
    catalogue.add_entries({"odd.one": (odd, odd, odd)}, tmp_path)
    assert catalogue.load("en", tmp_path) == {"odd.one": odd}
    assert catalogue.po_path("en", tmp_path).read_bytes() == first
    catalogue.remove_keys(["odd.one"], tmp_path)
    assert catalogue.load("zh_CN", tmp_path) == {}


def faults_of(catalogue: ModuleType, folder: Path, code: str, **entries: tuple[str, ...]) -> str:
    package = folder / "package"
    package.mkdir()
    (package / "some.py").write_text(code, encoding="utf-8")
    locales = folder / "locales"
    catalogue.add_entries({key.replace("__", "."): texts for key, texts in entries.items()}, locales)
    return "\n".join(catalogue.check(locales, package))


@pytest.mark.parametrize(
    ("code", "entries", "fault"),
    [
        ("t('a.b')", {"a__c": ("字", "字", "x")}, "a.b is in no catalogue"),
        ("t('a.b')", {"a__b": ("字", "字", "x"), "a__c": ("字", "字", "x")}, "nothing uses a.c"),
        ("Refusal('x.y')", {"a__b": ("字", "字", "x")}, "refusal.x.y is in no catalogue"),
        ("Refusal(code='x.y', args={})", {"a__b": ("字", "字", "x")}, "refusal.x.y is in no catalogue"),
        ("t('a.b')", {"a__b": ("字 {n}", "字", "x")}, "placeholders of a.b differ"),
        ("t('a.b')", {"a__b": ("字 {", "字", "x")}, "zh_CN: a.b"),
        ("t('a.b')", {"a__b": ("字", "字", "x，y")}, "Chinese characters in a.b"),
        ("t('a.b')", {"a__b": ("字", "字", "")}, "en: no text for a.b"),
        ("t('a.b')", {"a__b": ("字", "字", "a.b")}, "only their key"),
        ("t('a.b')", {"a__b": ("字", "a.b", "x")}, "zh_TW: 1 of 1 texts are only their key"),
        ("t('a.b')", {"a__b": ("说明", "说明", "x")}, "zh_TW: simplified 说 in a.b"),
        ("t('a.b')", {"a__b": ("字 {n}", "字", "x {n}")}, "placeholders of a.b differ"),
        ("t('a.b')", {"a__b": ("默认", "默認值", "x")}, "zh_TW: a.b says 默認, in Taiwan 預設"),
    ],
)
def test_each_kind_of_fault_is_noticed(
    catalogue: ModuleType, tmp_path: Path, code: str, entries: dict[str, tuple[str, ...]], fault: str
) -> None:
    assert fault in faults_of(catalogue, tmp_path, code, **entries)


def test_wording_of_taiwan_is_asked_of_taiwan_only(catalogue: ModuleType, tmp_path: Path) -> None:
    texts = {"a__b": ("用户：数据", "用戶：數據分析師里程", "x"), "column__c": ("渠道", "管道|渠道", "x")}
    assert faults_of(catalogue, tmp_path, "t('a.b'), t('column.c')", **texts) == ""


@pytest.mark.parametrize("taken_out", ["SIMPLIFIED_IN_TAIWAN", "MAINLAND_IN_TAIWAN"])
def test_every_exception_is_still_needed(
    catalogue: ModuleType, monkeypatch: pytest.MonkeyPatch, taken_out: str
) -> None:
    for key in list(getattr(catalogue, taken_out)):
        with monkeypatch.context() as without:
            without.delitem(getattr(catalogue, taken_out), key)
            assert any(key in fault for fault in catalogue.check()), key


@pytest.mark.parametrize("code", ["t('a.b')", "t(f'a.{x}')", "LABEL = 'a.b'", "t('a.b' if x else 'a.b')"])
def test_each_way_of_asking_counts_as_use(catalogue: ModuleType, tmp_path: Path, code: str) -> None:
    assert faults_of(catalogue, tmp_path, code, a__b=("字", "字", "x")) == ""


def test_a_table_of_keys_is_read(catalogue: ModuleType, tmp_path: Path) -> None:
    table = tmp_path / "keys.tsv"
    table.write_text("# comment\n\na.b\t一\\n二\t一\\n貳\tone\\ntwo\n", encoding="utf-8")
    assert catalogue.read_tsv(table) == {"a.b": ("一\n二", "一\n貳", "one\ntwo")}
    table.write_text("a.b\tonly two\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="have 2 parts"):
        catalogue.read_tsv(table)
