"""Policies at the desk (standard §6.3): what is in force, what is announced or recalled, who has read of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agentdesk.changes import Event
from agentdesk.desk import forms, library, own_phrases, reading
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.permission import require
from agentdesk.desk.policy_terms import Edition, Policy, edition, known, overtaken
from agentdesk.desk.review import RETURNED
from agentdesk.desk.views import Hit, Person
from agentdesk.domain import policies
from agentdesk.domain.policies import Term
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may, may_write
from agentdesk.domain.vocabulary import SCENARIO_STEPS

KEPT_ACKS = "policy_ack"
"""What is kept is named by the entity whose writing ends it."""
MAX_TEXT = 2_000
"""Characters of one text of a notice."""
MAX_TOPICS = 10
AREA, KB_AREA = "policy_notice", "kb_article"
_RECALL = "recalled:"
_TOLD_ON = timedelta(days=14)
"""How long after its day a recall is told."""
_LAST = 1 << 20
"""The place of a notice among the phrases of the pack."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_COMMAS = re.compile(r"[,\uff0c\u3001;\uff1b]")


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice of a change: told when, for which version, from when that holds, and its two texts."""

    id: str
    article: str
    version: str
    title: str
    number: int
    at: datetime
    start: datetime
    internal_text: str
    customer_text: str
    topics: tuple[str, ...] = ()
    read: bool = False
    """Whether this person has acknowledged it."""
    recalled: bool = False
    """Whether it says that the change will not come; the text for agents is the reason then."""

    @property
    def key(self) -> tuple[str, str]:
        """What an acknowledgement names: the policy and its version, or that version's recall."""
        return self.article, _RECALL + self.version if self.recalled else self.version


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A policy now: the version in force (None: the first one is only announced), the next one, older ones, notices."""

    id: str
    source_id: str
    now: Edition | None
    next: Edition | None
    earlier: tuple[Edition, ...]
    notices: tuple[Notice, ...]
    may_quote: bool
    proposed: Edition | None = None
    """A version that was written and that nobody has approved yet."""

    @property
    def shown(self) -> Edition:
        """The version that its line names."""
        found = self.now or self.next
        assert found is not None  # an article without any version that holds some day is no policy
        return found

    @property
    def announced_next(self) -> Edition | None:
        """The version of which a notice can be given."""
        return self.proposed or self.next

    @property
    def unread(self) -> tuple[Notice, ...]:
        """The notices that this person has still to acknowledge."""
        return tuple(one for one in self.notices if not one.read)

    @property
    def hit(self) -> Hit | None:
        """The version in force as a search finds it, to be cited."""
        if self.now is None:
            return None
        return Hit(
            id=self.id,
            source_id=self.source_id,
            version=self.now.version,
            kind=policies.POLICY,
            title=self.now.title,
            snippet="",
            plain_summary=self.now.plain_summary,
            score=0.0,
            may_quote=self.may_quote,
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of the team's agents acknowledged a notice before its version took force (M-49)."""

    notice: Notice
    acknowledged: int
    agents: int
    missing: tuple[Person, ...]


# -- what is in force -------------------------------------------------------------------------------------------------


def listing(desk: Desk) -> list[PolicyView]:
    """All policies, those with a notice to acknowledge first, then by title."""
    library.take_over(desk)
    at = desk.now()
    gone = overtaken(desk)
    found = [_view(desk, one, at) for one in known(desk).values() if one.id not in gone and _kept_on(one, at)]
    return sorted(found, key=lambda one: (not one.unread, one.shown.title))


def _kept_on(one: Policy, at: datetime) -> bool:
    """Whether there is a version to show, and not the word that the site wants none."""
    now = policies.in_force(one.terms, at)
    return bool(one.terms) and not (now is not None and one.editions[now.version].value.get("withdrawn"))


def _view(desk: Desk, one: Policy, at: datetime) -> PolicyView:
    now, then = policies.in_force(one.terms, at), policies.following(one.terms, at)
    over = [term for term in one.terms if term.start <= at and term != now]
    shown = one.editions[(now or then or one.terms[-1]).version]
    return PolicyView(
        id=one.id,
        source_id=str(shown.value.get("source_id") or ""),
        now=edition(desk, one, now),
        next=edition(desk, one, then),
        earlier=tuple(old for term in reversed(over) if (old := edition(desk, one, term))),
        notices=tuple(_notices(desk, one, at)),
        may_quote=shown.value.get("audience") == "may_quote",
        proposed=edition(desk, one, Term(one.proposed, one.starts.get(one.proposed, at)) if one.proposed else None),
    )


