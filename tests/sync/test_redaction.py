"""Redaction after the fact: the event stays, the value is gone from every file (SYNC 2.14, invariant 20)."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentdesk.changes import Change
from agentdesk.changes.skeleton import MARK, erased_at
from agentdesk.changes.wire import push_body
from agentdesk.domain import redaction
from agentdesk.domain.refusal import Refusal
from agentdesk.store import drafts, erasing, refused_wordings, upkeep
from agentdesk.sync.client import Client
from agentdesk.sync.redaction import Redacted, follow, look, redact
from agentdesk.sync.token import load_token, token_path
from tests.sync.centres import ROOT, CentreProcess
from tests.sync.desks import ROW_A, DeskFile
from tests.sync.remains import forms, remains

MakeDesk = Callable[[str], DeskFile]
TEAM = "客服一组"
VALUE = "浦东新区锦绣路8813弄27号"
GROUPED = "浦东新区 锦绣路－8813弄 27号"
"""The same address as somebody else wrote it down."""


@pytest.fixture
def lead(centre: CentreProcess, make_desk: MakeDesk) -> DeskFile:
    """The desk of a supervisor who has joined."""
    made = make_desk("lead")
    made.join(centre.url, centre.code(role="supervisor"))
    return made


@pytest.fixture
def rep(centre: CentreProcess, make_desk: MakeDesk) -> DeskFile:
    """The desk of an agent of the same team."""
    made = make_desk("rep")
    made.join(centre.url, centre.code())
    return made


def order(rid: str, value: str = VALUE) -> redaction.Order:
    return redaction.order(rid, value, "客户要求删除住址")


def redacted(desk: DeskFile, rid: str, value: str = VALUE) -> Redacted:
    done = redact(desk.journal, order(rid, value))
    identity = desk.journal.identity
    assert identity is not None
    assert follow(desk.store, desk.journal, identity, done) == ""
    return done


def folder(desk: DeskFile) -> Path:
    path: Path = desk.store.path.parent
    return path


def written(desk: DeskFile) -> str:
    """A request that holds the value in a text, a register, a set, a note, and in the plain search index."""
    row = {
        **ROW_A,
        "description": f"洗衣机漏水，客户住{VALUE}，请上门",
        "reporter": {**ROW_A["reporter"], "customer_name": VALUE},
        "place": {"place": VALUE},
    }
    rid = desk.capture(row)
    desk.note(rid, f"再次确认地址：{GROUPED}。")
    with desk.journal.transaction() as txn:
        txn.write("request", rid, root=rid, patch={"tags": {VALUE: True, "logistics": True}})
        txn.write("request", rid, root=rid, patch={"description": f"改写：{VALUE}，周六前"})
    return rid


def history(desk: DeskFile, rid: str) -> list[Change]:
    rows = desk.store.raw().execute("SELECT payload FROM change WHERE root=? ORDER BY seq", (rid,))
    return [Change.parse(bytes(payload)) for (payload,) in rows]


# -- the value is gone ------------------------------------------------------------------------------------------------


def test_after_the_next_sync_no_file_holds_a_byte_of_it(centre: CentreProcess, lead: DeskFile, rep: DeskFile) -> None:
    for _ in range(30):
        rep.capture()
    rid = written(rep)
    for _ in range(30):
        rep.capture()
    rep.sync()
    lead.sync()
    for desk in (lead, rep):
        upkeep.catch_up(desk.store)
        while upkeep.drain(desk.store, ("request",)):
            pass
    everywhere = [folder(lead), folder(rep), centre.data]
    assert {left.split(".")[0] for left in remains(VALUE, everywhere)} == {"desk", "centre"}, "it was there"

    found = look(lead.journal, order(rid))
    done = redacted(lead, rid)
    rep.sync()

    assert remains(VALUE, everywhere) == []
    assert found == done.found
    assert (found.places, found.changes) == (6, 4)
    assert found.fields == (
        "entry.note", "request.description", "request.place", "request.reporter", "request.tags",
    )  # fmt: skip
    assert lead.digest() == rep.digest()


def test_the_event_and_all_that_was_not_the_value_stay(centre: CentreProcess, lead: DeskFile, rep: DeskFile) -> None:
    rid = written(rep)
    rep.sync()
    lead.sync()
    before = {change.id: change for change in history(lead, rid)}
    redacted(lead, rid)
    rep.sync()

    for desk in (lead, rep):
        changes = history(desk, rid)
        assert {change.id for change in changes} >= before.keys(), "nothing is deleted"
        [said] = [change.patch["redact"] for change in changes if change.entity == "redact"]
        assert said["why"] == "客户要求删除住址"
        assert said["by"] == lead.journal.identity.person_id  # type: ignore[union-attr]
        assert said["at"] and said["places"] == 6 and "entry.note" in said["fields"]
        notes = [change.patch["note"]["text"] for change in changes if "note" in change.patch]
        assert notes == [f"再次确认地址：{MARK}。"]
        with desk.journal.transaction() as txn:
            state = txn.state("request", rid)
            assert state is not None and state.text("description") == f"改写：{MARK}，周六前"
            assert state.register("reporter")["contact"] == ROW_A["reporter"]["contact"]
            assert state.lane("flow") is not None and sorted(state.elements("tags")) == [MARK, "logistics"]
        queue = desk.store.raw().execute("SELECT title, customer, state FROM queue_row WHERE root=?", (rid,)).fetchone()
        assert queue is not None and queue[2] == "ANALYSING"


def test_older_copies_of_a_desks_file_go_too(centre: CentreProcess, lead: DeskFile, rep: DeskFile) -> None:
    rid = written(rep)
    rep.sync()
    copy = rep.store.path.with_suffix(".before-0016_redactions")
    with sqlite3.connect(copy) as target:
        rep.store.raw().backup(target)
    target.close()
    assert remains(VALUE, [copy.parent])
    lead.sync()
    redacted(lead, rid)
    rep.sync()
    assert not copy.exists()
    assert remains(VALUE, [folder(rep)]) == []


def test_what_only_another_desk_has_goes_with_it(centre: CentreProcess, lead: DeskFile, rep: DeskFile) -> None:
    """Drafts, refused work and own phrases: from its own copy of the target each desk learns what to look for."""
    rid = written(rep)
    rep.sync()
    lead.sync()
    drafts.Drafts(rep.store).save(f"composer:{rid}", {"text": f"您好，我们会到{GROUPED}上门。"})
    drafts.Drafts(rep.store).save("composer:other", {"text": f"另一位客户也住{VALUE}"})
    for form in ("phrase:new", "site-phrase:new", "rule:FP-06"):
        drafts.Drafts(rep.store).save(f"form:{form}", {"base": VALUE, "values": {"body": f"送到{VALUE}"}})
    with rep.store.plain_write() as conn:
        conn.execute("INSERT INTO template VALUES ('上门', ?, 1)", (json.dumps({"place": VALUE}),))
        conn.execute("INSERT INTO phrase_personal VALUES ('p', 'zh_CN', '地址', ?, 1)", (f"送到{VALUE}",))
        conn.execute("INSERT INTO local VALUES ('queue.views', ?)", (json.dumps({"甲": {"text": VALUE}}),))
        refused_wordings.add(conn, f"最快送到{VALUE}")
    with rep.journal.transaction() as txn:
        fact = txn.new_id()
        searched = {"words": VALUE, "hits": 0, "opened": "", "solved": False, "at": txn.now()}
        txn.write("log_fact", fact, root=fact, patch={"searched": searched})
    parked = rep.note(rid, f"卡号 6225 7583 0000 0006，被退回的备注：{VALUE}")
    assert rep.sync().parked == 1
    redacted(lead, rid)
    rep.sync()

    rows = rep.store.raw()
    assert drafts.Drafts(rep.store).load(f"composer:{rid}") == {"text": f"您好，我们会到{MARK}上门。"}
    assert VALUE in drafts.Drafts(rep.store).load("composer:other")["text"], (
        "another request's text is not its business"
    )
    for form in ("phrase:new", "site-phrase:new", "rule:FP-06"):
        assert drafts.Drafts(rep.store).load(f"form:{form}") == {"base": MARK, "values": {"body": f"送到{MARK}"}}
    assert refused_wordings.load(rows) == [f"最快送到{MARK}"]
    assert json.loads(rows.execute("SELECT fields FROM template").fetchone()[0]) == {"place": MARK}
    assert rows.execute("SELECT body FROM phrase_personal").fetchone()[0] == f"送到{MARK}"
    assert json.loads(rows.execute("SELECT searched FROM log_fact").fetchone()[0]).popitem()[1]["words"] == MARK
    payload, refused = rows.execute("SELECT payload, refused FROM change WHERE id=?", (parked,)).fetchone()
    assert refused == "private_number"
    assert Change.parse(bytes(payload)).patch["note"]["text"] == f"卡号 6225 7583 0000 0006，被退回的备注：{MARK}"


def test_work_written_offline_is_cleaned_before_it_is_sent(
    centre: CentreProcess, lead: DeskFile, rep: DeskFile
) -> None:
    rid = written(rep)
    rep.sync()
    lead.sync()
    redacted(lead, rid)
    pending = rep.note(rid, f"还没发出去：{VALUE}")
    report = rep.sync()
    assert (report.error, report.parked, report.pushed) == ("", 0, 1)
    assert Change.parse(bytes(stored(rep, pending))).patch["note"]["text"] == f"还没发出去：{MARK}"
    lead.sync()
    assert remains(VALUE, [folder(rep), folder(lead), centre.data]) == []
    assert rep.digest() == lead.digest()


def test_work_that_had_arrived_all_the_same_stands_as_the_log_holds_it(
    centre: CentreProcess, lead: DeskFile, rep: DeskFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent, the answer lost, taken for unsent and rewritten: both copies must end alike, and a second order ends it."""
    rid = written(rep)
    rep.sync()
    lead.sync()
    redacted(lead, rid)
    pending = rep.note(rid, f"已经发出去：{VALUE}")
    ctr, raw = rep.store.raw().execute("SELECT ctr, payload FROM change WHERE id=?", (pending,)).fetchone()
    scope, epoch = rep.store.raw().execute("SELECT scope, epoch FROM cursor WHERE scope LIKE 'team:%'").fetchone()
    client = Client(centre.url, load_token(token_path(rep.store)))
    [answer] = client.push(scope, push_body(epoch, [(ctr, 0, bytes(raw))]))["answers"]
    client.close()
    assert answer["status"] == "ok"
    monkeypatch.setattr("agentdesk.sync.exchange.PULL_ROWS", 1)  # the redaction in one page, the note in the next
    assert rep.sync().error == ""
    lead.sync()
    assert bytes(stored(rep, pending)) == bytes(raw)
    assert rep.digest() == lead.digest()
    redacted(lead, rid)
    rep.sync()
    assert remains(VALUE, [folder(rep), folder(lead), centre.data]) == []


