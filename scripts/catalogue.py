"""Keep the message catalogues: add keys, compile them, check that code and languages agree.

    python scripts/catalogue.py add KEY "简体" "繁體" "English"  insert or replace one key (safe beside other writers)
    python scripts/catalogue.py add-many FILE.tsv            key<TAB>zh_CN<TAB>zh_TW<TAB>en a line; \\n, \\t written out
    python scripts/catalogue.py remove KEY…                  drop keys from every language
    python scripts/catalogue.py compile                      .po -> .mo
    python scripts/catalogue.py check                        every rule below; exit 1 and one line a fault

A key is the `msgid`, the text its `msgstr`; placeholders are named and in braces. Files stay sorted by key, so that two
people who add keys meet in a merge only where they added the same one.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import re
import string
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from zhconv_rs import zhconv

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "agentdesk"
LOCALES = PACKAGE / "present" / "locales"
LANGUAGES = ("zh_CN", "zh_TW", "en")
DOMAIN = "agentdesk"
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_+-]+)+")
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""
EQUAL_SHARE = 0.03
"""More entries than this that only repeat their key mean that somebody pasted keys in place of words."""

DYNAMIC_PREFIXES: dict[str, str] = {
    "need.": "what a guard misses, named by its code (screens/refusals.py)",
    "article.audience.": "words of cells of a table of articles (present/columns.py)",
    "knowledge.state.": "values of the filter of a search (present/search_filters.py)",
}
"""Prefix -> reason: keys that code puts together from a table this check cannot read."""

FAMILIES: dict[str, str] = {
    "attribution": "ATTRIBUTIONS",
    "category": "CATEGORIES",
    "cause_class": "CAUSE_CLASSES",
    "channel": "CHANNELS",
    "emotion": "EMOTIONS",
    "outcome": "OUTCOMES",
    "priority": "PRIORITIES",
    "request_type": "REQUEST_TYPES",
    "role": "ROLES",
    "scenario": "SCENARIOS",
    "segment": "SEGMENTS",
    "stage": "STAGES",
    "state": "STATES",
    "step": "STEPS",
    "sub_type": "SUB_TYPES",
    "tag": "TAGS",
    "tier": "TIERS",
    "told": "TOLD_KINDS",
    "verdict": "VERDICTS",
}
"""Kind of label -> tuple of codes in `domain/vocabulary.py`: every code has its word."""

CJK_IN_ENGLISH: dict[str, str] = dict.fromkeys(("language.zh_CN", "language.zh_TW"), "a language is named in itself")
"""Key -> reason: English texts that may hold Chinese characters."""

SIMPLIFIED_IN_TAIWAN: dict[str, str] = {"language.zh_CN": "a language is named in itself"}
"""Key -> reason: zh_TW texts that may hold characters which only simplified writing has."""

MAINLAND_TERMS: dict[str, str] = {
    "保存": "儲存",
    "默認": "預設",
    "軟件": "軟體",
    "硬件": "硬體",
    "文件夾": "資料夾",
    "信息": "資訊",
    "網絡": "網路",
    "服務器": "伺服器",
    "視頻": "影片",
    "屏幕": "螢幕",
    "窗口": "視窗",
    "界面": "介面",
    "菜單": "選單",
    "鼠標": "滑鼠",
    "光標": "游標",
    "剪貼板": "剪貼簿",
    "快捷方式": "捷徑",
    "搜索": "搜尋",
    "查找": "尋找",
    "打開": "開啟",
    "回車": "Enter",
    "回復": "回覆",
    "隊列": "佇列",
    "變量": "變數",
    "字符": "字元",
    "字段": "欄位",
    "進程": "處理程序",
    "令牌": "權杖",
    "運行": "執行",
    "導入": "匯入",
    "導出": "匯出",
    "設置": "設定",
    "登錄": "登入",
    "賬號": "帳號",
    "郵箱": "電子郵件",
    "聯繫": "聯絡",
    "反饋": "回饋",
    "渠道": "管道",
    "在線": "線上",
    "質量": "品質",
    "身份": "身分",
    "響應": "回應",
    "調研": "調查",
    "技術支持": "技術支援",
    "模板": "範本",
    "會話": "對話",
    "超時": "逾時",
    "班組": "組別",
    "工作檯": "工作台",
}
"""Wording of the mainland -> of Taiwan. 用戶 and 數據分析師 are the service standard's own and not here."""

