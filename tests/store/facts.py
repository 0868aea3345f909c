"""A desk's journal with the two requests of the source's form, written through the real transitions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentdesk.changes import new_id
from agentdesk.domain.vocabulary import ROLES
from agentdesk.store import open_store
from agentdesk.store.identity import Identity, save_identity
from agentdesk.store.journal import Journal
from agentdesk.store.transaction import Transaction

ROW_A: dict[str, Any] = {
    "reporter": {"customer_name": "张强", "contact_kind": "mobile", "contact": "13800005678", "customer_no": "C-5678"},
    "type": {"request_type": "complaint", "sub_type": "after_sales"},
    "product_service": {"product_service": "洗衣机"},
    "order": {"order_no": "O-20240428-31"},
    "occurred": {"occurred_at": "2024-04-28"},
    "attribution": {"attribution": "product_quality"},
    "description": "购买的洗衣机用了三天就漏水，联系售后一直没人答复",
    "anomaly": "机身底部漏水",
    "expected_outcome": "尽快上门维修",
    "emotion": {"emotion": "anxious"},
}
ROW_B: dict[str, Any] = {
    "reporter": {"customer_name": "王芳", "contact_kind": "mobile", "contact": "13900000002", "unregistered": True},
    "type": {"request_type": "consult", "sub_type": "product"},
    "product_service": {"product_service": "空调"},
    "description": "想了解空调的能效等级和安装费用",
    "emotion": {"emotion": "calm"},
}


def make_journal(path: Path, *, name: str = "张敏") -> Journal:
    """Open a new store for one local person who holds every role."""
    store = open_store(path)
    with store.plain_write() as conn:
        save_identity(
            conn, Identity(new_id(), name, "8021", "service-one", "客服一组", "zh_CN", new_id(), "H7Q3", tuple(ROLES))
        )
    return Journal(store, now=lambda: datetime.now(UTC).astimezone())


def capture(txn: Transaction, row: dict[str, Any], *, number: str, category: str, priority: str, channel: str) -> str:
    """Write T1 and T2 (and T4) of a request; returns its id."""
    rid, contact, at = txn.new_id(), txn.new_id(), txn.now()
    created = {"number": number, "recorder": txn.me.person_id, "recorded_at": at, "at": at}
    txn.write("request", rid, root=rid, patch={"created": created, "channel": {"channel": channel}})
    txn.write("contact", contact, root=rid, patch={"opened": {"channel": channel, "direction": "in", "at": at}})
    txn.transition("request", rid, "flow", "T1", {"owner": txn.me.person_id})
    graded = {
        "category": {"category": category, "also_complex": False, "at": at},
        "priority": {"priority": priority, "proposed": priority, "rule": "PR-12", "modifiers": [], "why": "", "at": at},
    }
    txn.write("request", rid, root=rid, patch={**row, **graded})
    txn.transition("request", rid, "flow", "T2")
    if category != "simple":
        txn.transition("request", rid, "flow", "T4")
    return rid
