"""Articles in, hits out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentdesk.cli.common import (
    Command,
    WrongUse,
    argument,
    group,
    opened_desk,
    option,
    out,
    print_json,
    read_input,
)
from agentdesk.domain.refusal import Refusal
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    kb = group("kb")
    app.add_typer(kb, name="kb")

    @kb.command("import", cls=Command, help=t("cli.command.kb_import"))
    def _import(
        paths: Annotated[list[str], argument("articles")],
        dry_run: Annotated[bool, option("--dry-run", key="dry_run")] = False,
        pairs: Annotated[list[str] | None, option("--map", key="map")] = None,
        mapping: Annotated[Path | None, option("--mapping", key="mapping")] = None,
        report: Annotated[Path | None, option("--report", key="report")] = None,
        encoding: Annotated[str, option("--encoding", key="encoding")] = "",
        sheet: Annotated[str, option("--sheet", key="sheet")] = "",
    ) -> int:
        from agentdesk.cli import articles

        return articles.run(paths, pairs or (), mapping, report, encoding, sheet, dry_run)

    @kb.command("export", cls=Command, help=t("cli.command.kb_export"))
    def _export(
        form: Annotated[str, option("--format", key="kb_format")] = "jsonl",
        output: Annotated[Path | None, option("--output", key="output")] = None,
        headers: Annotated[str, option("--headers", key="headers")] = "code",
    ) -> None:
        from agentdesk.cli import article_export

        article_export.run(form, output, headers)

    @kb.command("links", cls=Command, help=t("cli.command.kb_links"))
    def _links(as_json: Annotated[bool, option("--json", key="json")] = False) -> int:
        from agentdesk.cli import article_links

        return article_links.run(as_json)

    @kb.command("search", cls=Command, help=t("cli.command.kb_search"))
    def _search(
        words: Annotated[list[str] | None, argument("words")] = None,
        limit: Annotated[int, option("--limit", key="limit", min=1, max=1000)] = 10,
        as_json: Annotated[bool, option("--json", key="json")] = False,
        queries: Annotated[str, option("--queries", key="queries")] = "",
    ) -> None:
        if bool(queries) == bool(words) or (queries and not as_json):
            raise WrongUse(t("cli.usage.search"))
        with opened_desk("kb search", write=False) as desk:
            if queries:
                _search_batch(desk, queries, limit)
                return
            hits = _hits(desk, " ".join(words or ()), limit)
        if as_json:
            print_json(hits)
            return
        for hit in hits:
            out(f"{hit['score']:>8.2f}  {hit['title']}  ({hit['id']})")

    @kb.command("usage", cls=Command, help=t("cli.command.kb_usage"))
    def _usage(
        days: Annotated[int, option("--days", key="days", min=1, max=366)] = 30,
        output: Annotated[Path | None, option("--out", key="output")] = None,
    ) -> None:
        from agentdesk.cli import usage

        usage.run(days, output)

    @kb.command("reindex", cls=Command, help=t("cli.command.kb_reindex"))
    def _reindex(anew: Annotated[bool, option("--all", key="reindex_all")] = False) -> None:
        with opened_desk("kb reindex", write=True) as desk:
            out(_mended(desk, anew))


def _mended(desk: Desk, anew: bool) -> str:
    """Mend the search index, or make it anew; the sentence that says what was done."""
    from agentdesk.desk import indexing

    found = indexing.put_right(desk)
    if anew:
        indexing.begin_anew(desk)
    while indexing.step(desk):
        pass
    total = indexing.progress(desk).total
    if anew or found.broken:
        return t("cli.done.reindexed", count=total)
    mended = len(found.missing) + len(found.surplus) + len(found.differing)
    return t("cli.done.index_mended", count=mended) if mended else t("cli.done.index_sound", count=total)


def _search_batch(desk: Desk, file: str, limit: int) -> None:
    from agentdesk.desk import rows

    for line, row in rows.objects(read_input(file)):
        if not isinstance(row.get("query"), str):
            raise rows.RowRefused(line, Refusal("import.invalid", field="query", problem="not_a_value"))
        print_json({"id": row.get("id", line), "hits": _hits(desk, row["query"], limit)})


def _hits(desk: Desk, words: str, limit: int) -> list[dict[str, Any]]:
    from agentdesk.desk import knowledge

    found = knowledge.search(desk, words, limit)
    return [{"id": hit.source_id or hit.id, "title": hit.title, "score": round(hit.score, 4)} for hit in found]
