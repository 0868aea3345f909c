"""One article from outside: its fields cleaned and judged, compared with what is in force, written as facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from agentdesk.changes import instant, stamp_time
from agentdesk.desk.article_base import Before
from agentdesk.domain.articles import FIELDS, MAX_WORDS, SETS, ArticleField
from agentdesk.domain.content import article_id
from agentdesk.domain.policies import POLICY
from agentdesk.text.clean import clean, clean_line
from agentdesk.text.privacy import find_private
from agentdesk.text.web_address import web_address

_DAY = re.compile(r"(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*\u65e5?(?:[T ]00:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that cannot stand: the code of the reason, and the kind of a private number."""

    field: str
    problem: str
    kind: str = ""


def checked(row: Mapping[str, Any], zone: tzinfo | None) -> tuple[dict[str, Any], list[Wrong]]:
    """All fields of an article, those that are not there with their defaults, and what is wrong with them."""
    taken: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for field in FIELDS:
        try:
            value = _value(field, row.get(field.code), zone)
        except _Unfit as unfit:
            wrong.append(Wrong(field.code, unfit.args[0]))
            continue
        private = next((item for text in _texts(value) for item in find_private(text, contacts=False)), None)
        if private is not None:
            wrong.append(Wrong(field.code, "private", private.kind))
        taken[field.code] = value
    return taken, wrong


class _Unfit(Exception):
    """The code of what is wrong with a value."""


def _value(field: ArticleField, value: Any, zone: tzinfo | None) -> Any:
    if type(value) is int and field.kind in ("line", "text", "url"):
        value = str(value)
    if value is None or (isinstance(value, str) and not value.strip()) or value == []:
        if field.required:
            raise _Unfit("missing")
        return [] if field.kind in ("list", "set") else field.default
    if field.kind in ("list", "set"):
        return _list(field, value)
    if not isinstance(value, str):
        raise _Unfit("not_a_text")
    if field.kind == "enum":
        if value not in field.values:
            raise _Unfit("not_a_value")
        return value
    if field.kind == "date":
        return _date(value, zone)
    if field.kind == "url":
        return _address(field, value)
    return _text(field, value)


def _text(field: ArticleField, value: str) -> str:
    text = clean(value, None).strip() if field.kind == "text" else clean_line(value, len(value))
    if field.required and not text:
        raise _Unfit("missing")
    if len(text) > field.longest:
        raise _Unfit("too_long")
    return text


def _address(field: ArticleField, value: str) -> str:
    address = web_address(_text(field, value))
    if not address:
        raise _Unfit("bad_url")
    return address


def _list(field: ArticleField, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Unfit("not_texts")
    found = [text for item in value if (text := _text(field, item))]
    if field.kind == "set":
        found = sorted(set(found))
    if len(found) > MAX_WORDS:
        raise _Unfit("too_many")
    return found


def _date(value: str, zone: tzinfo | None) -> str:
    """A day begins at the desk's midnight; an instant stays what it is."""
    try:
        if day := _DAY.fullmatch(value.strip()):
            return stamp_time(datetime(*map(int, day.groups()), tzinfo=zone))  # type: ignore[arg-type, misc]
        at = instant(value.strip())
    except (ValueError, OverflowError) as error:
        raise _Unfit("bad_date") from error
    if not 1900 <= at.year < 9000:
        raise _Unfit("bad_date")
    return stamp_time(at)


def _texts(value: Any) -> Iterator[str]:
    yield from value if isinstance(value, list) else [value]


def version_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The value of the version: every field but the sets."""
    return {("source_id" if name == "id" else name): value for name, value in values.items() if name not in SETS}


def publish(txn: Any, values: Mapping[str, Any], before: Before | None) -> None:
    """Write a new version, its words and the step to published."""
    entity_id = article_id(values["id"]) if before is None else before.id
    version = {**version_of(values), "imported": True, "at": txn.now()}
    version["effective_from"] = version["effective_from"] or txn.now()
    patch: dict[str, Any] = {"version": version}
    for name in SETS:
        had = () if before is None else before.sets.get(name, ())
        words = dict.fromkeys(had, False) | dict.fromkeys(values[name], True)
        if words:
            patch[name] = words
    current = txn.write("article", entity_id, root=entity_id, patch=patch)
    if changes_policy(before, values):
        txn.write("article", entity_id, root=entity_id, patch={"notice": _notice(txn, current, values)})
    txn.transition("article", entity_id, "status", "publish", {"current": current})


def changes_policy(before: Before | None, values: Mapping[str, Any]) -> bool:
    """Whether this is another version of a policy, which is announced before it takes effect."""
    return before is not None and before.kind == values["kind"] == POLICY


def _notice(txn: Any, version: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The notice of an imported change: its plain words say to agents and customers alike what will hold."""
    text = values["plain_summary"] or values["title"]
    return {"version": version, "internal_text": text, "customer_text": text, "topics": [], "at": txn.now()}
