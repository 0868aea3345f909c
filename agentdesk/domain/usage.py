"""How the knowledge base is searched, used and kept fresh: the metrics of §6.6 as pure functions (CK-20, CK-21).

Searches are counted into a `Tally`; tallies of several days or teams add up. A share of nothing has no rate: where
nothing was asked, "no data" is said and never 0 %.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from agentdesk.changes.skeleton import MARK
from agentdesk.text.clean import clean_line
from agentdesk.text.fold import folded

WEEK: Final = timedelta(days=7)
SEARCHES: Final = "kb_searches"
"""Key of the `stat` rows that count searches."""
PART: Final = 500
"""Terms, or articles, that one such row holds at most."""
SELDOM, UNHELPFUL, UNRESOLVED, FLAGGED, OVERDUE = "seldom", "unhelpful", "unresolved", "flagged", "overdue"
WEAKNESSES: Final = (UNHELPFUL, SELDOM, UNRESOLVED, FLAGGED, OVERDUE)
"""What makes an article weak, the worst first."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int = 0
    of: int = 0

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None where there is nothing to take a share of."""
        return self.part / self.of if self.of else None

    def __add__(self, other: Share) -> Share:
        """Both together."""
        return Share(self.part + other.part, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Search:
    """One search as it was meant: `hits` found, what was opened and put into a reply, whether it solved the matter."""

    words: str
    hits: int
    opened: str = ""
    inserted: str = ""
    solved: bool | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """What was searched for, and how that ended; `missed`: there were hits, and none of them was meant."""

    words: str
    searches: int = 0
    unhit: int = 0
    missed: int = 0
    solved: int = 0

    @property
    def in_vain(self) -> int:
        """How often nothing fitted."""
        return self.unhit + self.missed

    def __add__(self, other: Term) -> Term:
        """Both together, as the first one was written."""
        counts = (getattr(self, name) + getattr(other, name) for name in ("searches", "unhit", "missed", "solved"))
        return Term(self.words, *counts)


@dataclass(frozen=True, slots=True)
class Use:
    """How an article was used: opened from a search, put into a reply, cited in a message; and what was said of it."""

    opened: int = 0
    inserted: int = 0
    cited: int = 0
    helped: int = 0
    unhelpful: int = 0

    @property
    def total(self) -> int:
        """The use frequency of §6.6."""
        return self.opened + self.inserted + self.cited

    @property
    def answers(self) -> Share:
        """How often it solved the matter, of the times that somebody said."""
        return Share(self.helped, self.helped + self.unhelpful)

    def __add__(self, other: Use) -> Use:
        """Both together."""
        names = ("opened", "inserted", "cited", "helped", "unhelpful")
        return Use(*(getattr(self, name) + getattr(other, name) for name in names))


_T = TypeVar("_T", Term, Use)


@dataclass(frozen=True, slots=True)
class Tally:
    """Searches counted: by term (folded, so that both scripts meet), and by article."""

    terms: Mapping[str, Term] = field(default_factory=dict)
    articles: Mapping[str, Use] = field(default_factory=dict)

    @property
    def searches(self) -> int:
        """How many there were."""
        return sum(one.searches for one in self.terms.values())

    @property
    def zero_hits(self) -> Share:
        """The zero-hit rate."""
        return Share(sum(one.unhit for one in self.terms.values()), self.searches)

    @property
    def answers(self) -> Share:
        """How often a search solved the matter, of those of which somebody said so."""
        told = sum((one.answers for one in self.articles.values()), Share())
        return Share(told.part, told.of + sum(one.missed for one in self.terms.values()))

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(_added(self.terms, other.terms), _added(self.articles, other.articles))


def _added(one: Mapping[str, _T], other: Mapping[str, _T]) -> dict[str, _T]:
    found = dict(one)
    for key, value in other.items():
        found[key] = found[key] + value if key in found else value
    return found


def term_of(words: str) -> str:
    """What makes two searches the same one: script, width, case and blanks do not count."""
    return re.sub(r"\s+", " ", folded(words)).strip()


def tally(searches: Iterable[Search]) -> Tally:
    """Count searches; one without words, of what fitted a request, counts for its article alone."""
    terms: dict[str, Term] = {}
    articles: dict[str, Use] = {}
    for one in searches:
        for article, use in _uses(one):
            articles[article] = articles.get(article, Use()) + use
        key = term_of(one.words)
        if not key:
            continue
        missed = one.hits > 0 and not one.opened and one.solved is False
        counted = Term(one.words.strip(), 1, int(one.hits == 0), int(missed), int(one.solved is True))
        terms[key] = terms[key] + counted if key in terms else counted
    return Tally(terms, articles)


def _uses(one: Search) -> Iterable[tuple[str, Use]]:
    if one.opened:
        yield one.opened, Use(opened=1, helped=int(one.solved is True), unhelpful=int(one.solved is False))
    if one.inserted:
        yield one.inserted, Use(inserted=1)


def search_of(value: Mapping[str, Any], inserted: Mapping[str, Any]) -> Search:
    """A search out of its log fact, perhaps another desk's; what a program of another version left out is not known."""
    hits, solved = value.get("hits"), value.get("solved")
    return Search(
        words=clean_line(str(value.get("words") or "")),
        hits=len(hits) if isinstance(hits, list) else 0,
        opened=str(value.get("opened") or ""),
        inserted=str(inserted.get("article") or ""),
        solved=solved if isinstance(solved, bool) else None,
    )


