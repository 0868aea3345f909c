"""One version of a policy in force at any instant: never two, never none, whatever order approvals came in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.changes import Attempt, Change, EntityState, Stamp, fold
from agentdesk.changes.judge import illegal, judge
from agentdesk.domain import policies
from agentdesk.domain.facts import RequestFacts
from agentdesk.domain.policies import Approved, Term, following, in_force, terms
from agentdesk.domain.records import PUBLISHING_LANE, REGISTRY

ZERO = datetime(2026, 10, 1, tzinfo=timezone(timedelta(hours=8)))


def hour(number: float) -> datetime:
    return ZERO + timedelta(hours=number)


instants = st.integers(0, 60).map(hour)


@st.composite
def approvals(draw: st.DrawFn) -> list[Approved]:
    made = draw(st.lists(st.tuples(instants, st.none() | instants), min_size=1, max_size=8))
    return [Approved(f"v{order}", order, start, end) for order, (start, end) in enumerate(made)]


def holds(one: Approved, among: list[Approved], at: datetime) -> bool:
    """What the standard says, without terms: begun last of those that are not over, else begun last of all."""
    over = [other for other in among if other.end and other.end > other.start and other.end <= at]
    begun = [other for other in among if other.start <= at]
    wanted = [other for other in begun if other not in over] or begun
    return one in begun and one == max(wanted, key=lambda other: (other.start, other.order))


@given(approvals(), instants)
def test_exactly_one_is_in_force_after_the_first_start_and_none_before(made: list[Approved], at: datetime) -> None:
    now = in_force(terms(made), at)
    holding = [one.version for one in made if holds(one, made, at)]
    assert len(holding) == (1 if at >= min(one.start for one in made) else 0)
    assert ([now.version] if now else []) == holding


@given(approvals(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(made: list[Approved], random: Any) -> None:
    shuffled = list(made)
    random.shuffle(shuffled)
    assert terms(shuffled) == terms(made)


@given(approvals(), instants)
def test_what_comes_next_is_what_is_in_force_then_and_nothing_changes_before(
    made: list[Approved], at: datetime
) -> None:
    of = terms(made)
    starts = [term.start for term in of]
    assert starts == sorted(set(starts)) and all(one.version != two.version for one, two in pairwise(of))
    now, then = in_force(of, at), following(of, at)
    if then is not None:
        assert in_force(of, then.start) == then
        assert in_force(of, then.start - timedelta(milliseconds=1)) == now


def test_a_temporary_version_gives_way_to_the_one_before_and_the_last_one_never_leaves_a_gap() -> None:
    made = [Approved("standing", 0, hour(0), hour(30)), Approved("holiday", 1, hour(10), hour(20))]
    assert terms(made) == (
        Term("standing", hour(0)),
        Term("holiday", hour(10)),
        Term("standing", hour(20)),
        Term("holiday", hour(30)),
    )


def test_of_two_that_begin_at_once_the_one_approved_last_counts() -> None:
    assert terms([Approved("two", 1, hour(5)), Approved("one", 0, hour(5))]) == (Term("two", hour(5)),)


# -- of an article ----------------------------------------------------------------------------------------------------


class Article:
    """A policy as its facts are folded, one at a time."""

    def __init__(self, kind: str = "policy") -> None:
        self.kind = kind
        self.state: EntityState | None = None
        self._made = 0

    def fold(self, patch: dict[str, Any]) -> str:
        self._made += 1
        change = Change.make(
            id=f"01a21cdf-0000-7000-8000-{self._made:012d}",
            hlc=self._made,
            root="article",
            txn=f"01a21cdf-0000-7000-8001-{self._made:012d}",
            entity="article",
            entity_id="article",
            patch=patch,
            base={},
            rules_v="1",
            v=REGISTRY.version,
        )
        self.state = fold(self.state, change, Stamp(self._made, self._made, "author"), "kb:main", REGISTRY)
        return change.id

    def version(self, at: datetime, start: datetime | None, tags: dict[str, bool] | None = None) -> str:
        value = {"kind": self.kind, "title": "t", "at": at.isoformat()}
        value["effective_from"] = start.isoformat() if start else ""
        return self.fold({"version": value, **({"tags": tags} if tags else {})})

    def step(self, t: str, at: datetime, current: str = "") -> None:
        to = {"publish": "published", "retire": "retired"}[t]
        self.fold({"status": {"t": t, "to": to, "at": at.isoformat(), **({"current": current} if current else {})}})

    def notice(self, version: str, at: datetime) -> None:
        self.fold({"notice": {"version": version, "at": at.isoformat()}})

    def terms(self) -> tuple[Term, ...]:
        assert self.state is not None
        return terms(policies.approvals(self.state))

    def refused(self, current: str, at: datetime, **more: Any) -> list[str]:
        return self.illegal("publish", {"to": "published", "current": current, **more}, at, "legal")

    def illegal(self, t: str, value: dict[str, Any], at: datetime, role: str) -> list[str]:
        assert self.state is not None
        attempt = Attempt(t, value, "x", frozenset([role]), at, "article")
        lane = policies.announced_lane(PUBLISHING_LANE)
        return list(illegal(lane, self.state.lane("status"), attempt, RequestFacts([self.state])))


def test_a_version_counts_once_it_is_approved_and_never_before_that() -> None:
    article = Article()
    first = article.version(hour(0), hour(0))
    article.step("publish", hour(1), first)
    proposed = article.version(hour(2), hour(3))
    assert article.terms() == (Term(first, hour(1)),)
    article.step("publish", hour(4), proposed)
    assert article.terms() == (Term(first, hour(1)), Term(proposed, hour(4)))
    article.step("publish", hour(6), first)
    assert article.terms()[-1] == Term(first, hour(6)), "what is put back holds from then on"
    article.step("retire", hour(7))
    assert article.terms() == ()


def test_an_approval_that_names_no_version_means_the_latest_one_written_by_then() -> None:
    article = Article()
    first = article.version(hour(0), None)
    article.step("publish", hour(1))
    article.version(hour(2), None)
    assert article.terms() == (Term(first, hour(1)),)


def test_versions_are_numbered_by_their_tag_or_one_on() -> None:
    article = Article()
    first = article.version(hour(0), None, {"v3": True})
    article.step("publish", hour(0), first)
    second = article.version(hour(1), None)
    article.step("publish", hour(1), second)
    third = article.version(hour(2), None, {"v3": False, "v7": True})
    article.step("publish", hour(2), third)
    assert article.state is not None and policies.numbers(article.state) == {first: 3, second: 4, third: 7}


def test_a_change_of_what_is_in_force_wants_a_notice_72_hours_ahead() -> None:
    article = Article()
    first = article.version(hour(0), None)
    assert article.refused(first, hour(0)) == [], "the first version changes nothing"
    article.step("publish", hour(0), first)
    changed = article.version(hour(1), hour(80))
    assert article.refused(changed, hour(2)) == ["notice"]
    assert article.refused(changed, hour(2), why="监管要求当天执行") == ["notice"]
    article.notice(first, hour(1))
    article.notice(changed, hour(8.1))
    assert article.refused(changed, hour(9)) == ["notice"], "six minutes short of 72 hours"
    article.notice(changed, hour(8))
    assert article.refused(changed, hour(9)) == []
    assert article.refused(first, hour(9)) == [], "to approve once more what is in force changes nothing"


def test_a_manager_waives_the_notice_of_one_version_with_a_reason() -> None:
    article = Article()
    first = article.version(hour(0), None)
    article.step("publish", hour(0), first)
    changed, other = article.version(hour(1), None), article.version(hour(1), None)
    waiver = {"to": "published", "waived": changed, "why": "监管要求当天执行"}
    assert article.illegal("waive", waiver, hour(2), "legal") == ["role"]
    assert article.illegal("waive", {**waiver, "why": " "}, hour(2), "manager") == ["why"]
    assert article.illegal("waive", {**waiver, "waived": "none"}, hour(2), "manager") == ["version"]
    assert article.illegal("waive", waiver, hour(2), "manager") == []
    article.fold({"status": {"t": "waive", "at": hour(2).isoformat(), **waiver}})
    assert article.refused(changed, hour(3)) == [] and article.refused(other, hour(3)) == ["notice"]
    assert article.terms() == (Term(first, hour(0)),), "a waiver puts nothing in force"


def test_an_announced_version_is_recalled_before_it_holds_and_may_be_approved_again() -> None:
    article = Article()
    first = article.version(hour(0), None)
    article.step("publish", hour(0), first)
    changed = article.version(hour(1), hour(80))
    article.step("publish", hour(2), changed)
    recall = {"to": "published", "recalled": changed, "current": first, "why": "方案取消"}
    assert article.illegal("recall", {**recall, "why": " "}, hour(3), "supervisor") == ["why"]
    assert article.illegal("recall", {**recall, "recalled": first}, hour(3), "supervisor") == ["version"]
    assert article.illegal("recall", {**recall, "current": changed}, hour(3), "supervisor") == ["version"]
    assert article.illegal("recall", recall, hour(80), "supervisor") == ["version"], "it holds by then"
    assert article.illegal("recall", recall, hour(79.9), "supervisor") == []
    article.fold({"status": {"t": "recall", "at": hour(3).isoformat(), **recall}})
    assert article.terms() == (Term(first, hour(0)),)
    assert article.state is not None
    assert policies.recalls(article.state) == {changed: policies.Recalled(changed, hour(3), "方案取消")}
    article.step("publish", hour(4), changed)
    assert article.terms() == (Term(first, hour(0)), Term(changed, hour(80)))
    assert policies.recalls(article.state) == {}


def test_each_recall_stays_one_and_no_other_version_gets_its_number() -> None:
    article = Article()
    first = article.version(hour(0), None)
    article.step("publish", hour(0), first)
    second, third = article.version(hour(1), hour(80)), article.version(hour(1), hour(90))
    article.step("publish", hour(2), second)
    article.step("publish", hour(2), third)
    for version in (second, third):
        recall = {"to": "published", "recalled": version, "current": first, "why": "方案取消"}
        article.fold({"status": {"t": "recall", "at": hour(3).isoformat(), **recall}})
    assert article.state is not None and article.terms() == (Term(first, hour(0)),)
    assert list(policies.recalls(article.state)) == [second, third]
    assert policies.numbers(article.state) == {first: 1, second: 2, third: 3}


def test_a_recall_that_reaches_the_centre_after_the_start_comes_too_late() -> None:
    article = Article()
    first = article.version(hour(0), None)
    article.step("publish", hour(0), first)
    changed = article.version(hour(1), hour(80))
    article.step("publish", hour(2), changed)
    recall = {"t": "recall", "to": "published", "recalled": changed, "current": first, "why": "方案取消"}
    value = {**recall, "at": hour(79).isoformat()}

    def ruled(received: datetime) -> str:
        lane = policies.announced_lane(PUBLISHING_LANE)
        state = article.state
        assert state is not None
        head = [str((state.lane("status") or {})["head"])]
        facts, roles = RequestFacts([state]), frozenset(["supervisor"])
        return judge(
            lane, state, "status", value, head, facts, actor="x", roles=roles, entity_id="article", received=received
        ).verdict

    assert ruled(hour(79.5)) == "applied"
    assert ruled(hour(81)) != "applied"


def test_what_is_no_policy_wants_no_notice() -> None:
    article = Article("faq")
    first = article.version(hour(0), None)
    article.step("publish", hour(0), first)
    assert article.refused(article.version(hour(1), None), hour(1)) == []
    assert article.state is not None and not policies.is_policy(article.state)
