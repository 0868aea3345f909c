"""How often articles were used and solved: counted with the fact, once, also in an older store."""

from __future__ import annotations

from pathlib import Path

from agentdesk.desk import knowledge
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.setup import first_run


def counted(desk: Desk) -> dict[str, tuple[int, float]]:
    """Uses and share solved, by article."""
    rows = desk.store.raw().execute("SELECT id, uses, solved FROM search_use WHERE kind = 'article'")
    return {article: (uses, round(solved, 3)) for article, uses, solved in rows}


def test_answers_are_counted_with_their_facts(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    try:
        first_run(desk, "张敏", "8021", "客服一组")
        first, second = knowledge.search(desk, "洗衣机", 2)
        for solved in (True, True, None, False):
            knowledge.solved(desk, "洗衣机", [first, second], second.id, solved)
        knowledge.missed(desk, "洗衣机", [first, second])
        assert counted(desk) == {second.id: (4, 0.6)}
        grounds = {
            ground.code for hit in knowledge.search(desk, "洗衣机", 9) for ground in hit.grounds if hit.id == second.id
        }
        assert {"solved", "use"} <= grounds
    finally:
        desk.close()


def test_an_older_store_counts_and_indexes_what_was_there(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    first_run(desk, "张敏", "8021", "客服一组")
    (hit,) = knowledge.search(desk, "洗衣机漏水", 1)
    knowledge.solved(desk, "洗衣机漏水", [hit], hit.id, True)
    before = counted(desk)
    with desk.store.plain_write() as conn:  # as a version before the lanes left it
        conn.execute("DROP TABLE article_use")
        conn.execute("DELETE FROM search_use")
        conn.execute("UPDATE search_meta SET value = '1 zhconv-rs' WHERE name = 'mark'")
        conn.execute("DELETE FROM migration WHERE name = '0018_search_lanes'")
    desk.close()
    desk = open_desk(tmp_path)
    try:
        assert counted(desk) == before == {hit.id: (1, 0.667)}
        assert knowledge.search(desk, "loushui", 1)[0].title_spans
    finally:
        desk.close()


def test_filters_are_asked_by_code(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    try:
        first_run(desk, "张敏", "8021", "客服一组")
        policies = knowledge.search(desk, "kind:policy", 50)
        assert policies and {hit.kind for hit in policies} == {"policy"}
        internal = knowledge.search(desk, "audience:internal 案例", 50)
        assert internal and not any(hit.may_quote for hit in internal)
        assert knowledge.search(desk, "kind:nothing 退款") == []
        assert knowledge.search(desk, "退款", given_up=lambda: True) == []
    finally:
        desk.close()
