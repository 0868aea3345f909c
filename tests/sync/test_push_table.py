"""The table of SYNC 2.4, row by row, against the centre's real tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentdesk.central.batch import read_batch
from agentdesk.central.problems import Problem
from agentdesk.changes import Change, new_id
from agentdesk.changes.hlc import hlc_at
from agentdesk.changes.wire import push_body
from agentdesk.domain.records import REGISTRY
from tests.sync.pushes import AT, NOW_MS, TEAM, Centre, article, change, created, eff_of, note, statuses


def card_number() -> str:
    """Return a number with a known issuer, its length and a right check digit."""
    head = "622202020011223344"
    total = sum(sum(divmod(int(d) * 2, 10)) if place % 2 == 0 else int(d) for place, d in enumerate(reversed(head)))
    return head + str(-total % 10)


CARD = card_number()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    made = Centre(tmp_path / "centre")
    yield made
    made.conn.close()


def identity_number() -> str:
    """Return a number with a right checksum, made here so that none stands in this file."""
    head = "11010119900307843"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return head + "10X98765432"[sum(int(d) * w for d, w in zip(head, weights, strict=True)) % 11]


def test_a_push_is_answered_change_by_change_and_numbered_without_a_gap(centre: Centre) -> None:
    request = created()
    taken = centre.push([request, note(request.root)])
    assert statuses(taken) == ["ok", "ok"]
    assert [(a["ctr"], a["id"], a["seq"], a["verdict"]) for a in taken.answers] == [
        (1, request.id, 1, "applied"),
        (2, centre.log()[1][1], 2, "applied"),
    ]
    assert taken.have == 2


def test_the_same_push_again_is_dup_and_adds_nothing(centre: Centre) -> None:
    request = created()
    first = centre.push([request])
    again = centre.push([request])
    assert statuses(again) == ["dup"] and again.have == 1
    assert [a | {"status": "ok"} for a in again.answers] == first.answers
    assert len(centre.log()) == 1


def test_a_retry_that_reaches_further_takes_what_is_new(centre: Centre) -> None:
    request = created()
    centre.push([request])
    assert statuses(centre.push([request, note(request.root)])) == ["dup", "ok"]


def test_another_epoch_takes_nothing(centre: Centre) -> None:
    with pytest.raises(Problem, match="epoch"):
        centre.push([created()], epoch="0" * 32)
    assert centre.log() == []


def test_a_hole_in_the_counters_is_a_gap_and_takes_nothing(centre: Centre) -> None:
    centre.push([created()])
    with pytest.raises(Problem) as refused:
        centre.push([created()], first=3)
    assert (refused.value.status, refused.value.code, refused.value.args_told) == (409, "gap", {"have": 1})


def test_a_counter_used_for_another_change_is_a_fork_and_takes_nothing(centre: Centre) -> None:
    request = created()
    centre.push([request])
    with pytest.raises(Problem) as refused:
        centre.push([created(), note(request.root)], first=1)
    assert (refused.value.status, refused.value.code) == (409, "fork")
    assert len(centre.log()) == 1


def test_a_fork_behind_known_changes_undoes_the_whole_push(centre: Centre) -> None:
    request = created()
    centre.push([request, note(request.root)])
    with pytest.raises(Problem, match="fork"):
        centre.push([request, created(), note(request.root)])
    assert len(centre.log()) == 2


def test_an_id_used_for_other_bytes_is_refused_and_counts(centre: Centre) -> None:
    request = created()
    centre.push([request])
    other = note(request.root, id=request.id)
    taken = centre.push([other], first=2)
    assert statuses(taken) == ["id_reuse"] and taken.have == 2
    assert statuses(centre.push([other], first=2)) == ["id_reuse"]
    assert len(centre.log()) == 1


def test_what_hangs_on_a_refused_root_depends_on_it(centre: Centre) -> None:
    bad = created(hlc=0, base={"flow": []})
    taken = centre.push([bad, note(bad.root)])
    assert statuses(taken) == ["shape", "depends_on"]
    assert taken.answers[1]["args"] == {"root": bad.root} and taken.have == 2
    later = change("request", {"emotion": {"emotion": "calm"}}, entity_id=bad.root)
    assert statuses(centre.push([later], first=3)) == ["depends_on"]
    assert centre.log() == []


def test_a_root_nobody_told_of_is_unknown(centre: Centre) -> None:
    assert statuses(centre.push([note(new_id())])) == ["depends_on"]


def test_a_root_made_anew_after_its_refusal_lives(centre: Centre) -> None:
    bad = created(base={"flow": []})
    assert statuses(centre.push([bad])) == ["shape"]
    good = created(entity_id=bad.root)
    assert statuses(centre.push([good, note(bad.root)], first=2)) == ["ok", "ok"]


def test_a_refusal_is_repeated_for_ever_and_never_blocks_what_follows(centre: Centre) -> None:
    request = created()
    bad = note(request.root, identity_number())
    taken = centre.push([request, bad, note(request.root)])
    assert statuses(taken) == ["ok", "private_number", "ok"] and taken.have == 3
    assert statuses(centre.push([bad], first=2)) == ["private_number"]
    assert statuses(centre.push([note(request.root)], first=4)) == ["ok"]


def test_a_txn_is_taken_or_refused_as_a_whole(centre: Centre) -> None:
    txn, request = new_id(), created()
    members = [note(request.root, txn=txn), note(request.root, identity_number(), txn=txn), note(request.root, txn=txn)]
    taken = centre.push([request, *members])
    assert statuses(taken) == ["ok", "txn", "private_number", "txn"]
    assert len(centre.log()) == 1


def test_a_role_without_the_right_is_refused(centre: Centre) -> None:
    analyst, author = centre.author("device-n", "analyst"), centre.author("device-s", "specialist")
    taken = centre.push([article()], scope="kb:main", author=analyst)
    assert statuses(taken) == ["right"]
    assert taken.answers[0]["args"] == {"entity": "article", "group": "version"}
    assert statuses(centre.push([article()], scope="kb:main", author=author)) == ["ok"]


def test_who_may_only_propose_an_article_writes_a_draft_and_flags_but_hands_nothing_in(centre: Centre) -> None:
    body = article()
    steps = [
        change("article", {"status": {"t": step, "to": to, "at": AT}}, entity_id=body.root)
        for step, to in (("submit", "in_review"), ("draft", "draft"), ("flag", "flagged"))
    ]
    word = change("article", {"reviewed": {"by": "legal", "result": "approved", "at": AT}}, entity_id=body.root)
    taken = centre.push([body, *steps, word], scope="kb:main")
    assert statuses(taken) == ["ok", "right", "ok", "lane.state", "right"]


def test_what_only_the_centre_writes_is_nobodys(centre: Centre) -> None:
    person = change("person", {"person": {"name": "x", "work_no": "1"}})
    assert statuses(centre.push([person], scope="site", author=centre.author("d", "admin"))) == ["right"]


def test_an_illegal_publication_is_refused_with_its_txn_and_folds_nothing(centre: Centre) -> None:
    author, txn = centre.author("device-q", "specialist", "qa_trainer"), new_id()
    body = article(txn=txn)
    retire = {"status": {"t": "retire", "to": "retired", "at": AT}}
    illegal = change("article", retire, entity_id=body.root, txn=txn)
    taken = centre.push([body, illegal], scope="kb:main", author=author)
    assert statuses(taken) == ["txn", "lane.state"]
    assert centre.conn.execute("SELECT count(*) FROM entity").fetchone() == (0,)
    again = [article(entity_id=body.root), imported := article(entity_id=body.root, imported=True)]
    publish = {"status": {"t": "publish", "to": "published", "current": imported.id, "at": AT}}
    again.append(change("article", publish, entity_id=body.root))
    assert statuses(centre.push(again, first=3, scope="kb:main", author=author)) == ["ok", "ok", "ok"]


def test_an_entity_of_another_scope_or_root_is_misshapen(centre: Centre) -> None:
    author = centre.author("device-q", "qa_trainer")
    assert statuses(centre.push([created()], scope="kb:main", author=author)) == ["shape"]
    one, two = created(), created()
    entry = note(one.root)
    moved = note(two.root, entity_id=entry.entity_id)
    assert statuses(centre.push([one, two, entry, moved])) == ["ok", "ok", "ok", "shape"]


@pytest.mark.parametrize(
    ("entity", "patch", "expected"),
    [
        ("request", {"order": {"order_no": CARD, "checked": True}}, "ok"),
        ("request", {"order": {"order_no": CARD, "checked": False}}, "private_number"),
        ("request", {"order": {"order_no": CARD, "checked": "yes"}}, "private_number"),
        ("request", {"reporter": {"customer_no": CARD, "customer_no_checked": True}}, "ok"),
        ("request", {"reporter": {"customer_name": CARD, "customer_no_checked": True}}, "private_number"),
        ("request", {"reporter": {"contact": "13800005678"}}, "ok"),
        ("request", {"tags": {CARD: True}}, "private_number"),
        ("request", {"description": "卡号６２２２" + CARD[4:8] + " " + CARD[8:]}, "private_number"),
        ("request", {"place": {"deep": [{"er": CARD}]}}, "private_number"),
        ("newer_thing", {"group": {"x": CARD}}, "private_number"),
        ("newer_thing", {"group": {"x": "kept raw"}}, "ok"),
    ],
)
def test_private_numbers_do_not_pass(centre: Centre, entity: str, patch: dict[str, Any], expected: str) -> None:
    request = created()
    entity_id = request.root if entity == "request" else None
    taken = centre.push([request, change(entity, patch, entity_id=entity_id, root=request.root)])
    assert statuses(taken) == ["ok", expected]


def test_bytes_that_are_not_canonical_are_no_push(centre: Centre) -> None:
    body = push_body(centre.epoch, [(1, 0, created().raw)])
    for wrong in (
        body.replace(b'":', b'": ', 1),
        body[:-1],
        body + b" ",
        body.replace(b'"adj":0', b'"adj":0.0'),
        body.replace(b'"adj":0,', b'"adj":0,"more":1,'),
        b"{}",
        b"[]",
        b"\xff",
        b'{"changes":' + b"[" * 100_000,
    ):
        with pytest.raises(Problem) as refused:
            read_batch(wrong, TEAM, centre.author(), REGISTRY)
        assert (refused.value.status, refused.value.code) == (400, "not_canonical"), wrong[:80]


def test_counters_and_txns_must_stand_in_order(centre: Centre) -> None:
    txn, request = new_id(), created()
    torn = [note(request.root, txn=txn), note(request.root), note(request.root, txn=txn)]
    bodies: list[tuple[str, list[tuple[int, Change]]]] = [
        ("counters", []),
        ("counters", [(0, request)]),
        ("counters", [(1, request), (3, note(request.root))]),
        ("txn_torn", list(enumerate(torn, 1))),
    ]
    for code, items in bodies:
        with pytest.raises(Problem, match=code):
            body = push_body(centre.epoch, [(ctr, 0, one.raw) for ctr, one in items])
            read_batch(body, TEAM, centre.author(), REGISTRY)


def test_too_many_changes_are_too_large(centre: Centre) -> None:
    request = created()
    body = push_body(centre.epoch, [(ctr, 0, note(request.root).raw) for ctr in range(1, 502)])
    with pytest.raises(Problem) as refused:
        read_batch(body, TEAM, centre.author(), REGISTRY)
    assert (refused.value.status, refused.value.code) == (413, "too_large")


def test_a_txn_larger_than_a_use_case_is_refused(centre: Centre) -> None:
    txn, request = new_id(), created()
    taken = centre.push([request, *(note(request.root, txn=txn) for _ in range(101))])
    assert statuses(taken) == ["ok", *["shape"] * 101]


def test_a_repairing_scope_sends_pushes_away(centre: Centre) -> None:
    centre.push([created()])
    centre.conn.execute("UPDATE scope_head SET state='repairing'")
    with pytest.raises(Problem) as refused:
        centre.push([created()], first=2)
    assert (refused.value.status, refused.value.code, refused.value.retry_after) == (503, "repairing", 30)


# -- merge time and verdicts (2.5, 2.15) ------------------------------------------------------------------------------


def test_the_merge_time_is_capped_lifted_and_never_runs_backwards(centre: Centre) -> None:
    day = 24 * 3600 * 1000
    ahead = created(hlc=hlc_at(NOW_MS + day))
    assert eff_of(centre.push([ahead])) == hlc_at(NOW_MS), "a clock ahead is capped by now"
    author = centre.author("device-b")
    behind = created(hlc=hlc_at(NOW_MS - day))
    assert eff_of(centre.push([behind], author=author, adj=day - 1000)) == hlc_at(NOW_MS - 1000), "lifted by adj"
    earlier = note(behind.root, hlc=hlc_at(NOW_MS - 2 * day))
    assert eff_of(centre.push([earlier], first=2, author=author)) == hlc_at(NOW_MS - 1000), "own order is kept"
    absurd = note(behind.root, hlc=0)
    assert eff_of(centre.push([absurd], first=3, author=author, adj=-(2**53))) == hlc_at(NOW_MS - 1000)


def test_of_two_desks_the_second_cancel_is_a_proposal_and_its_facts_stay(centre: Centre) -> None:
    request = created()
    contact = change("contact", {"opened": {"channel": "online", "direction": "in", "at": AT}}, root=request.root)
    drafted = {"t": "T1", "to": "DRAFT", "at": AT, "owner": "person-of-device-a"}
    first = change("request", {"flow": drafted}, entity_id=request.root, base={"flow": []})
    channel = change("request", {"channel": {"channel": "online"}}, entity_id=request.root)
    both = centre.author("device-a", "supervisor", "rep")
    taken = centre.push([request, contact, channel, first], author=both)
    assert [answer["verdict"] for answer in taken.answers] == ["applied"] * 4
    cancel = {"t": "T20", "to": "CANCELLED", "at": AT, "why": "duplicate"}

    def cancelled() -> Change:
        return change("request", {"flow": cancel}, entity_id=request.root, base={"flow": [first.id]})

    one = centre.push([cancelled()], first=5, author=both)
    two = centre.push([cancelled()], author=centre.author("device-b", "supervisor"))
    assert [t.answers[0]["verdict"] for t in (one, two)] == ["applied", "proposal"]


def test_work_from_before_the_membership_is_a_proposal(centre: Centre) -> None:
    request = created()
    drafted = {"t": "T1", "to": "DRAFT", "at": AT, "owner": "x"}
    flow = change("request", {"flow": drafted, "channel": {"channel": "online"}}, entity_id=request.root)
    late = centre.author("device-a", "rep", since=hlc_at(NOW_MS + 1))
    taken = centre.push([request, flow], author=late)
    assert [answer["verdict"] for answer in taken.answers] == ["applied", "proposal"]


def test_a_clock_that_jumped_after_the_work_was_written_does_not_take_its_rights_away(centre: Centre) -> None:
    request = created()
    drafted = {"t": "T1", "to": "DRAFT", "at": AT, "owner": "person-of-device-a"}
    contact = change("contact", {"opened": {"channel": "online", "direction": "in", "at": AT}}, root=request.root)
    channel = change("request", {"channel": {"channel": "online"}}, entity_id=request.root)
    flow = change("request", {"flow": drafted}, entity_id=request.root, base={"flow": []})
    joined = hlc_at(NOW_MS - 60_000)
    author = centre.author("device-a", "rep", since=joined)
    taken = centre.push([request, contact, channel, flow], author=author, adj=-24 * 60 * 60 * 1000)
    assert [answer["verdict"] for answer in taken.answers] == ["applied"] * 4
    assert eff_of(taken) == joined, "no device works before its person is a member"


def test_a_value_that_no_guard_can_read_is_a_proposal_not_a_crash(centre: Centre) -> None:
    request = created()
    hostile = {"category": {"category": ["x"], "also_complex": {}, "at": AT}, "reporter": {"contact": [1, {}]}}
    flow = {"t": "T1", "to": "DRAFT", "at": AT, "owner": {"a": 1}}
    changes = [
        request,
        change("request", hostile, entity_id=request.root),
        change("request", {"flow": flow}, entity_id=request.root, base={"flow": []}),
        note(request.root),
    ]
    assert set(statuses(centre.push(changes))) == {"ok"}
