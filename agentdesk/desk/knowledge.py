"""Knowledge: search while typing, read, say whether it solved the matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from agentdesk.desk import indexing, library, policies, policy_terms, reading, saying, suggestions
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.views import ArticleView, Citation, Ground, Hit
from agentdesk.domain.articles import AUDIENCES
from agentdesk.domain.content import ARTICLE_KINDS, site_synonyms
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.text.clean import clean_line
from agentdesk.text.fold import folded
from agentdesk.text.privacy import hold_out, redact
from agentdesk.text.search_query import Asked, Filter, take_apart
from agentdesk.text.web_address import web_address

__all__ = [
    "FILTERS",
    "article",
    "asked",
    "citations",
    "cited_text",
    "fitting",
    "for_request",
    "found",
    "missed",
    "search",
    "solved",
]

MAX_QUERY = 200
FITTING = 3
"""So many times as many articles as are shown are looked at for what else of a request they fit."""
FEW = 200
"""So many articles that wait are indexed before a search: no key waits longer for it than for a slow search."""
STATES: Final = ("in_force", "upcoming", "expired")
FILTERS: Final = (
    Filter("kind", values={code: code for code in ARTICLE_KINDS}),
    Filter("product"),
    Filter("audience", values={code: code for code in AUDIENCES}),
    Filter("state", values={code: code for code in STATES}),
    Filter("tag"),
)
"""The filters that may be typed among the words of a search, by their codes; a screen adds its language's words."""


def _never() -> bool:
    return False


def search(
    desk: Desk,
    words: str,
    limit: int = 10,
    filters: Sequence[Filter] = FILTERS,
    given_up: Callable[[], bool] = _never,
    *,
    patient: bool = True,
) -> list[Hit]:
    """Published articles for what was typed, filters among it, best first. Runs in a worker; writes nothing.

    `given_up` says that nobody waits for the answer any more: then the work stops at the next lane. Who is `patient`
    waits until all is indexed; else what is in the index so far is searched (`indexing.progress` tells how much).
    """
    return _hits(desk, asked(words, filters), limit, given_up, patient=patient)


def asked(words: str, filters: Sequence[Filter] = FILTERS) -> Asked:
    """What was typed, taken apart into words and filters; private numbers are replaced first."""
    return take_apart(_query(words), filters)


def _hits(
    desk: Desk, wanted: Asked, limit: int, given_up: Callable[[], bool] = _never, *, patient: bool = True
) -> list[Hit]:
    gone = policy_terms.overtaken(desk)
    found_too = _found(desk, wanted, limit + len(gone), "article", given_up, patient)
    hits = [hit for hit in found_too if hit.id not in gone][:limit]
    known = library.articles(desk, (hit.id for hit in hits))
    usable = known.keys() - library.written_over(desk, known)
    return [_hit(known[hit.id], hit) for hit in hits if hit.id in usable]


def found(desk: Desk, words: str, limit: int, kind: str) -> list[Any]:
    """Ask the search index for one kind, with the synonyms; the index is filled first where it is not yet."""
    return _found(desk, Asked(_query(words)), limit, kind, _never, True)


def _found(desk: Desk, wanted: Asked, limit: int, kind: str, given_up: Callable[[], bool], patient: bool) -> list[Any]:
    from agentdesk.store import starter
    from agentdesk.store.projections import search as index

    if given_up() or not (wanted.words or wanted.wishes):
        return []
    _catch_up(desk, kind, patient)
    return list(
        index.search(
            desk.store.raw(),
            wanted.words,
            limit,
            (kind,),
            (*site_synonyms(desk.settings.get("search.synonyms")), *starter.synonyms()),  # the site's come first
            wishes=wanted.wishes,
            weights=index.Weights(**{name: desk.settings.get(f"search.{name}") for name in _BONUSES}),
            now=int(desk.now().timestamp()),
            given_up=given_up,
        )
    )


_BONUSES: Final = ("title", "in_force", "solved", "use", "fresh")


def _query(words: str) -> str:
    """What is searched for, private numbers replaced before anything is cut: a cut could leave the head of one."""
    return clean_line(redact(clean_line(words, MAX_QUERY * 8))[0], MAX_QUERY)


def for_request(desk: Desk, request_id: str, limit: int = 5, *, patient: bool = True) -> list[Hit]:
    """Articles that fit a request, by its text, then by product, type and tags: what the panel shows without typing.

    `patient` as for `search`.
    """
    whole = reading.load(desk, request_id)
    hits = _hits(desk, Asked(_query(search_text(whole))), limit * FITTING, patient=patient)
    known = library.articles(desk, (hit.id for hit in hits))
    fitting = [_fitting(hit, known[hit.id], whole, desk.settings.get("search.fits")) for hit in hits if hit.id in known]
    fitting.sort(key=lambda hit: -hit.score)
    return fitting[:limit]


def _fitting(hit: Hit, item: Published, whole: reading.Whole, percent: int) -> Hit:
    """A hit with what else of the request it fits, each worth so many percent of the best one's words."""
    intake, product = whole.facts.intake, folded(str(item.value.get("product") or ""))
    tags = tuple(tag for tag in item.tags if tag in intake.tags)
    met = (
        ("product", (), bool(product) and product in folded(intake.product_service)),
        ("category", (), bool(intake.sub_type) and item.value.get("category") == intake.sub_type),
        ("tag", tags, bool(tags)),
    )
    more = tuple(Ground(code, by, percent) for code, by, fits in met if fits)
    if not more or not percent:
        return hit
    return replace(hit, score=hit.score + hit.top * percent * len(more) / 100, grounds=(*hit.grounds, *more))


