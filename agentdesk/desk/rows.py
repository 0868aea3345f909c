"""Rows from outside: JSON and JSONL read without trust, requests added from them, a request given out as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from agentdesk.changes import stamp_time
from agentdesk.changes.shape import MAX_ELEMENTS
from agentdesk.desk import capture, forms, reading, revealing, saying, workspace
from agentdesk.desk.context import Desk
from agentdesk.desk.reading import Whole
from agentdesk.desk.views import Recorded, RequestView
from agentdesk.domain.masking import mask_name
from agentdesk.domain.refusal import Refusal
from agentdesk.store import queue_views
from agentdesk.store.queue_views import QueueFilter
from agentdesk.text.clean import clean_line

_AUTOMATIC = ("repeat_count",)
"""Fields of the form that the product fills: a row that brings one is refused rather than believed."""


class RowRefused(Exception):
    """A row of an import was refused; nothing of the import was written. `line` counts from 1."""

    def __init__(self, line: int, refusal: Refusal) -> None:
        super().__init__(line, refusal)
        self.line = line
        self.refusal = refusal


def lines(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their number from 1; only a line feed ends a line, a BOM is dropped.

    What is not UTF-8 becomes U+FFFD, so that any bytes are a text.
    """
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    parts = text.split("\n")
    if parts and not parts[-1]:
        parts.pop()
    for number, line in enumerate(parts, start=1):
        yield number, line.removesuffix("\r")


def objects(data: bytes) -> list[tuple[int, dict[str, Any]]]:
    """One JSON object, or JSONL, each with its line. Raises RowRefused: import.json, import.object, import.empty."""
    whole = _object(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    if isinstance(whole, dict):
        return [(1, whole)]
    found: list[tuple[int, dict[str, Any]]] = []
    for number, line in lines(data):
        if not line.strip():
            continue
        value = _object(line)
        if not isinstance(value, dict):
            raise RowRefused(number, Refusal("import.json" if value is None else "import.object"))
        found.append((number, value))
    if not found:
        raise RowRefused(1, Refusal("import.empty"))
    return found


def _object(text: str) -> Any:
    """Parse one JSON value; None for what is none (null is no row either)."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def add_requests(desk: Desk, data: bytes, checked: Sequence[str] = ()) -> Iterator[Recorded]:
    """Record the requests of a file one after the other, once all rows were found fit.

    Raises RowRefused for the first row that is not fit; nothing is recorded then.
    """
    prepared = []
    for number, row in [(number, _typed(number, row)) for number, row in objects(data)]:
        try:
            prepared.append(capture.prepare(desk, row, tuple(checked)))
        except Refusal as refusal:
            raise RowRefused(number, refusal) from refusal
    return (capture.record_prepared(desk, one) for one in prepared)


def _typed(line: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the form takes it: numbers that somebody left unquoted are texts. Raises RowRefused."""
    unknown = [*forms.unknown_fields(row), *(code for code in _AUTOMATIC if code in row)]
    if unknown:
        names = ", ".join(clean_line(name, 40) for name in unknown[:10])
        raise RowRefused(line, Refusal("import.unknown_field", field=names))
    values = {code: str(value) if type(value) is int else value for code, value in row.items()}
    for code in forms.misshapen(values):
        raise RowRefused(line, Refusal("import.invalid", field=code, problem="not_a_value"))
    for code, value in values.items():
        if isinstance(value, list) and len(value) > MAX_ELEMENTS:
            raise RowRefused(line, Refusal("import.invalid", field=code, problem="too_many"))
    return values


# -- giving out -------------------------------------------------------------------------------------------------------


def listed(desk: Desk) -> list[dict[str, Any]]:
    """All requests as the queue shows them, open ones first, customers masked."""
    conn = desk.store.raw()
    found = queue_views.page(conn, QueueFilter("all"), 0, 0, -1)
    return [
        {
            "id": row.id,
            "number": row.number,
            "customer_name": row.customer,
            "title": row.title,
            "request_type": row.request_type or "",
            "sub_type": row.sub_type or "",
            "category": row.category or "",
            "priority": row.priority or "",
            "emotion": row.emotion or "",
            "state": row.state,
            "owner": desk.person(row.owner or "").work_no,
            "next_clock": row.next_clock or "",
            "next_due_at": plain(_instant(row.next_due_at)),
        }
        for row in found
    ]


def _instant(millis: int | None) -> datetime | None:

    return None if millis is None else datetime.fromtimestamp(millis / 1000, UTC)


def shown(desk: Desk, request_id: str) -> dict[str, Any]:
    """One request whole, as plain data. The view of the full contact is a log fact; a desk that may only read, and so
    cannot write that fact, shows names and contacts masked, as it does to whoever may not see them (§8)."""
    whole = reading.load(desk, request_id)
    view = workspace.view(desk, request_id)
    if desk.store.writable and revealing.may_see(desk, whole):
        data = _view(view)
        with desk.journal.transaction() as txn:
            saying.log(txn, "viewed", {"what": f"request:{request_id}"})
    else:
        data = _view(revealing.masked(view))
        data["record"]["customer_name"] = mask_name(str(view.value("customer_name")))
    data["recorder"] = plain(desk.person(_recorder(whole)))
    return data


def _recorder(whole: Whole) -> str:
    created = whole.request.events("created")
    return str(created[0].value["recorder"]) if created else ""


def _view(view: RequestView) -> dict[str, Any]:
    data = {field.name: plain(getattr(view, field.name)) for field in fields(view)}
    data["record"] = {item.code: plain(item.value) for item in view.record}
    return data


def plain(value: Any) -> Any:
    """A record as JSON can hold it: dataclasses are objects, instants ISO texts with offset."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return stamp_time(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value
