"""A store made before the queue had views gets their columns, counts and keys filled from its own facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentdesk.desk import finding, queue
from agentdesk.desk.context import open_desk
from agentdesk.desk.setup import first_run
from agentdesk.store import migrations
from agentdesk.store.queue_views import QueueFilter

LATER = ("0008_queue_columns", "0009_queue_find")
SAID = "洗衣机漏水"
ROOT = "0" * 32


def test_an_older_store_is_filled_when_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = {name: one for name, one in migrations.MIGRATIONS.items() if name not in LATER}
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", older)
        desk = open_desk(tmp_path)
        first_run(desk, "张敏", "8021", "客服一组")
        conn = desk.store.raw()
        for table in ("search_request_terms", "search_request"):
            conn.execute(f"DROP TABLE {table}")  # the index of that time had no such kind
        conn.execute("DELETE FROM search_count WHERE kind = 'request'")
        conn.execute(
            "INSERT INTO request (id, scope, root, author, rules_v, stamps, kept, pending, channel, tags, description,"
            " flow, reporter) VALUES (?, 'home', ?, 'p', '1.0', ?, '{}', 0, ?, ?, ?, ?, ?)",
            (
                ROOT, ROOT, '{"description": {"c1": [1, 1, "p"]}}', '{"channel": "email"}',
                '{"物流": true, "错的": false}', f'{{"c1": "{SAID}"}}', '{"state": "RECORDED", "trail": []}',
                '{"contact": "13800005678"}',
            ),
        )  # fmt: skip
        conn.execute(
            "INSERT INTO queue_row (root, number, short_number, customer, title, state, priority, is_open, pending,"
            " conflict, updated_at) VALUES"
            " (?, 'AD-K7-20260128-0007', 'AD-0128-0007', '张*', '', 'RECORDED', 'P1', 1, 0, 0, 0)",
            (ROOT,),
        )
        conn.execute("INSERT INTO customer_key VALUES ('contact', '13800005678', ?)", (ROOT,))
        desk.close()
    desk = open_desk(tmp_path)
    try:
        for view in (QueueFilter(channel="email"), QueueFilter(tag="物流"), QueueFilter(priority="P1"), QueueFilter()):
            assert [row.id for row in queue.page(desk, view=view).rows] == [ROOT], view
        assert queue.page(desk, view=QueueFilter(tag="错的")).total == 0
        page = queue.page(desk)
        assert (page.total, page.p1) == (1, 1) and page.rows[0].tags == ("物流",)
        assert [row.id for row in finding.find(desk, "0007")] == [ROOT]
        assert [row.id for row in finding.find(desk, "5678")] == [ROOT]
        assert finding.find(desk, "漏水") == []
        assert finding.index_some(desk) == 0
        assert [row.id for row in finding.find(desk, "漏水")] == [ROOT]
    finally:
        desk.close()
