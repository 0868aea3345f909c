"""Phrases of the site from the command line: look, propose, approve, put back; tables in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentdesk.cli.common import Command, WrongUse, argument, group, opened_desk, option, out, print_json, read_input
from agentdesk.present.i18n import t
from agentdesk.present.review import done

if TYPE_CHECKING:
    from agentdesk.desk.phrase_review import Row

STANDS = ("shipped", "waiting", "published", "returned", "retired", "withdrawn")

SHOWN = 13
"""Characters of a version's id: eight alone are the same for a minute."""


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    phrases = group("phrases")
    app.add_typer(phrases, name="phrases")
    _add_looking(phrases)
    _add_deciding(phrases)
    _add_tables(phrases)


def _add_looking(phrases: typer.Typer) -> None:
    @phrases.command("list", cls=Command, help=t("cli.command.phrases_list"))
    def _list(
        words: Annotated[str, argument("phrase_words")] = "",
        stands: Annotated[str, option("--state", key="phrase_state")] = "",
        as_json: Annotated[bool, option("--json", key="json")] = False,
    ) -> None:
        from agentdesk.desk import phrase_review

        _known_state(stands)
        with opened_desk("phrases list", write=False) as desk:
            for row in phrase_review.every(desk, words, stands):
                if as_json:
                    print_json(_plain(row))
                else:
                    out(_line(row))

    @phrases.command("show", cls=Command, help=t("cli.command.phrases_show"))
    def _show(code: Annotated[str, argument("phrase")]) -> None:
        from agentdesk.desk import phrase_review
        from agentdesk.present.phrases import comparison, told
        from agentdesk.present.timefmt import stamp

        with opened_desk("phrases show", write=False) as desk:
            row = phrase_review.row(desk, code)
            for line in told(row.value, row.tags):
                out(line)
            for one in row.site.versions if row.site else ():
                assert row.site is not None
                state = "in_force" if one.in_force else "proposed" if one == row.site.proposed else "earlier"
                who = desk.person(one.author).name
                out(t("phrases.version", id=one.id[:SHOWN], at=stamp(one.at), who=who, state=t(f"rules.{state}")))
            if row.site is not None and row.site.proposed is not None and row.site.in_force is not None:
                for line in comparison(row.site.in_force.value, row.site.proposed.value):
                    out(line)
            if row.stands in ("returned", "retired", "withdrawn") and row.site is not None:
                out(t("phrases.reason", why=row.site.why))


def _known_state(stands: str) -> None:
    if stands and stands not in STANDS:
        raise WrongUse(t("cli.usage.phrase_state", state=stands, known=", ".join(STANDS)))


def _line(row: Row) -> str:
    from agentdesk.desk.library import in_language
    from agentdesk.present import i18n
    from agentdesk.present.labels import label

    title = in_language(row.value.get("title"), i18n.language())
    told = (row.code, label("phrase_state", row.stands), label("scenario", str(row.value.get("scenario"))), title)
    return "  ".join(part for part in told if part)


def _plain(row: Row) -> dict[str, Any]:
    from agentdesk.desk.phrase_values import fields_of

    return {**fields_of(row.value, row.tags), "state": row.stands}


def _add_deciding(phrases: typer.Typer) -> None:
    @phrases.command("propose", cls=Command, help=t("cli.command.phrases_propose"))
    def _propose(
        file: Annotated[str, argument("phrase_file")],
        confirmed: Annotated[bool, option("--yes", key="phrase_yes")] = False,
    ) -> None:
        from agentdesk.desk import phrase_review
        from agentdesk.desk.phrase_values import read_toml

        fields = read_toml(read_input(file).decode("utf-8", "replace"))
        with opened_desk("phrases propose", write=True) as desk:
            found = phrase_review.propose(desk, fields, confirmed=confirmed)
            out(done("phrases.done.proposed", phrase_review.KIND, found))

    @phrases.command("approve", cls=Command, help=t("cli.command.phrases_approve"))
    def _approve(
        codes: Annotated[list[str] | None, argument("phrases")] = None,
        whole: Annotated[bool, option("--all", key="phrases_all")] = False,
    ) -> None:
        from agentdesk.desk import phrase_review

        if bool(codes) == whole:
            raise WrongUse(t("cli.usage.phrases_all"))
        with opened_desk("phrases approve", write=True) as desk:
            waiting = [row.code for row in phrase_review.every(desk, stands="waiting")] if whole else codes or []
            for code in waiting:
                out(done("phrases.done.approved", phrase_review.KIND, phrase_review.approve(desk, code)))

    @phrases.command("put-back", cls=Command, help=t("cli.command.phrases_put_back"))
    def _put_back(code: Annotated[str, argument("phrase")], version: Annotated[str, argument("rule_version")]) -> None:
        from agentdesk.desk import phrase_review

        with opened_desk("phrases put-back", write=True) as desk:
            out(done("phrases.done.approved", phrase_review.KIND, phrase_review.put_back(desk, code, version)))

    @phrases.command("return", cls=Command, help=t("cli.command.phrases_return"))
    def _return(code: Annotated[str, argument("phrase")], why: Annotated[str, option("--why", key="why")]) -> None:
        from agentdesk.desk import phrase_review

        with opened_desk("phrases return", write=True) as desk:
            out(done("phrases.done.returned", phrase_review.KIND, phrase_review.send_back(desk, code, why)))

    @phrases.command("retire", cls=Command, help=t("cli.command.phrases_retire"))
    def _retire(code: Annotated[str, argument("phrase")], why: Annotated[str, option("--why", key="why")]) -> None:
        from agentdesk.desk import phrase_review

        with opened_desk("phrases retire", write=True) as desk:
            out(done("phrases.done.retired", phrase_review.KIND, phrase_review.retire(desk, code, why)))


def _add_tables(phrases: typer.Typer) -> None:
    @phrases.command("import", cls=Command, help=t("cli.command.phrases_import"))
    def _import(
        file: Annotated[Path, argument("phrase_table")],
        dry_run: Annotated[bool, option("--dry-run", key="dry_run")] = False,
        pairs: Annotated[list[str] | None, option("--map", key="map")] = None,
        report: Annotated[Path | None, option("--report", key="report")] = None,
        encoding: Annotated[str, option("--encoding", key="encoding")] = "",
        sheet: Annotated[str, option("--sheet", key="sheet")] = "",
    ) -> int:
        from agentdesk.cli import phrase_tables

        return phrase_tables.take(file, pairs or (), report, encoding, sheet, dry_run)

    @phrases.command("export", cls=Command, help=t("cli.command.phrases_export"))
    def _export(
        form: Annotated[str, option("--format", key="phrase_format")] = "csv",
        output: Annotated[Path | None, option("--output", key="output")] = None,
        headers: Annotated[str, option("--headers", key="headers")] = "code",
        stands: Annotated[str, option("--state", key="phrase_state")] = "",
    ) -> None:
        from agentdesk.cli import phrase_tables

        _known_state(stands)
        phrase_tables.give(form, output, headers, stands)
