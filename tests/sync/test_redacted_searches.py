"""Words of searches after a redaction: nobody pulls them, so a desk must have heard of it before it sends its own."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from agentdesk.changes.wire import push_body
from agentdesk.desk import capture, knowledge, suggestions
from agentdesk.desk.context import Desk
from agentdesk.domain.redaction import order
from agentdesk.sync.client import Client
from agentdesk.sync.exchange import Talk, sync_once
from agentdesk.sync.faces import CentreSaidNo
from agentdesk.sync.redaction import follow, redact
from agentdesk.sync.token import load_token, token_path
from tests.sync.centres import CentreProcess
from tests.sync.joined_desks import Make, sync
from tests.unit.desk.conftest import ROW_B

PLACE = "锦绣路八弄甲座"


@pytest.fixture
def pair(joined: Make) -> tuple[Desk, Desk, str]:
    """An agent and a chief who both know a request with the address."""
    agent, chief = joined("王五", "rep"), joined("李四", "supervisor")
    request = capture.record(agent, {**ROW_B, "place": PLACE}).request_id
    sync(agent, chief)
    return agent, chief, request


def redacted(chief: Desk, request: str) -> None:
    identity = chief.journal.identity
    assert identity is not None
    done = redact(chief.journal, order(request, PLACE, "客户要求"))
    assert follow(chief.store, chief.journal, identity, done) == ""


def client_of(desk: Desk) -> Client:
    identity = desk.journal.identity
    assert identity is not None
    return Client(identity.centre_url, load_token(token_path(desk.store)))


def talk_of(desk: Desk, client: Client) -> Talk:
    identity = desk.journal.identity
    assert identity is not None
    return Talk(desk.journal, identity, client)


def waiting(desk: Desk) -> tuple[str, str, int, bytes]:
    """Scope, its epoch, number and bytes of the search that waits to be sent."""
    rows = desk.store.raw().execute(
        "SELECT c.scope, k.epoch, c.ctr, c.payload FROM change AS c JOIN cursor AS k USING (scope)"
        " WHERE c.scope LIKE 'log:%' AND c.seq IS NULL AND c.own = 1"
    )
    [(scope, epoch, ctr, payload)] = rows.fetchall()
    return scope, epoch, ctr, bytes(payload)


def clean(centre: CentreProcess, *desks: Desk) -> bool:
    with contextlib.closing(centre.database()) as conn:
        held = conn.execute("SELECT count(*) FROM log WHERE instr(payload, CAST(? AS BLOB))", (PLACE,)).fetchone()
        states = str(conn.execute("SELECT * FROM entity").fetchall())
    kept = [str(desk.store.raw().execute("SELECT payload FROM change").fetchall()) for desk in desks]
    return held == (0,) and not any(PLACE in one for one in (states, *kept))


def sent(centre: CentreProcess) -> int:
    with contextlib.closing(centre.database()) as conn:
        found = conn.execute("SELECT count(*) FROM log WHERE scope LIKE 'log:%'").fetchone()
    return int(found[0])


def test_a_search_that_waited_is_cleaned_before_it_goes(pair: tuple[Desk, Desk, str], centre: CentreProcess) -> None:
    agent, chief, request = pair
    knowledge.solved(agent, PLACE, [], "", None)
    redacted(chief, request)
    sync(agent, chief)
    assert clean(centre, agent, chief)
    assert sent(centre) == 1


def test_a_desk_that_greeted_before_is_told_to_pull_first(pair: tuple[Desk, Desk, str], centre: CentreProcess) -> None:
    """Between its greeting and its turn the redaction came: neither words nor suggestion may bring the value back."""
    agent, chief, request = pair
    with contextlib.closing(client_of(agent)) as client:
        talk = talk_of(agent, client)
        talk.greet()
        knowledge.solved(agent, PLACE, [], "", None)
        redacted(chief, request)
        talk.turn(())
        assert (talk.tally.pushed, talk.tally.parked, talk.stopped()) == (2, 0, ())
    sync(chief)
    assert clean(centre, agent, chief)


def test_what_waits_stays_where_the_team_cannot_be_pulled(pair: tuple[Desk, Desk, str], centre: CentreProcess) -> None:
    """The team's log stopped (an older copy of the file was put back): its redactions are not known here."""
    agent, chief, request = pair
    knowledge.solved(agent, PLACE, [], "", None)
    redacted(chief, request)
    with contextlib.closing(client_of(agent)) as client:
        talk = talk_of(agent, client)
        talk.greet()
        talk._exchange.stop(next(scope for scope in talk.scopes if scope.startswith("team:")), "ahead")
        talk.turn()
        assert talk.tally.pushed == 0
    assert sent(centre) == 0
    assert clean(centre, chief)
    waiting(agent)