# -- notices ----------------------------------------------------------------------------------------------------------


def _notices(desk: Desk, one: Policy, at: datetime) -> Iterator[Notice]:
    """The latest notice of each version that takes force, or is in force; one that came to nothing is over.

    That a change will not come stands longer than until its day: who was off duty then has to hear of it, too.
    """
    now = policies.in_force(one.terms, at)
    latest = {str(event.value["version"]): event for event in one.told}
    for version, event in latest.items():
        start, back = one.starts.get(version, event.at), one.recalled.get(version)
        told_until = max(start, back.at) + _TOLD_ON if back is not None else start
        if told_until > at or (now is not None and now.version == version):
            yield _read_by_me(desk, _notice(one, event, start))


def _notice(one: Policy, event: Event, start: datetime) -> Notice:
    version, value = str(event.value["version"]), event.value
    told = Notice(
        id=event.id,
        article=one.id,
        version=version,
        title=str(one.editions[version].value.get("title") or ""),
        number=one.number(version),
        at=event.at,
        start=start,
        internal_text=str(value.get("internal_text") or ""),
        customer_text=str(value.get("customer_text") or ""),
        topics=tuple(map(str, value.get("topics") or ())),
    )
    back = one.recalled.get(version)
    if back is None:
        return told
    return replace(told, at=back.at, internal_text=back.why, customer_text="", recalled=True)


def _read_by_me(desk: Desk, notice: Notice) -> Notice:
    return replace(notice, read=desk.me.person_id in _acks(desk).get(notice.key, {}))


def notices(desk: Desk) -> list[Notice]:
    """The notices that stand, those that take force soonest first."""
    at = desk.now()
    found = [notice for one in known(desk).values() for notice in _notices(desk, one, at)]
    return sorted(found, key=lambda notice: (notice.start, notice.title))


def phrases(desk: Desk) -> dict[str, Published]:
    """The customer texts of the notices that stand, as phrases that explain a policy."""
    told = [notice for notice in notices(desk) if notice.customer_text]
    return {notice.id: _phrase(notice) for notice in told if "{" not in notice.customer_text}


def _phrase(notice: Notice) -> Published:
    language = "zh-CN" if _HAN.search(notice.customer_text) else "en"
    value = {
        "code": f"policy.v{notice.number}",
        "scenario": "policy_explain",
        "step": SCENARIO_STEPS["policy_explain"],
        "title": {language: notice.title},
        "body": {language: notice.customer_text},
    }
    return Published(notice.id, notice.id, value, notice.topics, (), notice.at, _LAST)


def count_unread(desk: Desk) -> int:
    """How many notices this person has still to acknowledge."""
    return sum(not notice.read for notice in notices(desk))


def acknowledge(desk: Desk, notice: Notice) -> None:
    """Say that this person has read a notice; a second time says no more."""
    if desk.me.person_id in _acks(desk).get(notice.key, {}):
        return
    with desk.journal.transaction() as txn:
        ack = txn.new_id()
        policy, version = notice.key
        value = {"policy": policy, "version": version, "at": txn.now()}
        txn.write("policy_ack", ack, root=ack, patch={"acked": value})


def _acks(desk: Desk) -> dict[tuple[str, str], dict[str, datetime]]:
    """(policy, version) -> person -> when they first acknowledged it."""
    return desk.kept(KEPT_ACKS, lambda: _load_acks(desk))


def _load_acks(desk: Desk) -> dict[tuple[str, str], dict[str, datetime]]:
    from agentdesk.store import entities

    found: dict[tuple[str, str], dict[str, datetime]] = {}
    with desk.store.read() as conn:
        events = [
            (state.author, event) for state in entities.each(conn, "policy_ack") for event in state.events("acked")
        ]
    for author, event in sorted(events, key=lambda one: one[1].at):
        key = (str(event.value.get("policy")), str(event.value.get("version")))
        found.setdefault(key, {}).setdefault(author, event.at)
    return found


def may_see_rates(desk: Desk) -> bool:
    """Whether the person answers for the team's figures."""
    return may(desk.me.roles, "kpi", "V", own=False)


