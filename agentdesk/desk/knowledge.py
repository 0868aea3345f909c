"""Knowledge: search while typing, read, say whether it solved the matter, import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agentdesk.changes.ids import derived_id
from agentdesk.desk import library, reading, saying
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.permission import require
from agentdesk.desk.views import ArticleView, Citation, Hit, Imported
from agentdesk.domain.content import KNOWLEDGE_BASE
from agentdesk.domain.records import MAX_ARTICLE
from agentdesk.domain.refusal import Refusal
from agentdesk.text.clean import clean, clean_line
from agentdesk.text.privacy import find_private, redact

__all__ = ["article", "citations", "cited_text", "for_request", "found", "import_articles", "search", "solved"]

MAX_TITLE = 200
MAX_QUERY = 200
BATCH = 30
"""Articles a transaction: each is up to three changes, and a transaction holds at most a hundred."""
MAX_BATCH_BYTES = 300_000


def search(desk: Desk, words: str, limit: int = 10) -> list[Hit]:
    """Published articles for the words, best first. Runs in a worker; writes nothing."""
    known = library.articles(desk)
    return [_hit(known[hit.id], hit) for hit in found(desk, words, limit, "article") if hit.id in known]


def found(desk: Desk, words: str, limit: int, kind: str) -> list[Any]:
    """Ask the search index for one kind, with the pack's synonyms; the index is filled first where it is not yet."""
    from agentdesk.store import starter
    from agentdesk.store.projections import search as index

    typed = _query(words)
    if not typed:
        return []
    _catch_up(desk)
    return list(index.search(desk.store.raw(), typed, limit, (kind,), starter.synonyms()))


def _query(words: str) -> str:
    """What is searched for, private numbers replaced before anything is cut: a cut could leave the head of one."""
    return clean_line(redact(clean_line(words, MAX_QUERY * 8))[0], MAX_QUERY)


def for_request(desk: Desk, request_id: str, limit: int = 5) -> list[Hit]:
    """Articles that fit the text of a request: what the panel shows without typing."""
    return search(desk, search_text(reading.load(desk, request_id)), limit)


def search_text(whole: reading.Whole) -> str:
    """What is searched for a request: its product, what is odd about it, else what was described."""
    intake = whole.facts.intake
    return clean_line(f"{intake.product_service} {intake.anomaly or intake.description}", MAX_QUERY)


def article(desk: Desk, article_id: str) -> ArticleView:
    """An article in the version in force. Raises Refusal knowledge.unknown."""
    item = library.articles(desk).get(article_id)
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
    )


def _text(value: Mapping[str, Any], name: str, english: bool) -> str:
    return str((value.get(f"{name}_en") if english else "") or value.get(name) or "")


def cited_text(desk: Desk, citation: Citation) -> str:
    """The words of an article that may be said to a customer: its plain summary, else the first lines of its body."""
    shown = article(desk, citation.id)
    return shown.plain_summary or shown.body[:500].strip()


def citations(desk: Desk, whole: reading.Whole) -> list[Citation]:
    """The articles that messages of a request cited, with their titles as far as this desk knows the articles."""
    known = library.articles(desk)
    return [
        Citation(cited.id, cited.version, str(known[cited.id].value.get("title") or "") if cited.id in known else "")
        for cited in reading.cited(whole)
    ]


def _hit(item: Published, hit: Any) -> Hit:
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
    )


def solved(desk: Desk, words: str, hits: Sequence[Hit], opened: str, solved: bool | None) -> None:
    """The log fact of one search: words (private numbers replaced), hits, what was opened, whether it solved."""
    value = {
        "words": _query(words),
        "hits": [hit.id for hit in hits[:10]],
        "opened": opened,
        "solved": solved,
    }
    with desk.journal.transaction() as txn:
        saying.log(txn, "searched", value)


# -- import -----------------------------------------------------------------------------------------------------------


def import_articles(desk: Desk, rows: Iterable[Mapping[str, object]]) -> Imported:
    """Import articles `{"id","title","body"}`; the same id gets a new version; all are published at once.

    All rows are checked before anything is written. Raises Refusal: role.denied (needs A on KB articles, or `home`),
    import.row (line, field, problem), import.private (line, field, kind).
    """
    require(desk.me.roles, "kb_article", "A")
    wanted = [_checked(row, line) for line, row in enumerate(rows, start=1)]
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    known = dict(library.articles(desk))
    for batch in _batches(list({row["source_id"]: row for row in wanted}.values())):
        with desk.journal.transaction() as txn:
            for row in batch:
                counts[_publish(txn, row, known.get(article_id(row["source_id"])))] += 1
    counts["unchanged"] += len(wanted) - sum(counts.values())
    return Imported(**counts)


def article_id(source_id: str) -> str:
    """The entity id of an imported article: the same id of the same base is the same article everywhere."""
    return derived_id("article", KNOWLEDGE_BASE, source_id)


def _checked(row: Mapping[str, object], line: int) -> dict[str, str]:
    taken: dict[str, str] = {}
    for field, longest in (("id", MAX_TITLE), ("title", MAX_TITLE), ("body", MAX_ARTICLE)):
        value = row.get(field)
        if field == "id" and type(value) is int:
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            raise Refusal("import.row", line=line, field=field, problem="missing" if not value else "not_a_text")
        text = clean(value, None).strip() if field == "body" else clean_line(value, MAX_ARTICLE)
        if len(text) > longest:
            raise Refusal("import.row", line=line, field=field, problem="too_long")
        for item in find_private(text, contacts=False):
            raise Refusal("import.private", line=line, field=field, kind=item.kind)
        taken[field] = text
    return {"source_id": taken["id"], "title": taken["title"], "body": taken["body"]}


def _batches(rows: Sequence[dict[str, str]]) -> Iterable[list[dict[str, str]]]:
    batch: list[dict[str, str]] = []
    size = 0
    for row in rows:
        size += len(row["body"].encode(errors="replace"))
        if batch and (len(batch) >= BATCH or size > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], len(row["body"].encode(errors="replace"))
        batch.append(row)
    if batch:
        yield batch


def _publish(txn: Any, row: dict[str, str], before: Published | None) -> str:
    """Write one article's new version and publish it; returns created, updated or unchanged."""
    if before is not None and all(before.value.get(name) == row[name] for name in ("title", "body")):
        return "unchanged"
    entity_id = article_id(row["source_id"])
    version = {
        "kind": "faq",
        "source_id": row["source_id"],
        "title": row["title"],
        "body": row["body"],
        "plain_summary": "",
        "steps": [],
        "category": "",
        "product": "",
        "audience": "internal",
        "industry": "",
        "effective_from": txn.now(),
        "effective_to": "",
        "at": txn.now(),
    }
    current = txn.write("article", entity_id, root=entity_id, patch={"version": version})
    txn.transition("article", entity_id, "status", "publish", {"current": current})
    return "created" if before is None else "updated"


# -- the index --------------------------------------------------------------------------------------------------------


def _catch_up(desk: Desk) -> None:
    """Bring the index up to the pack once a process, and to what waits; a desk that only reads takes it as is."""
    from agentdesk.store import upkeep

    if not desk.store.writable:
        return
    desk.kept("index", lambda: upkeep.catch_up(desk.store))
    while upkeep.drain(desk.store):
        pass