def stored(desk: DeskFile, change: str) -> Any:
    return desk.store.raw().execute("SELECT payload FROM change WHERE id=?", (change,)).fetchone()[0]


# -- protocol ---------------------------------------------------------------------------------------------------------


def test_a_newcomer_sees_skeletons_only_and_ends_alike(
    centre: CentreProcess, lead: DeskFile, rep: DeskFile, make_desk: MakeDesk
) -> None:
    rid = written(rep)
    rep.sync()
    lead.sync()
    redacted(lead, rid)
    second = rep.note(rid, "另一个号码 139-0013-9001 也写错了")
    rep.sync()
    lead.sync()
    redacted(lead, rid, "13900139001")
    late = make_desk("late")
    late.join(centre.url, centre.code())
    assert late.sync().error == ""
    rep.sync()
    lead.sync()
    assert late.digest() == rep.digest() == lead.digest()
    for value in (VALUE, "13900139001"):
        assert remains(value, [folder(late), folder(rep), folder(lead), centre.data]) == []
    text = Change.parse(bytes(stored(late, second))).patch["note"]["text"]
    assert text == f"另一个号码 {MARK} 也写错了"


def test_a_target_taken_out_of_twice_is_the_same_everywhere(
    centre: CentreProcess, lead: DeskFile, rep: DeskFile
) -> None:
    """Offsets of the second redaction are those of the text that the first one left."""
    rid = rep.capture()
    note = rep.note(rid, "电话 13800138001，备用 13800138002，其余照旧")
    rep.sync()
    lead.sync()
    redacted(lead, rid, "13800138001")
    redacted(lead, rid, "13800138002")
    rep.sync()
    for desk in (lead, rep):
        assert Change.parse(bytes(stored(desk, note))).patch["note"]["text"] == f"电话 {MARK}，备用 {MARK}，其余照旧"
    assert stored(lead, note) == stored(rep, note)
    assert lead.digest() == rep.digest()