MAINLAND_IN_TAIWAN: dict[str, str] = {
    "column.": "headers of tables that come in are read in either wording",
}
"""Beginning of a key -> reason: zh_TW texts that may hold wording of the mainland."""


def po_path(language: str, locales: Path = LOCALES) -> Path:
    """Return where the catalogue of one language lies."""
    return locales / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@contextlib.contextmanager
def catalogue_lock(locales: Path = LOCALES) -> Iterator[None]:
    """Hold the one lock for writing catalogues, so that several builders may add keys at once."""
    locales.mkdir(parents=True, exist_ok=True)
    with (locales / ".lock").open("a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle.fileno(), fcntl.LOCK_EX)
        yield


def load(language: str, locales: Path = LOCALES) -> dict[str, str]:
    """Read one language as key -> text; an absent file is an empty catalogue."""
    path = po_path(language, locales)
    if not path.exists():
        return {}
    with path.open("rb") as handle:
        catalog = read_po(handle, locale=language, domain=DOMAIN)
    return {str(message.id): str(message.string) for message in catalog if message.id}


def save(language: str, entries: dict[str, str], locales: Path = LOCALES) -> None:
    """Write one language sorted by key, by replacement, so that no reader sees half a file."""
    catalog = _catalog(language, entries)
    buffer = BytesIO()
    # babel's own header carries the time of writing: every writer would touch the same line.
    write_po(buffer, catalog, width=10_000, omit_header=True, sort_output=True)
    header = HEADER.format(language=language)
    _replace(po_path(language, locales), f"{header}\n{buffer.getvalue().decode().strip()}\n".encode())


def compile_all(locales: Path = LOCALES) -> list[Path]:
    """Compile every language that has a `.po`; return the `.mo` files written."""
    written: list[Path] = []
    for path in sorted(locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        language = path.parent.parent.name
        buffer = BytesIO()
        write_mo(buffer, _catalog(language, load(language, locales)))
        target = path.with_suffix(".mo")
        _replace(target, buffer.getvalue())
        written.append(target)
    return written


def add_entries(entries: dict[str, tuple[str, ...]], locales: Path = LOCALES) -> None:
    """Insert or replace keys (key -> one text a language, in the order of `LANGUAGES`) and compile them."""
    for key in entries:
        if not KEY.fullmatch(key):
            raise SystemExit(f"not a dotted key: {key!r}")
    with catalogue_lock(locales):
        for index, language in enumerate(LANGUAGES):
            known = load(language, locales)
            known.update({key: texts[index] for key, texts in entries.items()})
            save(language, known, locales)
        compile_all(locales)


def remove_keys(keys: list[str], locales: Path = LOCALES) -> None:
    """Drop keys from every language and compile what is left."""
    with catalogue_lock(locales):
        for language in LANGUAGES:
            known = load(language, locales)
            save(language, {key: text for key, text in known.items() if key not in keys}, locales)
        compile_all(locales)


def read_tsv(path: Path) -> dict[str, tuple[str, ...]]:
    """Read `key<TAB>zh_CN<TAB>zh_TW<TAB>en` lines; blank lines and lines that begin with # are left out."""
    entries: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 1 + len(LANGUAGES):
            raise SystemExit(f"{path}:{number}: want key and {', '.join(LANGUAGES)} with tabs, have {len(parts)} parts")
        key, *words = (part.replace("\\n", "\n").replace("\\t", "\t") for part in parts)
        entries[key.strip()] = tuple(words)
    return entries


@dataclass
class Uses:
    """What the code asks of the catalogue."""

    required: dict[str, str] = field(default_factory=dict)
    """Key -> where it is asked for in so many words."""
    prefixes: dict[str, str] = field(default_factory=dict)
    """Literal beginning of a key that is put together at run time -> where."""
    mentioned: set[str] = field(default_factory=set)
    """Every string constant of the code that looks like a key (tables of label keys)."""


class _Walker(ast.NodeVisitor):
    """Collect the catalogue uses of one module."""

    def __init__(self, uses: Uses, where: str) -> None:
        self.uses = uses
        self.where = where

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = f"{self.where}:{node.lineno}"
        if name == "t" and node.args:
            self._ask(node.args[0], "", place)
        elif name == "Refusal":
            code = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "code"), None)
            if code is not None:
                self._ask(code, "refusal.", place)
        elif name in ("label", "widest", "choices") and node.args:
            kind = node.args[0]
            if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                self.uses.prefixes.setdefault(f"{kind.value}.", place)
        elif name == "Action":
            for keyword in node.keywords:
                if keyword.arg in ("label", "help"):
                    self._ask(keyword.value, "", place)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and KEY.fullmatch(node.value):
            self.uses.mentioned.add(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        head = _literal_head(node)
        if re.fullmatch(r"[a-z][a-z0-9_]*\.[A-Za-z0-9_.+-]*", head):
            self.uses.prefixes.setdefault(head, f"{self.where}:{node.lineno}")
        self.generic_visit(node)

    def _ask(self, node: ast.expr, prefix: str, place: str) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.uses.required.setdefault(prefix + node.value, place)
        elif isinstance(node, ast.JoinedStr) and (head := _literal_head(node)):
            self.uses.prefixes.setdefault(prefix + head, place)
        elif isinstance(node, ast.IfExp):
            self._ask(node.body, prefix, place)
            self._ask(node.orelse, prefix, place)


def _literal_head(node: ast.JoinedStr) -> str:
    first = node.values[0] if node.values else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def collect_uses(package: Path = PACKAGE) -> Uses:
    """Walk every module of the package for the keys it asks for."""
    uses = Uses()
    for path in sorted(package.rglob("*.py")):
        where = path.relative_to(package.parent).as_posix()
        _Walker(uses, where).visit(ast.parse(path.read_text(encoding="utf-8"), where))
    return uses


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a text; raises ValueError on broken braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def check(locales: Path = LOCALES, package: Path = PACKAGE) -> list[str]:
    """Return one line a fault; an empty list says that code and every language agree."""
    catalogues = {language: load(language, locales) for language in LANGUAGES}
    faults = [fault for key in sorted(set().union(*catalogues.values())) for fault in _entry_faults(key, catalogues)]
    for language, entries in catalogues.items():
        equal = [key for key, text in entries.items() if key == text]
        if len(equal) > EQUAL_SHARE * max(1, len(entries)):
            faults.append(f"{language}: {len(equal)} of {len(entries)} texts are only their key, such as {equal[0]}")
    families = family_keys(package)
    faults += [f"the vocabulary has {key}, the catalogues have not" for key in families if key not in catalogues["en"]]
    uses = collect_uses(package)
    uses.mentioned.update(families)
    faults += _use_faults(uses, catalogues[LANGUAGES[0]], DYNAMIC_PREFIXES if package == PACKAGE else {})
    return faults


def family_keys(package: Path = PACKAGE) -> list[str]:
    """Return `<kind>.<code>` for every code of the vocabulary that has a label; none where there is no vocabulary."""
    source = package / "domain" / "vocabulary.py"
    if not source.exists():
        return []
    names: dict[str, object] = {}
    # Run alone: the vocabulary is constants, and a check must not need the package to be importable.
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), names)
    keys: list[str] = []
    for kind, constant in FAMILIES.items():
        codes = names[constant]
        assert isinstance(codes, tuple), constant
        keys += [f"{kind}.{code}" for code in codes]
    return keys


