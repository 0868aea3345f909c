"""How often phrases were said: counted once a message, for its author, also in a store that is older than the count."""

from __future__ import annotations

from pathlib import Path

from agentdesk.desk import capture, phrases, reply
from agentdesk.desk.context import open_desk
from agentdesk.desk.setup import first_run
from agentdesk.store.projections import phrase_use
from tests.unit.desk.conftest import ROW_B


def test_an_older_store_counts_what_was_said_before(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    first_run(desk, "张敏", "8021", "客服一组")
    request = capture.record(desk, ROW_B).request_id
    first = phrases.fitting(desk, request)[0]
    for _ in range(2):
        reply.send(desk, request, "您好，请讲。", phrases=(first.version,))
    me, counted = desk.me.person_id, phrase_use.uses(desk.store.raw(), desk.me.person_id)
    assert counted[first.version].own == 2
    with desk.store.plain_write() as conn:  # as a version before the count left it
        for table in ("phrase_use", "phrase_tally", "phrase_variant"):
            conn.execute(f"DROP TABLE {table}")
        conn.execute("DELETE FROM migration WHERE name = '0014_phrase_use'")
    desk.close()
    desk = open_desk(tmp_path)
    try:
        assert phrase_use.uses(desk.store.raw(), me) == counted
        assert phrase_use.uses(desk.store.raw(), "another")[first.version].team == 2
    finally:
        desk.close()


def test_a_message_counts_once_and_follows_its_author(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    try:
        first_run(desk, "张敏", "8021", "客服一组")
        request = capture.record(desk, ROW_B).request_id
        first = phrases.fitting(desk, request)[0]
        reply.send(desk, request, "您好，请讲。", phrases=(first.version,))
        with desk.store.plain_write() as conn:
            conn.execute("UPDATE phrase_use SET person = 'joined'")
        used = phrase_use.uses(desk.store.raw(), "joined")[first.version]
        assert (used.own, used.team) == (1, 0)
    finally:
        desk.close()