def test_a_target_offered_again_is_a_double_and_brings_nothing_back(
    centre: CentreProcess, lead: DeskFile, rep: DeskFile
) -> None:
    rid = written(rep)
    note = rep.note(rid, f"地址 {VALUE}")
    rep.sync()
    ctr, raw = rep.store.raw().execute("SELECT ctr, payload FROM change WHERE id=?", (note,)).fetchone()
    scope, epoch = rep.store.raw().execute("SELECT scope, epoch FROM cursor WHERE scope LIKE 'team:%'").fetchone()
    lead.sync()
    redacted(lead, rid)
    client = Client(centre.url, load_token(token_path(rep.store)))
    [answer] = client.push(scope, push_body(epoch, [(ctr, 0, bytes(raw))]))["answers"]
    client.close()
    assert answer["status"] == "dup"
    rep.sync()
    assert erased_at(Change.parse(bytes(stored(rep, note))))
    assert remains(VALUE, [folder(rep), centre.data]) == []
    assert rep.digest() == lead.digest()


def test_nobody_pushes_a_skeleton(centre: CentreProcess, lead: DeskFile, rep: DeskFile) -> None:
    """Without a nonce a change would pass every later check of its hash."""
    rid = rep.capture()
    note = rep.note(rid, "一条备注")
    payload = json.loads(bytes(stored(rep, note)))
    payload["nonce"] = "r1"
    forged = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with rep.store.plain_write() as conn:
        conn.execute("UPDATE change SET payload=? WHERE id=?", (forged, note))
    assert rep.sync().parked == 1