def _entry_faults(key: str, catalogues: dict[str, dict[str, str]]) -> Iterator[str]:
    """Faults of one key across languages: absent, empty, odd braces, Chinese in English."""
    texts = {language: entries.get(key) for language, entries in catalogues.items()}
    names: dict[str, set[str]] = {}
    for language, text in texts.items():
        if not text:
            yield f"{language}: no text for {key}"
            continue
        try:
            names[language] = placeholders(text)
        except ValueError as error:
            yield f"{language}: {key}: {error}"
    if len({frozenset(found) for found in names.values()}) > 1:
        yield f"placeholders of {key} differ: " + ", ".join(f"{lang} {sorted(found)}" for lang, found in names.items())
    yield from _taiwan_faults(key, texts.get("zh_TW") or "")
    english = texts.get("en")
    if english and CJK.search(english) and key not in CJK_IN_ENGLISH:
        yield f"en: Chinese characters in {key}: {english!r}"


def simplified_only(text: str) -> set[str]:
    """Return the characters of a text that only simplified writing has."""
    return {char for char in set(text) if CJK.match(char) and zhconv(char, "zh-hant") != char}


def _taiwan_faults(key: str, text: str) -> Iterator[str]:
    if key not in SIMPLIFIED_IN_TAIWAN and (odd := simplified_only(text)):
        yield f"zh_TW: simplified {''.join(sorted(odd))} in {key}: {text!r}"
    if not key.startswith(tuple(MAINLAND_IN_TAIWAN)):
        for term, better in MAINLAND_TERMS.items():
            if term in text:
                yield f"zh_TW: {key} says {term}, in Taiwan {better}: {text!r}"