def test_a_search_whose_answer_was_lost_is_a_double_after_it_was_cleaned(
    pair: tuple[Desk, Desk, str], centre: CentreProcess
) -> None:
    """Nothing is pulled that would confirm it, and what is offered again has other bytes than what had been sent."""
    agent, chief, request = pair
    knowledge.solved(agent, PLACE, [], "", None)
    scope, epoch, ctr, raw = waiting(agent)
    with contextlib.closing(client_of(agent)) as client:
        [answer] = client.push(scope, push_body(epoch, [(ctr, 0, raw)]))["answers"]
        assert answer["status"] == "ok"
    redacted(chief, request)
    knowledge.solved(agent, "退款", [], "", None)
    sync(agent, chief)
    assert clean(centre, agent, chief)
    assert sent(centre) == 2
    assert agent.store.raw().execute("SELECT count(*) FROM change WHERE seq IS NULL").fetchone() == (0,)


def test_words_that_stand_in_the_field_meanwhile_are_cleaned_when_they_are_written(
    pair: tuple[Desk, Desk, str], centre: CentreProcess
) -> None:
    agent, chief, request = pair
    redacted(chief, request)
    sync(agent)
    knowledge.solved(agent, f"送到{PLACE}", [], "", None)
    sync(agent, chief)
    assert clean(centre, agent, chief)
    assert sent(centre) == 1


def test_no_other_bytes_are_taken_for_what_no_redaction_touched(
    pair: tuple[Desk, Desk, str], centre: CentreProcess
) -> None:
    agent, _, _ = pair
    knowledge.solved(agent, PLACE, [], "", None)
    scope, epoch, ctr, raw = waiting(agent)
    forged = raw.replace(PLACE.encode(), "另外的话".encode())
    with contextlib.closing(client_of(agent)) as client:
        client.push(scope, push_body(epoch, [(ctr, 0, raw)]))
        [answer] = client.push(scope, push_body(epoch, [(ctr, 0, forged)]))["answers"]
    assert (answer["status"], answer["code"]) == ("refused", "id_reuse")


def test_who_says_that_it_has_not_heard_of_a_redaction_is_taken_nothing_from(
    pair: tuple[Desk, Desk, str], centre: CentreProcess
) -> None:
    agent, chief, request = pair
    knowledge.solved(agent, PLACE, [], "", None)
    scope, epoch, ctr, raw = waiting(agent)
    redacted(chief, request)
    with contextlib.closing(client_of(agent)) as client:
        with pytest.raises(CentreSaidNo) as no:
            client.push(scope, push_body(epoch, [(ctr, 0, raw)]), seen=1)
    assert (no.value.status, no.value.code) == (409, "redacted")
    assert sent(centre) == 0


def test_a_centre_that_tells_of_a_redaction_that_is_not_there_is_asked_no_more(
    pair: tuple[Desk, Desk, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, _, _ = pair
    knowledge.solved(agent, PLACE, [], "", None)
    asked: list[str] = []

    def told(_: Client, scope: str, body: bytes, *, seen: int | None = None) -> dict[str, Any]:
        asked.append(scope)
        raise CentreSaidNo(409, "redacted", {}, None)

    monkeypatch.setattr(Client, "push", told)
    identity = agent.journal.identity
    assert identity is not None
    assert sync_once(agent.store, agent.journal, identity).error == "garbled"
    assert len(asked) == 1
    waiting(agent)


def test_the_words_of_another_desk_that_come_late_are_clean_and_counted(joined: Make, centre: CentreProcess) -> None:
    """A third desk was away all the time; what it searched for is no suggestion of the value afterwards."""
    agent, other, chief = joined("王五", "rep"), joined("赵六", "rep"), joined("李四", "supervisor")
    request = capture.record(agent, {**ROW_B, "place": PLACE}).request_id
    sync(agent, chief, other)
    knowledge.solved(agent, PLACE, [], "", None)
    sync(agent)
    knowledge.solved(other, f"送到{PLACE}", [], "", None)
    with other.journal.transaction() as txn:  # missed by two at the same desk
        suggestions.make(txn, suggestions.states(other)[0].id, f"送到{PLACE}", "")
    assert suggestions.waiting(other)
    redacted(chief, request)
    sync(other, agent, chief)
    assert clean(centre, agent, other, chief)
    assert all(suggestions.waiting(desk) == [] for desk in (agent, other, chief))
