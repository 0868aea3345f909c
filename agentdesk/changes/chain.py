"""The chain over a scope's log: any row that is missing, swapped or re-stamped shows (SYNC 2.2)."""

from __future__ import annotations

import hashlib

from agentdesk.changes.canonical import canonical
from agentdesk.changes.hlc import hlc_to_hex
from agentdesk.changes.model import Row


def chain_start(scope: str) -> str:
    """Return the chain before the first row, in hex."""
    return hashlib.sha256(scope.encode("utf-8")).hexdigest()


def chain_next(chain: str, row: Row) -> str:
    """Return the chain after `row`; it covers place and stamps, and the payload by its hash."""
    link = canonical(
        {
            "seq": row.seq,
            "id": row.change.id,
            "device": row.device,
            "ctr": row.ctr,
            "actor": row.actor,
            "eff": hlc_to_hex(row.eff),
            "verdict": row.verdict,
            "row_hash": row.row_hash,
        }
    )
    return hashlib.sha256(bytes.fromhex(chain) + link).hexdigest()