_TERM = ("words", "searches", "unhit", "missed", "solved")
_USE = ("opened", "inserted", "helped", "unhelpful")


def packed(found: Tally, part: int = PART) -> Iterator[dict[str, Any]]:
    """A tally as values that can be written down, in parts that add up to it."""
    terms = [[getattr(one, name) for name in _TERM] for one in found.terms.values()]
    articles = [[article, *(getattr(use, name) for name in _USE)] for article, use in found.articles.items()]
    for start in range(0, max(len(terms), len(articles)), part):
        yield {"terms": terms[start : start + part], "articles": articles[start : start + part]}


def unpacked(value: Mapping[str, Any]) -> Tally:
    """A part of a tally as it was written down."""
    terms = (Term(clean_line(str(row[0])), *row[1:]) for row in value.get("terms") or ())
    articles = {str(row[0]): Use(**dict(zip(_USE, row[1:], strict=True))) for row in value.get("articles") or ()}
    return Tally({term_of(one.words): one for one in terms}, articles)


def top(found: Tally) -> list[Term]:
    """The terms by search-term frequency, the most frequent first."""
    return sorted(_legible(found), key=lambda one: (-one.searches, one.words))


def in_vain(found: Tally) -> list[Term]:
    """The terms for which nothing fitted, the most frequent first."""
    return sorted((one for one in _legible(found) if one.in_vain), key=lambda one: (-one.in_vain, one.words))


def _legible(found: Tally) -> Iterator[Term]:
    """The terms that nothing was taken out of: what is left of a redacted one is counted, and is no word."""
    return (one for one in found.terms.values() if MARK not in one.words)


# -- articles ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citing:
    """A request that cites an article: whether it is resolved, and whether the customer was dissatisfied."""

    article: str
    resolved: bool
    dissatisfied: bool = False


def resolution_rates(citing: Iterable[Citing]) -> dict[str, Share]:
    """Requests resolved with citation and a verdict that is not dissatisfied, of those citing the article."""
    cited: Counter[str] = Counter()
    solved: Counter[str] = Counter()
    for one in citing:
        cited[one.article] += 1
        solved[one.article] += int(one.resolved and not one.dissatisfied)
    return {article: Share(solved[article], count) for article, count in cited.items()}


@dataclass(frozen=True, slots=True)
class ArticleFigures:
    """An article with its figures and what of them is weak."""

    id: str
    title: str
    use: Use
    resolution: Share
    overdue: bool = False
    flagged: bool = False
    weak: tuple[str, ...] = ()


def judged(one: ArticleFigures, least: int, percent: int) -> ArticleFigures:
    """The article with what is weak about it; `least`: answers or requests below which no share is judged."""

    def low(share: Share) -> bool:
        return share.of >= least and 100 * share.part < percent * share.of

    weak = {
        UNHELPFUL: one.use.unhelpful >= 2 and one.use.unhelpful > one.use.helped,
        SELDOM: low(one.use.answers),
        UNRESOLVED: low(one.resolution),
        FLAGGED: one.flagged,
        OVERDUE: one.overdue,
    }
    return replace(one, weak=tuple(code for code in WEAKNESSES if weak[code]))


def weakest(found: Iterable[ArticleFigures]) -> list[ArticleFigures]:
    """The weak ones: those that most is wrong with and that are used most stand first."""
    weak = [one for one in found if one.weak]
    return sorted(weak, key=lambda one: (-len(one.weak), -one.use.total, one.title))


# -- freshness --------------------------------------------------------------------------------------------------------


def timeliness(
    updates: Sequence[datetime], ended: datetime | None, period: timedelta, since: datetime, until: datetime
) -> Share:
    """Updates done by their due date, of those due between `since` and `until`, of one article.

    Each update is due again after `period`; nothing is due any more once the article has ended.
    """
    times = sorted(updates)
    done = due = 0
    for place, at in enumerate(times):
        limit = at + period
        if not since <= limit <= until or (ended is not None and ended <= limit):
            continue
        due += 1
        done += int(place + 1 < len(times) and times[place + 1] <= limit)
    return Share(done, due)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `start` on, and how many articles were created or revised in them."""

    start: datetime
    updates: int


def weeks(updates: Iterable[datetime], until: datetime, days: int) -> list[Week]:
    """The whole weeks of the last `days`, counted back from the day of `until`, the latest first; at least one."""
    count, end = max(1, days // WEEK.days), _next_day(until)
    found: Counter[int] = Counter((end - at - timedelta.resolution) // WEEK for at in updates if at <= until)
    return [Week(end - (place + 1) * WEEK, found[place]) for place in range(count)]


def _next_day(at: datetime) -> datetime:
    """When the day ends where it is counted, so that no day belongs to two weeks."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def freshness(found: Iterable[Week]) -> Share:
    """Weeks with at least one update, of all."""
    listed = list(found)
    return Share(sum(1 for one in listed if one.updates), len(listed))
