"""Author is never approver: the centre says so itself, whatever the desk that sends the step knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentdesk.changes import Change, new_id
from agentdesk.desk import rules, setup
from agentdesk.desk.context import Desk, open_desk
from agentdesk.domain.refusal import Refusal
from agentdesk.store.exchange import Exchange
from agentdesk.sync.exchange import sync_once
from agentdesk.sync.join import join
from tests.sync.centres import CentreProcess
from tests.sync.joined_desks import Make, sync, words
from tests.sync.pushes import AT, Centre, change, statuses
from tests.unit.desk.test_rules import SOURCE

SITE = "site"


@pytest.fixture
def centre_tables(tmp_path: Path) -> Iterator[Centre]:
    made = Centre(tmp_path / "centre")
    yield made
    made.conn.close()


VALUES: dict[str, dict[str, Any]] = {
    "lexicon_rule": {"rule": {"id": "X"}, "effective_from": AT, "at": AT},
    "phrase": {"code": "x", "body": {"zh-CN": "好的"}, "effective_from": AT, "at": AT},
}


@pytest.fixture(params=VALUES)
def kind(request: pytest.FixtureRequest) -> str:
    """What a site writes for everybody walks one way."""
    return str(request.param)


def version(kind: str, *, withdrawn: bool = False, **more: Any) -> Change:
    value = VALUES[kind] | ({"withdrawn": True} if withdrawn else {})
    return change(kind, {"version": value}, **more)


def step(rule: Change, t: str, to: str, *, base: list[str] | None = None, **value: Any) -> Change:
    patch = {"status": {"t": t, "to": to, "at": AT, **value}}
    based = {"status": base} if base else None
    return change(rule.entity, patch, entity_id=rule.entity_id, root=rule.root, base=based)


class Log:
    """The site's log of one centre, with counters for each device."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._last: dict[str, int] = {}

    def push(self, device: str, *changes: Change, role: str = "supervisor") -> list[str]:
        first = self._last.get(device, 0) + 1
        self._last[device] = first + len(changes) - 1
        author = self._centre.author(device, role)
        return statuses(self._centre.push(list(changes), first=first, author=author, scope=SITE))


@pytest.fixture
def log(centre_tables: Centre) -> Log:
    return Log(centre_tables)


def test_who_wrote_a_version_cannot_put_it_in_force_and_another_can(log: Log, kind: str) -> None:
    rule = version(kind)
    draft = step(rule, "draft", "draft")
    assert log.push("a", rule, draft) == ["ok", "ok"]
    published = {"base": [draft.id], "current": rule.id}
    assert log.push("a", step(rule, "publish", "published", **published)) == ["lane.own"]
    assert log.push("b", step(rule, "publish", "published", **published)) == ["ok"]


def test_a_step_that_names_no_version_that_is_there_puts_nothing_in_force(log: Log, kind: str) -> None:
    rule, other = version(kind), version(kind)
    draft = step(rule, "draft", "draft")
    assert log.push("a", rule, draft, other) == ["ok", "ok", "ok"]
    for named in ({}, {"current": new_id()}, {"current": other.id}, {"current": None}, {"current": [rule.id]}):
        assert log.push("b", step(rule, "publish", "published", base=[draft.id], **named)) == ["lane.version"]


def test_a_version_and_its_approval_in_one_change_or_txn_do_not_pass(log: Log, kind: str) -> None:
    id_ = new_id()
    both = {"version": VALUES[kind], "status": {"t": "publish", "to": "published", "at": AT, "current": id_}}
    assert log.push("a", change(kind, both, id=id_)) == ["lane.version"]
    rule = version(kind, txn=(txn := new_id()))
    patch = {"status": {"t": "publish", "to": "published", "at": AT, "current": rule.id}}
    own = change(kind, patch, entity_id=rule.entity_id, root=rule.root, txn=txn)
    assert log.push("a", rule, own) == ["txn", "lane.own"]


def test_the_author_of_the_new_version_may_put_back_the_old_one_of_another(log: Log, kind: str) -> None:
    first = version(kind)
    draft = step(first, "draft", "draft")
    assert log.push("a", first, draft) == ["ok", "ok"]
    publish = step(first, "publish", "published", base=[draft.id], current=first.id)
    second = version(kind, entity_id=first.entity_id, root=first.root)
    assert log.push("b", publish, second) == ["ok", "ok"]
    third = step(first, "publish", "published", base=[publish.id], current=second.id)
    assert log.push("b", third) == ["lane.own"]
    third = step(first, "publish", "published", base=[publish.id], current=second.id)
    assert log.push("a", third) == ["ok"]
    assert log.push("b", step(first, "publish", "published", base=[third.id], current=first.id)) == ["ok"]


def test_what_counts_may_be_named_again_by_its_author_but_not_once_it_was_retired(log: Log, kind: str) -> None:
    rule = version(kind)
    draft = step(rule, "draft", "draft")
    assert log.push("a", rule, draft) == ["ok", "ok"]
    publish = step(rule, "publish", "published", base=[draft.id], current=rule.id)
    assert log.push("b", publish) == ["ok"]
    again = step(rule, "publish", "published", base=[publish.id], current=rule.id, returned=new_id())
    assert log.push("a", again) == ["ok"]
    retire = step(rule, "retire", "retired", base=[again.id], why="误报")
    assert log.push("b", retire) == ["ok"]
    assert log.push("a", step(rule, "publish", "published", base=[retire.id], current=rule.id)) == ["lane.own"]
    assert log.push("b", step(rule, "publish", "published", base=[retire.id], current=rule.id)) == ["ok"]