# -- who, and what is said when it does not go ------------------------------------------------------------------------


def code_of(refusal: pytest.ExceptionInfo[Refusal]) -> tuple[str, Any]:
    return refusal.value.code, refusal.value.args.get("problem")


def test_an_agent_may_not_order_it_neither_here_nor_at_the_centre(
    centre: CentreProcess, lead: DeskFile, rep: DeskFile
) -> None:
    rid = written(rep)
    rep.sync()
    with pytest.raises(Refusal) as refusal:
        look(rep.journal, order(rid))
    assert refusal.value.code == "role.denied"
    from agentdesk.sync.faces import CentreSaidNo

    client = Client(centre.url, load_token(token_path(rep.store)))
    with pytest.raises(CentreSaidNo) as no:
        client.redact(f"team:{rep.journal.identity.team_slug}", {"root": rid, "value": VALUE, "why": "x"})  # type: ignore[union-attr]
    client.close()
    assert (no.value.status, no.value.code) == (403, "right")


def test_without_the_centre_nothing_is_done_and_the_value_is_kept_nowhere(
    centre: CentreProcess, lead: DeskFile
) -> None:
    rid = lead.capture()
    lead.sync()
    centre.stop()
    with pytest.raises(Refusal) as refusal:
        redact(lead.journal, order(rid, "13612345678"))
    assert code_of(refusal) == ("redact.offline", "offline")
    assert remains("13612345678", [folder(lead)]) == []


