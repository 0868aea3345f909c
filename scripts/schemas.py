"""Write docs/schemas from the tables of the code: the shapes of rows in and out as JSON Schema, draft 2020-12.

python scripts/schemas.py            write them
python scripts/schemas.py --check    exit 1 if what stands there is not what would be written
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that a clone works before it is installed

from agentdesk.changes.shape import MAX_ELEMENTS  # noqa: E402
from agentdesk.desk.exporting import COLUMNS  # noqa: E402
from agentdesk.domain import articles  # noqa: E402
from agentdesk.domain.intake import FIELD, FIELDS, INTAKE_CODES, REQUIRED, Intake  # noqa: E402
from agentdesk.domain.vocabulary import CONTACT_KINDS, STATES, VERDICTS  # noqa: E402
from agentdesk.text.lexicon import SEVERITIES  # noqa: E402
from agentdesk.text.lines import LINTED  # noqa: E402

FOLDER = ROOT / "docs" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string"}
FILLED_BY_THE_DESK = ("repeat_count",)
PROPOSED = ("category", "priority")
"""Required of a record, but taken from the rules where a row leaves them out."""

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Return every schema under its file name."""
    return {
        "request-row.json": request_row(),
        "export-row.json": export_row(),
        "article-row.json": article_row(),
        "lint-line.json": lint_line(),
    }


def request_row() -> Schema:
    """A row of `request add`. What depends on other fields or settings, the desk alone can say."""
    needed = [field.code for field in FIELDS if field.need == REQUIRED and field.code not in PROPOSED]
    ticked = {"properties": {"unregistered": {"const": True}}, "required": ["unregistered"]}
    numbered = {"properties": {"customer_no": _some(FIELD["customer_no"].longest)}, "required": ["customer_no"]}
    codes = [code for code in INTAKE_CODES if code not in FILLED_BY_THE_DESK]
    return {
        **_head("A row of agentdesk request add", "Fields that depend on others are judged by the desk, not here."),
        **_object({code: _typed(code, code in needed) for code in codes}, needed),
        "anyOf": [numbered, ticked],
    }


def _typed(code: str, needed: bool) -> Schema:
    default = getattr(Intake(), code)
    if isinstance(default, bool) or default is None:
        return {"type": ["boolean", "null"]}
    if isinstance(default, tuple):
        longest = {"maxLength": FIELD[code].longest} if FIELD[code].kind == "set" else {}
        return {"type": ["array", "null"], "items": {**TEXT, **longest}, "maxItems": MAX_ELEMENTS}
    values = CONTACT_KINDS if code == "contact_kind" else FIELD[code].values if code in FIELD else ()
    if values:
        return {"enum": [*values] if needed else [*values, "", None]}
    longest_text = FIELD[code].longest if code in FIELD else 200
    return _some(longest_text) if needed else _any(longest_text)


def _some(longest: int) -> Schema:
    """A text that is there; a number that somebody left unquoted is one."""
    return {"type": ["string", "integer"], "minLength": 1, "maxLength": longest}


def _any(longest: int) -> Schema:
    return {"type": ["string", "integer", "null"], "maxLength": longest}


def export_row() -> Schema:
    """A row of `export requests --format jsonl`: only what is filled stands there, but for where the request is."""
    always = ("id", "state", "owner", "verdict", "closed_at")
    properties = {code: _exported(code) for code in (*COLUMNS, "repeat_count")}
    properties["state"] = {"enum": [*STATES, ""]}
    properties["verdict"] = {"enum": [*VERDICTS, ""]}
    about = "Names and contacts are masked; a field of the record that is empty is left out."
    return {**_head("A row of agentdesk export requests", about), **_object(properties, always)}


def _exported(code: str) -> Schema:
    default = getattr(Intake(), code, "")
    if isinstance(default, bool) or default is None:
        return {"const": True}
    if isinstance(default, int):
        return {"type": "integer", "minimum": 1}
    if isinstance(default, tuple):
        return {"type": "array", "items": TEXT, "minItems": 1}
    if code in FIELD and FIELD[code].values:
        return {"enum": [*FIELD[code].values]}
    return TEXT


def article_row() -> Schema:
    """An article of `kb import`; keys that are no fields are left alone, they belong to somebody else's program."""
    needed = [field.code for field in articles.FIELDS if field.required]
    about = "Other keys are allowed and left out. Dates are days, or instants with offset."
    properties = {field.code: _article_field(field) for field in articles.FIELDS}
    return {**_head("An article of agentdesk kb import", about), **_object(properties, needed, closed=False)}


def _article_field(field: articles.ArticleField) -> Schema:
    if field.kind in ("list", "set"):
        items = {**TEXT, "maxLength": field.longest}
        return {"anyOf": [{"type": "array", "items": items, "maxItems": articles.MAX_WORDS}, {"enum": ["", None]}]}
    if field.kind == "enum":
        return {"enum": [*field.values, "", None]}
    if field.kind == "date":
        return {"type": ["string", "null"], "maxLength": field.longest}
    return (
        _some(field.longest) if field.required else {"type": ["string", "integer", "null"], "maxLength": field.longest}
    )


def lint_line() -> Schema:
    """A line that `lint` answers."""
    place = {"type": "integer", "minimum": 0}
    known = {"start": place, "end": place, "severity": {"enum": [*SEVERITIES]}}
    finding = _object({name: known.get(name, TEXT) for name in LINTED}, LINTED)
    properties = {
        "id": {"description": "The row's own id, or the number of its line."},
        "findings": {"type": "array", "items": finding},
        "judged": {**place, "description": "Behind so many characters only graver findings were looked for."},
        "clean": TEXT,
    }
    always = [name for name in properties if name != "judged"]
    return {**_head("A line of agentdesk lint", "Places count characters."), **_object(properties, always)}


def _head(title: str, about: str) -> Schema:
    return {"$schema": DIALECT, "title": title, "description": about}


def _object(properties: Schema, required: Iterable[str], closed: bool = True) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": not closed,
    }


def main(words: list[str]) -> int:
    """Write the schemas, or compare them."""
    wanted = {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas().items()}
    if "--check" in words:
        there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
        if there != wanted:
            sys.stdout.write("docs/schemas is not what the code says: run python scripts/schemas.py\n")
        return 0 if there == wanted else 1
    FOLDER.mkdir(exist_ok=True)
    for name, text in wanted.items():
        FOLDER.joinpath(name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
