"""The head of a Markdown file: TOML between lines `+++`, or between lines `---` what of YAML is beyond doubt.

Of YAML: `key: value`, `key: [a, b]`, lists of `- item`, quotes and comments. Values are texts (001 stays 001). What
means something else (blocks, anchors, tags, nesting) is refused with its line rather than guessed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

TOML, YAML = "+++", "---"
NOT_CLOSED: Final = "front_open"
NOT_READ: Final = "front_matter"
TWICE: Final = "front_twice"

_AT_LINE = re.compile(r"at line (\d+)")
_PAIR = re.compile(r"""([^\s:#"'\[\]{},-][^:#]*+):(?:\s+(.*))?""")
_ITEM = re.compile(r"\s*-(?:\s+(.*))?")
_PART = re.compile(r"""(\s*+"(?:\\.|[^"\\])*+"\s*+|\s*+'(?:''|[^'])*+'\s*+|[^,"'\[\]{}]++)(?:,|$)""")
_DEEP = re.compile(
    r"""(?:^|[{,])[ \t]*+\[{0,2}[ \t]*+(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}""", re.MULTILINE
)
"""A key of a key of a key: nothing of an article, and the library takes the square of its length for it."""
_OTHER_YAML = ("|", ">", "&", "*", "!", "{", "}", "[", "]", "%", "@", "`", "?")


class FrontMatterError(Exception):
    """A head that cannot be read: its line in the file and the code of what is wrong."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(line, problem)
        self.line, self.problem = line, problem


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file: its head and the text below; the line at which that text begins."""

    head: dict[str, Any]
    body: str
    line: int


def parse(text: str) -> Document:
    """Part head and text; a file without a head has an empty one. Raises FrontMatterError."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    fence = lines[0].rstrip()
    if fence not in (TOML, YAML):
        return Document({}, "\n".join(lines), 1)
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == fence), 0)
    if not end:
        raise FrontMatterError(1, NOT_CLOSED)
    head = _toml(lines[1:end]) if fence == TOML else _yaml(lines[1:end])
    return Document(head, "\n".join(lines[end + 1 :]), end + 2)


def written(head: Mapping[str, str | list[str]]) -> str:
    """A head of TOML between its fences; what JSON escapes in a text, TOML reads the same way."""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in head.items())
    return "\n".join((TOML, *lines, TOML, ""))


def _toml(lines: list[str]) -> dict[str, Any]:
    text = "\n".join(lines)
    if deep := _DEEP.search(text):
        raise FrontMatterError(2 + text.count("\n", 0, deep.start()), NOT_READ)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = _AT_LINE.search(str(error))
        raise FrontMatterError(1 + (int(found.group(1)) if found else len(lines)), NOT_READ) from error


def _yaml(lines: list[str]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    open_key = ""
    for number, line in enumerate(lines, start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if open_key and (item := _ITEM.fullmatch(line)):
            table[open_key] = table[open_key] or []
            table[open_key].append(_scalar(item.group(1) or "", number))
            continue
        pair = _PAIR.fullmatch(line.rstrip())
        if pair is None:
            raise FrontMatterError(number, NOT_READ)
        key, value = pair.group(1).rstrip(), (pair.group(2) or "").strip()
        if key in table:
            raise FrontMatterError(number, TWICE)
        open_key = "" if value and not value.startswith("#") else key
        table[key] = "" if open_key else _value(value, number)
    return table


def _value(text: str, line: int) -> Any:
    if not text.startswith("["):
        return _scalar(text, line)
    inside = re.sub(r"\]\s+#.*", "]", text)[1:-1] if re.search(r"\]\s*(?:\s#.*)?$", text) else None
    if inside is None:
        raise FrontMatterError(line, NOT_READ)
    parts: list[str] = []
    place = 0
    inside = inside.rstrip()
    while place < len(inside):
        found = _PART.match(inside, place)
        if found is None:
            raise FrontMatterError(line, NOT_READ)
        parts.append(_scalar(found.group(1), line))
        place = found.end()
    return parts


def _scalar(text: str, line: int) -> str:
    text = text.strip()
    if text[:1] in "\"'" and text:
        quoted = re.match(r"""("(?:\\.|[^"\\])*"|'(?:''|[^'])*')(?:\s+#.*)?$""", text)
        if quoted is None:
            raise FrontMatterError(line, NOT_READ)
        return _unquoted(quoted.group(1), line)
    if text.startswith(_OTHER_YAML):
        raise FrontMatterError(line, NOT_READ)
    return re.split(r"\s#", text, maxsplit=1)[0].rstrip()


def _unquoted(text: str, line: int) -> str:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    try:
        return str(json.loads(text))
    except ValueError as error:
        raise FrontMatterError(line, NOT_READ) from error