def fitting(desk: Desk, wanted: Asked, limit: int) -> list[str]:
    """The ids of the articles that fit what is asked, best first."""
    return [hit.id for hit in _hits(desk, wanted, limit)]


def search_text(whole: reading.Whole) -> str:
    """What is searched for a request: its product, what is odd about it, else what was described."""
    intake = whole.facts.intake
    return clean_line(f"{intake.product_service} {intake.anomaly or intake.description}", MAX_QUERY)


def article(desk: Desk, article_id: str) -> ArticleView:
    """An article in the version in force. Raises Refusal knowledge.unknown."""
    item = library.articles(desk, [article_id]).get(article_id)
    if item is None:
        raise Refusal("knowledge.unknown", id=article_id)
    value, english = item.value, desk.language == "en"
    return ArticleView(
        id=item.id,
        version=item.version,
        source_id=str(value.get("source_id") or ""),
        kind=str(value.get("kind") or ""),
        title=_text(value, "title", english),
        body=str(value.get("body") or ""),
        plain_summary=_text(value, "plain_summary", english),
        steps=tuple(value.get("steps") or ()),
        category=str(value.get("category") or ""),
        product=str(value.get("product") or ""),
        tags=item.tags,
        published_at=item.at,
        effective_from=reading.when(value.get("effective_from")),
        next_from=policy_terms.next_from(desk, item.id),
        copy_age=policies.copy_age(desk) if value.get("kind") == "policy" else None,
        url=web_address(str(value.get("url") or "")),
        may_quote=value.get("audience") == "may_quote",
        attachments=tuple(value.get("attachments") or ()),
    )


def _text(value: Mapping[str, Any], name: str, english: bool) -> str:
    return str((value.get(f"{name}_en") if english else "") or value.get(name) or "")


def cited_text(desk: Desk, citation: Citation) -> str:
    """The words of an article that may be said to a customer: its plain summary, else the first lines of its body."""
    shown = article(desk, citation.id)
    return shown.plain_summary or shown.body[:500].strip()


def citations(desk: Desk, whole: reading.Whole) -> list[Citation]:
    """The articles that messages of a request cited, with their titles as far as this desk knows the articles."""
    all_cited = reading.cited(whole)
    known = library.articles(desk, (cited.id for cited in all_cited))
    return [
        Citation(cited.id, cited.version, str(known[cited.id].value.get("title") or "") if cited.id in known else "")
        for cited in all_cited
    ]


def _hit(item: Published, hit: Any) -> Hit:
    if (
        hit.version != item.version
    ):  # a desk that only reads does not turn the index over: the text is right all the same
        hit = replace(hit, title=str(item.value.get("title") or ""), title_spans=(), snippet="", snippet_spans=())
    return Hit(
        id=item.id,
        source_id=str(item.value.get("source_id") or ""),
        version=item.version,
        kind=str(item.value.get("kind") or ""),
        title=hit.title,
        snippet=hit.snippet,
        plain_summary=str(item.value.get("plain_summary") or ""),
        score=hit.score,
        title_spans=hit.title_spans,
        snippet_spans=hit.snippet_spans,
        may_quote=item.value.get("audience") == "may_quote",
        grounds=_grounds(hit.why),
        top=hit.why.top,
    )


def _grounds(why: Any) -> tuple[Ground, ...]:
    """Lanes and bonuses in percent of the best; what rounds to nothing is no ground."""
    lanes = [Ground(way.lane, way.by, round(100 * way.score / why.top)) for way in why.ways]
    bonuses = [Ground(bonus.code, (), round(100 * bonus.share)) for bonus in why.bonuses]
    return tuple(ground for ground in (*lanes, *bonuses) if ground.percent)


def solved(
    desk: Desk,
    words: str,
    hits: Sequence[Hit],
    opened: str,
    solved: bool | None,
    *,
    inserted: str = "",
    request: str = "",
    typed: bool = True,
) -> None:
    """The log fact of one search as it was meant: words (masked as in the log file), hits, what was opened, what went
    into a reply of which request, whether it solved.

    Words that somebody typed and that found nothing, or nothing that was meant, become a suggestion. A number that was
    still being typed may be the head of a private one: nothing of it is kept.
    """
    words = desk.store.taken_out.anywhere(words)
    whole = redact(words)[0]
    masked = mask_contacts(_query(hold_out(whole, len(whole))))
    if typed and not masked and not opened:
        return
    value = {"words": masked, "hits": [hit.id for hit in hits[:10]], "opened": opened, "solved": solved}
    more = {"inserted": {"article": inserted, "request": request}} if inserted else {}
    with desk.journal.transaction() as txn:
        saying.log(txn, "searched", value, **more)
        if typed and not opened and (not hits or solved is False):
            suggestions.note(txn, masked)


def opened(desk: Desk, article: str) -> None:
    """The log fact of an article that was opened outside a search: by a link, or since it was cited."""
    solved(desk, "", (), article, None, typed=False)


def missed(desk: Desk, words: str, hits: Sequence[Hit]) -> None:
    """The log fact of a search of which none of the hits was meant: what should be written, or found by other words."""
    solved(desk, words, hits, "", False)


# -- the index --------------------------------------------------------------------------------------------------------


def _catch_up(desk: Desk, kind: str, patient: bool) -> None:
    """Bring the index up to the pack once a process, and to what waits; a desk that only reads takes it as is.

    Who is not patient waits for a few only: many are indexed in the background (`desk.indexing`).
    """
    from agentdesk.store.projections import search as index

    if not desk.store.writable:
        return
    library.take_over(desk)
    while left := index.waiting(desk.store.raw(), (kind,)):
        if not patient and left > FEW:
            break
        indexing.drain(desk, (kind,))
    policy_terms.turn_index(desk)