def test_unsent_work_must_go_first_and_a_value_that_stands_nowhere_is_said(
    centre: CentreProcess, lead: DeskFile
) -> None:
    rid = lead.capture()
    with pytest.raises(Refusal) as refusal:
        look(lead.journal, order(rid))
    assert refusal.value.code == "redact.unsent" and refusal.value.args["waiting"] > 0
    lead.sync()
    with pytest.raises(Refusal) as refusal:
        look(lead.journal, order(rid))
    assert refusal.value.code == "redact.nothing"
    assert [change for change in history(lead, rid) if change.entity == "redact"] == []


# -- a desk that never joined -----------------------------------------------------------------------------------------


def test_a_desk_of_its_own_redacts_its_file_and_joins_afterwards(centre: CentreProcess, make_desk: MakeDesk) -> None:
    alone = make_desk("alone")
    rid = written(alone)
    drafts.Drafts(alone.store).save(f"composer:{rid}", {"text": VALUE})
    assert remains(VALUE, [folder(alone)])
    found = look(alone.journal, order(rid))
    done = redact(alone.journal, order(rid))
    assert found == done.found and found.places == 7
    assert remains(VALUE, [folder(alone)]) == []
    assert [change.patch["redact"]["why"] for change in history(alone, rid) if change.entity == "redact"]
    alone.join(centre.url, centre.code(role="supervisor"))
    report = alone.sync()
    assert (report.error, report.parked) == ("", 0)
    log = centre.log(f"team:{alone.journal.identity.team_slug}")  # type: ignore[union-attr]
    assert rid in {row["root"] for row in log}, "it goes along"
    assert remains(VALUE, [folder(alone), centre.data]) == []


# -- killed in the middle ---------------------------------------------------------------------------------------------


def test_a_desk_killed_before_its_file_is_clean_cleans_it_at_the_next_start(
    centre: CentreProcess, lead: DeskFile, rep: DeskFile
) -> None:
    rid = written(rep)
    rep.sync()
    lead.sync()
    redacted(lead, rid)
    rep.close()
    command = [sys.executable, "-m", "tests.sync.sync_desk", str(rep.store.path)]
    environment = {**os.environ, "AGENTDESK_FAULT": "redact.before_checkpoint"}
    assert subprocess.run(command, cwd=ROOT, env=environment, timeout=60).returncode == -9
    assert remains(VALUE, [folder(rep)]), "the kill came before the file was written anew"
    rep.reopen()
    assert erasing.due(rep.store)
    assert rep.sync().error == ""
    assert not erasing.due(rep.store)
    assert remains(VALUE, [folder(rep)]) == []
    assert rep.digest() == lead.digest()


@pytest.mark.parametrize("point", ["redact.mid", "redact.before_checkpoint"])
def test_a_centre_killed_in_the_middle_has_done_all_of_it_or_nothing(
    centre: CentreProcess, lead: DeskFile, rep: DeskFile, point: str
) -> None:
    rid = written(rep)
    rep.sync()
    lead.sync()
    centre.stop()
    centre.start(fault=point)
    with pytest.raises(Refusal) as refusal:
        redact(lead.journal, order(rid))
    assert refusal.value.code == "redact.offline"
    assert centre.wait_dead() == -9
    centre.start()
    done = point == "redact.before_checkpoint"
    rows = [row for row in centre.log(f"team:{lead.journal.identity.team_slug}") if row["root"] == rid]  # type: ignore[union-attr]
    said = [row for row in rows if Change.parse(bytes(row["payload"])).entity == "redact"]
    assert len(said) == done
    if done:
        lead.sync()
    else:
        redacted(lead, rid)
    rep.sync()
    assert remains(VALUE, [folder(lead), folder(rep), centre.data]) == []
    assert lead.digest() == rep.digest()


def test_the_search_for_remains_would_see_them() -> None:
    """The proof above is worth what its forms are worth."""
    assert {VALUE.encode(), json.dumps(VALUE)[1:-1].encode()} <= forms(VALUE)
    assert b"87654321" in forms("12345678")
