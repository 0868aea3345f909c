"""What should be written is decided once for the whole team: missed at several desks, declined or taken at one."""

from __future__ import annotations

import contextlib

from agentdesk.desk import article_review, capture, knowledge, suggestions
from agentdesk.desk.context import Desk
from agentdesk.desk.suggestions import Suggestion
from agentdesk.domain.redaction import order
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.redaction import follow, redact
from tests.sync.centres import CentreProcess
from tests.sync.joined_desks import Make, sync
from tests.unit.desk.conftest import ROW_B
from tests.unit.desk.test_article_review import ROW

WORDS = "量子纠缠仪"
PLACE = "锦绣路八弄甲座"


def waiting(desk: Desk) -> list[Suggestion]:
    return [one for one in suggestions.waiting(desk) if one.kind == suggestions.WORDS]


def test_what_one_desk_declines_is_gone_at_the_other(joined: Make) -> None:
    agent, other, chief = joined("王五", "rep"), joined("赵六", "rep"), joined("李四", "supervisor")
    for desk in (agent, other):
        knowledge.solved(desk, WORDS, [], "", None)
        assert waiting(desk) == [], "one person missed it once"
    sync(agent, other, chief, agent)
    (one,) = waiting(chief)
    assert (one.text, one.times, one.people) == (WORDS, 2, 2)
    assert waiting(agent) == [one], "the same everywhere"
    suggestions.decline(chief, one, "不卖这种产品")
    assert waiting(chief) == [], "at once, before the centre knows"
    sync(chief, agent)
    assert waiting(agent) == []
    knowledge.solved(agent, WORDS, [], "", None)
    sync(agent, chief)
    assert waiting(chief) == waiting(agent) == [], "nobody is asked twice"


def test_of_two_who_decide_without_a_line_the_first_counts_and_nothing_is_parked(joined: Make) -> None:
    agent, chief, expert = joined("王五", "rep"), joined("李四", "supervisor"), joined("赵六", "specialist")
    for desk in (agent, expert):
        knowledge.solved(desk, WORDS, [], "", None)
    sync(agent, expert, chief, expert)
    made = article_review.propose(expert, ROW)
    suggestions.decline(chief, waiting(chief)[0], "不卖这种产品")
    suggestions.take(expert, waiting(expert)[0], made.entity_id)
    sync(expert)
    identity = chief.journal.identity
    assert identity is not None
    assert sync_once(chief.store, chief.journal, identity).parked == 0
    sync(expert, chief)
    for desk in (chief, expert):
        assert waiting(desk) == []
        (state,) = suggestions.states(desk)
        assert (state.lane("status") or {})["state"] == "taken"


def test_the_searches_themselves_go_up_and_to_nobody(joined: Make) -> None:
    agent, chief = joined("王五", "rep"), joined("李四", "supervisor")
    knowledge.solved(agent, WORDS, [], "", None)
    sync(agent, chief)
    count = "SELECT count(*) FROM change WHERE entity = 'log_fact' AND seq IS NOT NULL"
    assert agent.store.raw().execute(count).fetchone() == (1,)
    assert chief.store.raw().execute("SELECT count(*) FROM log_fact").fetchone() == (0,)


def test_a_redaction_reaches_the_words_that_were_searched_for(joined: Make, centre: CentreProcess) -> None:
    agent, chief = joined("王五", "rep"), joined("李四", "supervisor")
    request = capture.record(agent, {**ROW_B, "place": PLACE}).request_id
    knowledge.solved(agent, PLACE, [], "", None)
    sync(agent, chief)
    held = "SELECT count(*) FROM log WHERE instr(payload, CAST(? AS BLOB))"
    with contextlib.closing(centre.database()) as conn:
        assert conn.execute(held, (PLACE,)).fetchone() == (3,), "the request, the search, the suggestion"
        identity = chief.journal.identity
        assert identity is not None
        done = redact(chief.journal, order(request, PLACE, "客户要求"))
        assert follow(chief.store, chief.journal, identity, done) == ""
        sync(agent)
        assert conn.execute(held, (PLACE,)).fetchone() == (0,)
    for desk in (agent, chief):
        assert PLACE not in str(desk.store.raw().execute("SELECT payload FROM change").fetchall())
        for table, group in (("suggestion", "made"), ("log_fact", "searched")):
            rows = desk.store.raw().execute(f"SELECT {group} FROM {table}").fetchall()
            assert PLACE not in str(rows)