def test_who_approves_takes_a_shipped_phrase_away_alone_but_a_rule_that_says_so_waits(log: Log, kind: str) -> None:
    found = version(kind, withdrawn=True)
    assert log.push("a", found) == ["ok"]
    taken = step(found, "publish", "published", current=found.id)
    assert log.push("a", taken) == (["ok"] if kind == "phrase" else ["lane.own"])
    other = version(kind, withdrawn=True)
    pushed = log.push("c", other, step(other, "publish", "published", current=other.id), role="specialist")
    assert pushed[-1] == "right"


def test_an_approver_without_the_right_is_still_refused(log: Log, kind: str) -> None:
    rule = version(kind)
    draft = step(rule, "draft", "draft")
    assert log.push("a", rule, draft) == ["ok", "ok"]
    published = step(rule, "publish", "published", base=[draft.id], current=rule.id)
    assert log.push("c", published, role="rep") == ["right"]


def test_a_desk_that_lets_its_author_approve_is_told_no_and_everybody_agrees(joined: Make) -> None:
    author, approver, rep = joined("张三", "supervisor"), joined("李四", "supervisor"), joined("王五", "rep")
    found = rules.propose(author, SOURCE)
    sync(author)
    with author.journal.transaction() as txn, pytest.raises(Refusal, match="flow.own"):
        txn.transition("lexicon_rule", found.entity_id, "status", "publish", {"current": found.versions[0].id})
    older_desk_approves(author, found.entity_id, found.versions[0].id)
    identity = author.journal.identity
    assert identity is not None
    sync_once(author.store, author.journal, identity)
    assert [(one.code, one.args["codes"]) for one in Exchange(author.journal).parked()] == [("lane.own", ["own"])]
    for desk in (approver, rep):
        sync(desk)
    for desk in (approver, rep, author):
        assert words(desk) == [] and rules.site_rule(desk, "FP-06.site").proposed is not None
    rules.approve(approver, "FP-06.site")
    for desk in (approver, rep):
        sync(desk)
    sync_once(author.store, author.journal, identity)
    assert words(author) == words(approver) == words(rep) == ["FP-06.site"]


def older_desk_approves(desk: Desk, entity_id: str, version_id: str, entity: str = "lexicon_rule") -> None:
    """Write the step as a desk does whose table of steps asks nothing of it."""
    with desk.journal.transaction() as txn:
        patch = {"status": {"t": "publish", "to": "published", "at": txn.now(), "current": version_id}}
        txn.write(entity, entity_id, root=entity_id, patch=patch)


def test_a_new_version_is_returned_while_the_old_one_counts_and_what_was_retired_comes_back(joined: Make) -> None:
    author, approver = joined("张三", "supervisor"), joined("李四", "supervisor")

    def both() -> None:
        for desk in (author, approver, author, approver):
            sync(desk)

    first = rules.propose(author, SOURCE).versions[0]
    both()
    rules.approve(approver, "FP-06.site")
    both()
    rules.propose(approver, SOURCE.replace('"warn"', '"block"'))
    both()
    returned = rules.send_back(author, "FP-06.site", "还不用拦截")  # who wrote what is in force may return what is not
    assert returned.waiting
    both()
    for desk in (author, approver):
        found = rules.site_rule(desk, "FP-06.site")
        assert (found.state, found.proposed, found.why, found.waiting) == ("published", None, "还不用拦截", False)
        assert [one.severity for one in desk.linter.check("您这是瞎捣糨糊吧")] == ["warn"]
    rules.retire(approver, "FP-06.site", "误报太多")
    both()
    assert words(author) == []
    rules.put_back(approver, "FP-06.site", first.id)
    both()
    assert words(author) == words(approver) == ["FP-06.site"]


def test_what_a_person_alone_approved_waits_for_another_once_the_desk_has_joined(
    joined: Make, centre: CentreProcess, tmp_path: Path
) -> None:
    approver = joined("李四", "supervisor")
    alone = open_desk(tmp_path / "alone")
    try:
        setup.first_run(alone, "张三", "9001", "客服一组", "zh_CN")
        rules.propose(alone, SOURCE)
        rules.approve(alone, "FP-06.site")
        assert words(alone) == ["FP-06.site"], "who is alone has nobody to ask"
        join(alone.store, alone.journal, centre.url, centre.code(role="supervisor"))
        alone.forget("identity")
        identity = alone.journal.identity
        assert identity is not None
        sync_once(alone.store, alone.journal, identity)
        sync(approver)
        for desk in (alone, approver):
            assert words(desk) == [] and rules.site_rule(desk, "FP-06.site").proposed is not None
        rules.approve(approver, "FP-06.site")
        sync(approver)
        sync_once(alone.store, alone.journal, identity)
        assert words(alone) == words(approver) == ["FP-06.site"]
    finally:
        alone.close()
