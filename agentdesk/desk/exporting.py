"""Export of requests: masked, sorted, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentdesk.changes import stamp_time
from agentdesk.desk.context import Desk
from agentdesk.desk.exported import noted
from agentdesk.desk.permission import require
from agentdesk.domain.facts import RequestFacts, request_facts
from agentdesk.domain.intake import FIELDS, Intake
from agentdesk.domain.masking import mask_contact, mask_contacts, mask_name
from agentdesk.store import queries

SLICE = 500
"""Requests read at once: an export of a hundred thousand must not hold them all."""

COLUMNS = (
    "number",
    "recorded_at",
    "recorder",
    *(field.code for field in FIELDS if hasattr(Intake(), field.code) and field.code != "repeat_count"),
    *("unregistered", "no_order", "also_complex"),
    *("state", "owner", "verdict", "closed_at", "id"),
)
"""The columns of a table, in their order."""

_MASKED = {"customer_name": mask_name, "contact": mask_contact}


def requests(desk: Desk) -> Iterator[dict[str, Any]]:
    """All requests sorted by id, contacts and names masked; the export is a log fact.

    Raises Refusal role.denied; OSError where that could not be noted.
    """
    me = desk.me
    if me.joined:
        require(me.roles, "export", "X")
    ids = queries.request_ids(desk.store.raw())
    noted(desk, "requests", len(ids))
    return _rows(desk, ids)


def _rows(desk: Desk, ids: list[str]) -> Iterator[dict[str, Any]]:
    from agentdesk.store import entities

    for start in range(0, len(ids), SLICE):
        part = ids[start : start + SLICE]
        with desk.store.read() as conn:
            by_root = entities.load_roots(conn, part, desk.journal.registry)
        for root in part:
            yield exported(desk, root, request_facts(by_root[root], desk.settings))


def exported(desk: Desk, root: str, facts: RequestFacts) -> dict[str, Any]:
    """One request as exported: the record's fields that are filled, where it stands, who owns it."""
    intake = facts.intake
    row: dict[str, Any] = {"id": root}
    created = facts.events("request", "created")
    if created:
        row["number"] = created[0].value["number"]
        row["recorded_at"] = created[0].value["recorded_at"]
        row["recorder"] = desk.person(str(created[0].value["recorder"])).work_no
    for field in FIELDS:
        value = getattr(intake, field.code, None)
        if value:
            row[field.code] = _plain(field.code, value, intake.contact)
    for tick in ("unregistered", "no_order", "also_complex"):
        if getattr(intake, tick):
            row[tick] = True
    row["state"] = facts.state or ""
    row["owner"] = desk.person(facts.owner or "").work_no
    row["verdict"] = str(facts.verdict.value["verdict"]) if facts.verdict else ""
    closed = [step.at for step in facts.trail if step.state == "CLOSED"]
    row["closed_at"] = stamp_time(closed[-1]) if closed else ""
    return row


def cells(row: Mapping[str, Any]) -> list[str]:
    """An exported request as the cells of a table: lists joined, ticks as yes, everything a text."""
    return [_cell(row.get(code, "")) for code in COLUMNS]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _plain(code: str, value: Any, own: str) -> Any:
    if code in _MASKED:
        return _MASKED[code](str(value))
    if isinstance(value, tuple):
        return [mask_contacts(str(one), own) for one in value]
    return mask_contacts(value, own) if isinstance(value, str) else value
