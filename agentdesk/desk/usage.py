"""The figures about the knowledge base: what is searched, found, used and kept fresh (§6.6, CK-20, CK-21).

Citations, verdicts and articles are the team's; searches too, for days that the centre has counted, and beyond them
those of this desk. Run it in a worker: whole tables are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from agentdesk.changes import instant
from agentdesk.desk import article_review, suggestions
from agentdesk.desk.context import Desk
from agentdesk.desk.site_articles import Row
from agentdesk.desk.suggestions import Suggestion
from agentdesk.domain import usage
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.review_lane import FLAGGED
from agentdesk.domain.usage import ArticleFigures, Citing, Share, Tally, Term, Use, Week

PERIODS = (7, 30, 90)
"""Days that the screen shows, one after the other."""
MOST = 200
"""Lines of a table: the rest would not be read."""
_HISTORIES = "article:histories"


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of the days before `at`, and how many rows they were counted from."""

    at: datetime
    days: int
    searched: Tally
    counted_to: str
    """The last day of the team's that the centre counted; empty where only this desk's searches are known."""
    terms: tuple[Term, ...]
    unhit: tuple[Term, ...]
    articles: tuple[ArticleFigures, ...]
    """Every article that was used or is weak, the most used first."""
    resolution: Share
    """Requests resolved with citation and a verdict that is not dissatisfied, of all that cite an article."""
    timeliness: Share
    weeks: tuple[Week, ...]
    updated_at: datetime | None
    """The last time an article was created or revised (CK-20)."""
    fresh_until: datetime | None
    products: Share
    """Product articles reviewed in time (CK-21)."""
    waiting: tuple[Suggestion, ...]
    requests: int
    """Requests that cite an article."""
    bases: int
    """Articles of the site."""

    @property
    def since(self) -> datetime:
        """The beginning of the period."""
        return self.at - timedelta(days=self.days)

    @property
    def weak(self) -> tuple[ArticleFigures, ...]:
        """The weak articles, the worst first."""
        return tuple(usage.weakest(self.articles))

    @property
    def freshness(self) -> Share:
        """The weekly freshness."""
        return usage.freshness(self.weeks)

    @property
    def stale(self) -> bool:
        """Whether the base as a whole is overdue (CK-20)."""
        return self.fresh_until is not None and self.fresh_until < self.at


def report(desk: Desk, days: int) -> Report:
    """Count everything. Raises Refusal role.denied for who neither reads a team's figures nor writes articles."""
    if not suggestions.may_see(desk):
        raise Refusal("role.denied", area="kpi", right="V")
    at = desk.now()
    since = at - timedelta(days=days)
    searched, counted_to = _searched(desk, since)
    cited = _cited(desk, since)
    histories = desk.kept(_HISTORIES, lambda: list(_histories(desk)))
    updates = [moment for one in histories for moment in one.updates]
    last = max(updates, default=None)
    rows = article_review.every(desk)
    return Report(
        at=at,
        days=days,
        searched=searched,
        counted_to=counted_to,
        terms=tuple(usage.top(searched)[:MOST]),
        unhit=tuple(usage.in_vain(searched)[:MOST]),
        articles=tuple(_articles(desk, rows, searched, cited)),
        resolution=sum(usage.resolution_rates(_once(cited)).values(), Share()),
        timeliness=_timeliness(desk, histories, since, at),
        weeks=tuple(usage.weeks(updates, at, days)),
        updated_at=last,
        fresh_until=last + timedelta(seconds=desk.settings.seconds("kb.fresh")) if last else None,
        products=_products(rows),
        waiting=tuple(suggestions.waiting(desk)),
        requests=len(cited.requests),
        bases=len(histories),
    )


# -- searches ---------------------------------------------------------------------------------------------------------


def _searched(desk: Desk, since: datetime) -> tuple[Tally, str]:
    """What was searched: the team's days as the centre counted them, and what only this desk knows beyond; the last
    of those days, "" where there is none.
    """
    from agentdesk.store import usage as rows

    conn = desk.store.raw()
    found, last, counted = Tally(), "", 0
    for day, value in rows.stats(conn, usage.SEARCHES):
        last, counted = max(last, day), max(counted, int(value.get("upto") or 0))
        if day >= since.date().isoformat():
            found += usage.unpacked(value)
    own = usage.tally(
        usage.search_of(one.searched, one.inserted)
        for one in rows.searches(conn, counted)
        if instant(one.searched["at"]) >= since
    )
    return _masked(found + own), last