def rates(desk: Desk) -> list[Rate]:
    """Of each notice that stands, how many of the team acknowledged it before its version took force.

    Raises Refusal role.denied for who sees only their own figures.
    """
    if not may_see_rates(desk):
        raise Refusal("role.denied", area="kpi", right="V")
    agents = _agents(desk)
    found = []
    for notice in notices(desk):
        read = {who for who, at in _acks(desk).get(notice.key, {}).items() if at < notice.start}
        missing = tuple(desk.person(one) for one in sorted(agents - read))
        found.append(Rate(notice, len(agents & read), len(agents), missing))
    return found


def _agents(desk: Desk) -> set[str]:
    """Who serves customers in this team now: representatives, specialists and who leads them."""
    from agentdesk.store import queries

    at = desk.now()
    return {
        person
        for person, role, since, until in queries.members(desk.store.raw())
        if role in ("rep", "specialist", "super_agent", "tech", "supervisor")
        and (reading.when(since) or at) <= at
        and (reading.when(until) or at) >= at
    } or {desk.me.person_id}


def may_announce(desk: Desk) -> bool:
    """Whether the person may give notice of a policy's change."""
    return may_write(desk.me.roles, "article", "notice")


def give_notice(
    desk: Desk,
    article_id: str,
    version: str,
    internal_text: str,
    customer_text: str,
    topics: Sequence[str] = (),
) -> None:
    """Announce a version of a policy with a text for agents and one for customers.

    Raises Refusal: role.denied, policy.unknown, text.empty, text.too_long (length, limit), phrase.blocked (findings,
    rules) where no reply may say the text for customers.
    """
    if not may_announce(desk):
        require(desk.me.roles, AREA, "C")
    texts = [_text(text) for text in (internal_text, customer_text)]
    if blocked := [one for one in own_phrases.findings(desk, "", texts[1]) if one.severity == "block"]:
        raise Refusal("phrase.blocked", findings=tuple(blocked), rules=own_phrases.rule_names(blocked))
    subjects = [topic for one in topics[:MAX_TOPICS] if (topic := forms.kept(one)[:40])]
    with desk.journal.transaction() as txn:
        state = txn.state("article", article_id)
        if state is None or version not in state.values.get("version", {}):
            raise Refusal("policy.unknown", id=article_id)
        value = {"version": version, "internal_text": texts[0], "customer_text": texts[1], "topics": subjects}
        txn.write("article", article_id, root=article_id, patch={"notice": {**value, "at": txn.now()}})


def waive(desk: Desk, article_id: str, version: str, why: str) -> None:
    """Let a version take force without a notice 72 hours ahead, with a reason that everybody can read: a manager's.

    Raises Refusal: flow.role, flow.why, flow.version, flow.state.
    """
    with desk.journal.transaction() as txn:
        txn.transition("article", article_id, "status", "waive", {policies.WAIVED: version, "why": forms.kept(why)})


def recall(desk: Desk, article_id: str, version: str, why: str) -> None:
    """Take back an announced version that does not hold yet, with a reason: what is in force stays.

    Raises Refusal: role.denied, flow.why, flow.state, policy.not_announced (title).
    """
    require(desk.me.roles, KB_AREA, "A")
    at = desk.now()
    one = known(desk).get(article_id)
    now = policies.in_force(one.terms, at) if one is not None else None
    if one is None or now is None or version not in one.coming(at):
        raise Refusal("policy.not_announced")
    value = {policies.RECALLED: version, "current": now.version, RETURNED: version, "why": forms.kept(why)}
    with desk.journal.transaction() as txn:
        txn.transition("article", article_id, "status", "recall", value)


def topics_of(typed: str) -> list[str]:
    """The topics of a notice as typed in one line."""
    return [topic for part in _COMMAS.split(typed) if (topic := part.strip())]


def _text(text: str) -> str:
    cleaned = forms.kept(text)
    if not cleaned:
        raise Refusal("text.empty")
    if len(cleaned) > MAX_TEXT:
        raise Refusal("text.too_long", length=len(cleaned), limit=MAX_TEXT)
    return cleaned


# -- the age of the copy ----------------------------------------------------------------------------------------------


def copy_age(desk: Desk) -> timedelta | None:
    """How old the copy of the policies is, where that is older than may be; None for a desk that answers to nobody."""
    from agentdesk.store import queries

    last = reading.when(queries.last_exchange(desk.store.raw()))
    if not desk.me.joined or last is None:
        return None
    age = desk.now() - last
    return age if age > timedelta(seconds=desk.settings.seconds("policy.stale_after")) else None
