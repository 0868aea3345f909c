"""The figures about the knowledge base in words, with bars drawn in cells, and as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from agentdesk.desk.suggestions import REQUEST, Suggestion
from agentdesk.domain.usage import WEEK, ArticleFigures, Share, Term, Use, Week
from agentdesk.present import labels, timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import fit, width
from agentdesk.text.clean import clean_line

if TYPE_CHECKING:
    from agentdesk.desk.usage import Report

TERMS, UNHIT, ARTICLES, FRESH, WAITING = "terms", "unhit", "articles", "fresh", "waiting"
PARTS = (TERMS, UNHIT, ARTICLES, FRESH, WAITING)
"""What the screen shows, one after the other."""
BAR = 14
"""Cells of the longest bar."""
COUNT = 5
LINE = 40
"""Cells of a text that a line always shows."""
_DAY = timedelta(days=1)


class Line(NamedTuple):
    """A line of a part: what names it to the report, its text, and what stands at its right."""

    id: str
    text: str
    aside: str


def bar(part: int, most: int, cells: int = BAR) -> str:
    """A bar in proportion to the longest one, exactly so many cells with its blanks; what is there is seen."""
    length = 0 if not part or most <= 0 else max(1, round(cells * min(part, most) / most))
    return "=" * length + " " * (cells - length)


def percent(share: Share) -> str:
    """A rate with what it is a share of; where there is nothing to take a share of, that is said."""
    if share.rate is None:
        return t("usage.no_data")
    return t("usage.rate", percent=round(100 * share.rate), part=share.part, of=share.of)


def lines_of(report: Report, part: str) -> list[Line]:
    """The lines of a part."""
    if part in (TERMS, UNHIT):
        return _terms(report.terms if part == TERMS else report.unhit, vain=part == UNHIT)
    if part == ARTICLES:
        return [Line(one.id, one.title, _weak(one)) for one in report.weak]
    if part == FRESH:
        return _weeks(report)
    return [Line(one.id, one.text, _missed_by(one)) for one in report.waiting]


def _terms(found: tuple[Term, ...], *, vain: bool) -> list[Line]:
    counts = [one.in_vain if vain else one.searches for one in found]
    return [Line(one.words, one.words, _charted(count, max(counts))) for one, count in zip(found, counts, strict=True)]


def _charted(count: int, most: int) -> str:
    return bar(count, most) + fit(str(count), COUNT, "right")


def _weak(one: ArticleFigures) -> str:
    return t("list.comma").join(labels.label("usage.weak", code) for code in one.weak)


def _weeks(report: Report) -> list[Line]:
    most = max(week.updates for week in report.weeks)
    return [Line(week.start.isoformat(), _week(week), _charted(week.updates, most)) for week in report.weeks]


def _week(week: Week) -> str:
    last = week.start + WEEK - _DAY
    return t("usage.week", first=f"{week.start:%m-%d}", last=f"{last:%m-%d}")


def _missed_by(one: Suggestion) -> str:
    if one.kind == REQUEST:
        return t("usage.of_request.wanted") if one.wanted else t("usage.of_request")
    return t("usage.missed_by", times=one.times, people=one.people)


# -- what stands above and below the lines ----------------------------------------------------------------------------


def head(report: Report, part: str) -> list[str]:
    """The figures of a part as sentences, and from which rows and as of when they are."""
    searched = report.searched
    if part == TERMS:
        yes = percent(searched.answers)
        told = [t("usage.head.terms", count=searched.searches, terms=len(searched.terms), solved=yes)]
    elif part == UNHIT:
        told = [t("usage.head.unhit", rate=percent(searched.zero_hits), terms=len(report.unhit))]
    elif part == ARTICLES:
        told = [t("usage.head.articles", weak=len(report.weak), rate=percent(report.resolution))]
    elif part == FRESH:
        told = _fresh(report)
    else:
        words = sum(1 for one in report.waiting if one.kind != REQUEST)
        told = [t("usage.head.waiting", words=words, requests=len(report.waiting) - words)]
    return [*told, _source(report, part)]


def _fresh(report: Report) -> list[str]:
    base = t("usage.ck20.never")
    if report.updated_at is not None and report.fresh_until is not None:
        key = "usage.ck20.stale" if report.stale else "usage.ck20.fresh"
        base = t(key, at=timefmt.date(report.updated_at), until=timefmt.date(report.fresh_until))
    return [
        base,
        t("usage.ck21", rate=percent(report.products)),
        t("usage.head.fresh", weeks=percent(report.freshness), timely=percent(report.timeliness)),
    ]


def _source(report: Report, part: str) -> str:
    counts = {
        "searches": report.searched.searches,
        "requests": report.requests,
        "articles": report.bases,
        "count": len(report.waiting),
    }
    told = t(f"usage.source.{part}", since=timefmt.date(report.since), at=timefmt.date(report.at), **counts)
    if part in (FRESH, WAITING):
        return told
    whose = t("usage.searches.team", day=report.counted_to) if report.counted_to else t("usage.searches.own")
    return t("list.stop", first=told, second=whose)


def detail(report: Report, part: str, line_id: str) -> list[str]:
    """What is known of the marked line, and what can be done about it; an empty part says what would fill it."""
    if part in (TERMS, UNHIT):
        found = next((one for one in (*report.terms, *report.unhit) if one.words == line_id), None)
        told = [] if found is None else [*_whole(found.words), _term(found), t(f"usage.do.{part}")]
    elif part == ARTICLES:
        article = next((one for one in report.weak if one.id == line_id), None)
        told = [] if article is None else [*_article(article), t("usage.do.articles")]
    elif part == FRESH:
        told = [t("usage.do.fresh")]
    else:
        waits = next((one for one in report.waiting if one.id == line_id), None)
        told = [] if waits is None else [*_whole(waits.text), _suggestion(waits), t("usage.do.waiting")]
    return told or [t(f"usage.empty.{part}")]


def _whole(text: str) -> list[str]:
    """What its line may have no room for."""
    return [text] if width(text) > LINE else []


def _term(one: Term) -> str:
    return t("usage.term", count=one.searches, unhit=one.unhit, missed=one.missed, solved=one.solved)


def _article(one: ArticleFigures) -> list[str]:
    use = one.use
    return [
        t("usage.article.use", opened=use.opened, inserted=use.inserted, cited=use.cited),
        t("usage.article.solved", answers=percent(use.answers), rate=percent(one.resolution)),
    ]


def _suggestion(one: Suggestion) -> str:
    at = timefmt.date(one.at)
    if one.kind != REQUEST:
        return t("usage.suggestion.words", times=one.times, people=one.people, at=at)
    told = t("usage.suggestion.request", number=one.number, at=at)
    return f"{told} {t('usage.suggestion.wanted', text=one.wanted)}" if one.wanted else told


# -- as a table -------------------------------------------------------------------------------------------------------

COLUMNS = ("part", "item", "measure", "value", "of", "rate", "since", "at")


def columns() -> list[str]:
    """The names of the columns."""
    return [t(f"usage.column.{code}") for code in COLUMNS]


def table(report: Report) -> list[list[str]]:
    """Every figure as a row of texts without codes; a rate in percent, empty where there is no data."""
    ends = [timefmt.date(report.since), timefmt.date(report.at)]
    return [[*map(clean_line, row), *ends] for row in _rows(report)]


def _rows(report: Report) -> Iterator[list[str]]:
    searched = report.searched
    whole = {
        "zero_hits": searched.zero_hits,
        "solved": searched.answers,
        "resolution": report.resolution,
        "timeliness": report.timeliness,
        "freshness": report.freshness,
        "products": report.products,
    }
    for code, share in whole.items():
        yield _share("all", "", code, share)
    for term in report.terms:
        yield _count(TERMS, term.words, "searches", term.searches)
        yield _share(TERMS, term.words, "zero_hits", Share(term.unhit, term.searches))
        yield _share(TERMS, term.words, "missed", Share(term.missed, term.searches))
    for one in report.articles:
        yield from _article_rows(one)
    for week in report.weeks:
        yield _count(FRESH, _week(week), "updates", week.updates)
    for waits in report.waiting:
        yield _count(WAITING, waits.text, "times", waits.times)


def _article_rows(one: ArticleFigures) -> Iterator[list[str]]:
    use: Use = one.use
    for code in ("opened", "inserted", "cited"):
        yield _count(ARTICLES, one.title, code, getattr(use, code))
    yield _share(ARTICLES, one.title, "solved", use.answers)
    yield _share(ARTICLES, one.title, "resolution", one.resolution)
    for code in one.weak:
        yield [t(f"usage.part.{ARTICLES}"), one.title, t("usage.measure.weak"), t(f"usage.weak.{code}"), "", ""]


def _count(part: str, item: str, measure: str, count: int) -> list[str]:
    return [t(f"usage.part.{part}"), item, t(f"usage.measure.{measure}"), str(count), "", ""]


def _share(part: str, item: str, measure: str, share: Share) -> list[str]:
    rate = "" if share.rate is None else f"{100 * share.rate:.1f}"
    return [t(f"usage.part.{part}"), item, t(f"usage.measure.{measure}"), str(share.part), str(share.of), rate]