def _masked(found: Tally) -> Tally:
    """Contacts are masked where they are written; words of an older program may hold one."""
    return replace(found, terms={key: replace(one, words=mask_contacts(one.words)) for key, one in found.terms.items()})


# -- articles ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cited:
    """What was cited: by messages, how often; by requests, once each."""

    messages: Mapping[str, int]
    requests: Mapping[str, set[str]]
    outcomes: Mapping[str, tuple[bool, str]]


def _cited(desk: Desk, since: datetime) -> _Cited:
    from agentdesk.store import usage as rows

    messages: dict[str, int] = defaultdict(int)
    requests: dict[str, set[str]] = defaultdict(set)
    conn = desk.store.raw()
    for one in rows.citations(conn):
        if instant(one.at) >= since:
            messages[one.article] += int(one.message)
            requests[one.request].add(one.article)
    return _Cited(messages, requests, rows.outcomes(conn))


def _citing(cited: _Cited) -> Iterator[Citing]:
    for request, articles in cited.requests.items():
        resolved, verdict = cited.outcomes.get(request, (False, ""))
        yield from (Citing(article, resolved, verdict == "dissatisfied") for article in articles)


def _once(cited: _Cited) -> Iterator[Citing]:
    """Each request once, however many articles it cites."""
    for request in cited.requests:
        resolved, verdict = cited.outcomes.get(request, (False, ""))
        yield Citing("", resolved, verdict == "dissatisfied")


def _articles(desk: Desk, rows: Sequence[Row], searched: Tally, cited: _Cited) -> list[ArticleFigures]:
    """Every article that is used or weak; one that is no longer known here keeps no name."""
    rates = usage.resolution_rates(_citing(cited))
    least, percent = desk.settings.get("kb.weak_least"), desk.settings.get("kb.weak_percent")
    known = {row.id: row for row in rows}
    used = {*searched.articles, *cited.messages, *rates}
    wanted = used | {row.id for row in rows if row.overdue or row.stands == FLAGGED}
    found = []
    for article in wanted:
        row = known.get(article)
        if row is None or row.stands == "retired":
            continue
        use = searched.articles.get(article, Use()) + Use(cited=cited.messages.get(article, 0))
        figures = ArticleFigures(
            article, row.title, use, rates.get(article, Share()), row.overdue, row.stands == FLAGGED
        )
        found.append(usage.judged(figures, least, percent))
    return sorted(found, key=lambda one: (-one.use.total, one.title))


def _products(rows: Iterable[Row]) -> Share:
    products = [row for row in rows if row.kind == "product" and row.due is not None]
    return Share(sum(1 for row in products if not row.overdue), len(products))


# -- freshness --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _History:
    """When an article was put in force or confirmed, when with new words, and when it was taken out of force."""

    kind: str
    reviews: tuple[datetime, ...]
    updates: tuple[datetime, ...]
    ended: datetime | None


def _histories(desk: Desk) -> Iterator[_History]:
    from agentdesk.store import usage as rows

    for _, kind, trail in rows.article_lanes(desk.store.raw()):
        steps = [step for step in trail if step.get("actor")]  # without an actor it ships with the program
        if steps:
            yield _history(kind, steps)


def _history(kind: str, steps: Iterable[Mapping[str, Any]]) -> _History:
    reviews: list[datetime] = []
    updates: list[datetime] = []
    ended: datetime | None = None
    current = None
    for step in steps:
        at = instant(str(step["at"]))
        if step["t"] == "publish":
            reviews.append(at)
            if step.get("current") != current:
                updates.append(at)
            current, ended = step.get("current"), None
        elif step["t"] == "retire":
            ended = at
    return _History(kind, tuple(reviews), tuple(updates), ended)


def _timeliness(desk: Desk, histories: Iterable[_History], since: datetime, until: datetime) -> Share:
    other, product = (timedelta(seconds=desk.settings.seconds(f"kb.review.{kind}")) for kind in ("other", "product"))
    found = Share()
    for one in histories:
        step = product if one.kind == "product" else other
        found += usage.timeliness(one.reviews, one.ended, step, since, until)
    return found
