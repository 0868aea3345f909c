"""The messages' bytes. A push embeds stored payloads as they are; one comparison proves them canonical (SYNC 2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agentdesk.changes.canonical import NotCanonical, canonical, parse_canonical, payload_hash
from agentdesk.changes.hlc import hlc_from_hex, hlc_to_hex
from agentdesk.changes.model import Change, Row
from agentdesk.changes.skeleton import erased_at


@dataclass(frozen=True, slots=True)
class Pushed:
    """One change as it lies in a push: its counter, its clock adjustment in ms, and the change itself."""

    ctr: int
    adj: int
    change: Change


def push_body(epoch: str, items: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Return the body of a push of (ctr, adj, payload bytes), canonical as a whole, payloads untouched."""
    rows = (b'{"adj":%d,"ctr":%d,"payload":%b}' % (adj, ctr, raw) for ctr, adj, raw in items)
    return b'{"changes":[' + b",".join(rows) + b'],"epoch":' + canonical(epoch) + b"}"


def parse_push(body: bytes) -> tuple[str, list[Pushed]]:
    """Read a push into its epoch and changes; NotCanonical unless the bytes are exactly what `push_body` makes."""
    message = parse_canonical(body)
    if not isinstance(message, dict) or message.keys() != {"changes", "epoch"} or not isinstance(message["epoch"], str):
        raise NotCanonical("push members")
    if not isinstance(message["changes"], list):
        raise NotCanonical("push members")
    pushed = [_pushed(item) for item in message["changes"]]
    if push_body(message["epoch"], ((item.ctr, item.adj, item.change.raw) for item in pushed)) != body:
        raise NotCanonical("push bytes")
    return message["epoch"], pushed


def _pushed(item: Any) -> Pushed:
    if not isinstance(item, dict) or item.keys() != {"adj", "ctr", "payload"}:
        raise NotCanonical("change members")
    if type(item["adj"]) is not int or type(item["ctr"]) is not int:
        raise NotCanonical("change types")
    return Pushed(item["ctr"], item["adj"], Change.of_payload(item["payload"], canonical(item["payload"])))


def row_bytes(row: Row) -> bytes:
    """Return a log row as a pull delivers it."""
    eff = hlc_to_hex(row.eff)
    head = canonical({"actor": row.actor, "adj": row.adj, "ctr": row.ctr, "device": row.device, "eff": eff})
    tail = canonical({"row_hash": row.row_hash, "seq": row.seq, "verdict": row.verdict})
    return head[:-1] + b',"payload":' + row.change.raw + b"," + tail[1:]


def rows_of(items: Sequence[Any]) -> list[Row]:
    """Read the rows of a pull; NotCanonical if one is misshapen, or neither fits its hash nor is a skeleton."""
    return [_row(item) for item in items]


def _row(item: Any) -> Row:
    try:
        payload = item["payload"]
        raw = canonical(payload)
        row = Row(
            Change.of_payload(payload, raw),
            item["seq"],
            hlc_from_hex(item["eff"]),
            item["verdict"],
            item["row_hash"],
            item["device"],
            item["ctr"],
            item["actor"],
            item["adj"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotCanonical(f"row: {error}") from error
    # A skeleton goes by the hash of what it was made of; nobody can push one, since its nonce is none.
    if payload_hash(raw) != row.row_hash and not erased_at(row.change):
        raise NotCanonical("row hash")
    return row