def _use_faults(uses: Uses, known: dict[str, str], dynamic: dict[str, str]) -> Iterator[str]:
    """Faults between code and catalogue: asked for and absent, there and never asked for."""
    for key, place in sorted(uses.required.items()):
        if key not in known:
            yield f"{place}: {key} is in no catalogue"
    for prefix, reason in dynamic.items():
        if not any(key.startswith(prefix) for key in known):
            yield f"no key begins with {prefix} any more ({reason}): take it out of DYNAMIC_PREFIXES"
    heads = tuple(uses.prefixes) + tuple(dynamic)
    for key in sorted(known):
        if key not in uses.required and key not in uses.mentioned and not key.startswith(heads):
            yield f"nothing uses {key}"


def _catalog(language: str, entries: dict[str, str]) -> Catalog:
    catalog = Catalog(locale=language, domain=DOMAIN, project=DOMAIN, header_comment="", fuzzy=False)
    for key in sorted(entries):
        catalog.add(key, entries[key])
    return catalog


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def main(words: list[str] | None = None) -> int:
    """Run one command of the module docstring."""
    parser = argparse.ArgumentParser(description="message catalogues")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("add")
    one.add_argument("key")
    for language in LANGUAGES:
        one.add_argument(language)
    commands.add_parser("add-many").add_argument("file", type=Path)
    commands.add_parser("remove").add_argument("keys", nargs="+")
    commands.add_parser("compile")
    commands.add_parser("check")
    chosen = parser.parse_args(words)
    if chosen.command == "add":
        add_entries({chosen.key: tuple(getattr(chosen, language) for language in LANGUAGES)})
    elif chosen.command == "add-many":
        add_entries(read_tsv(chosen.file))
    elif chosen.command == "remove":
        remove_keys(chosen.keys)
    elif chosen.command == "compile":
        with catalogue_lock():
            compile_all()
    else:
        faults = check()
        sys.stdout.write("".join(f"{fault}\n" for fault in faults))
        return 1 if faults else 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
