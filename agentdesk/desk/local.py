"""What a use case does to local-only tables inside the journal's transaction, so that both hold or neither does."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from agentdesk.store.transaction import Transaction


def connection(txn: Transaction) -> sqlite3.Connection:
    """The plain connection under a transaction: reads on it see what the transaction wrote."""
    return cast(sqlite3.Connection, txn.conn.connection.driver_connection)


def drop_draft_in(txn: Transaction, key: str) -> None:
    """Forget a draft with the commit of the work it became: a kill can then neither lose it nor leave it twice."""
    connection(txn).execute("DELETE FROM draft WHERE key = ?", (key,))
