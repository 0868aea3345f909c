"""Requests in and out: add, import, list, show, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentdesk.cli.common import (
    Command,
    argument,
    group,
    opened_desk,
    option,
    out,
    print_json,
    read_input,
)
from agentdesk.present.i18n import t


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    request = group("request")
    app.add_typer(request, name="request")
    _add_export(app)

    @request.command("add", cls=Command, help=t("cli.command.request_add"))
    def _add(
        file: Annotated[str, argument("rows")],
        checked: Annotated[list[str] | None, option("--checked", key="checked")] = None,
    ) -> None:
        from agentdesk.desk import rows

        data = read_input(file)
        with opened_desk("request add", write=True) as desk:
            for made in rows.add_requests(desk, data, checked or ()):
                out(f"{made.number} {made.request_id}")

    @request.command("import", cls=Command, help=t("cli.command.request_import"))
    def _import(
        file: Annotated[Path, argument("table")],
        dry_run: Annotated[bool, option("--dry-run", key="dry_run")] = False,
        pairs: Annotated[list[str] | None, option("--map", key="map")] = None,
        mapping: Annotated[Path | None, option("--mapping", key="mapping")] = None,
        report: Annotated[Path | None, option("--report", key="report")] = None,
        checked: Annotated[list[str] | None, option("--checked", key="checked")] = None,
        encoding: Annotated[str, option("--encoding", key="encoding")] = "",
        sheet: Annotated[str, option("--sheet", key="sheet")] = "",
    ) -> int:
        from agentdesk.cli import importing

        return importing.run(file, pairs or (), mapping, checked or (), encoding, sheet, report, dry_run)

    @request.command("list", cls=Command, help=t("cli.command.request_list"))
    def _list(as_json: Annotated[bool, option("--json", key="json")] = False) -> None:
        from agentdesk.desk import rows

        with opened_desk("request list", write=False) as desk:
            found = rows.listed(desk)
        if as_json:
            print_json(found)
            return
        for row in found:
            out("  ".join(row[name] for name in ("number", "priority", "state", "customer_name", "title")))

    @request.command("show", cls=Command, help=t("cli.command.request_show"))
    def _show(
        number: Annotated[str, argument("number")], as_json: Annotated[bool, option("--json", key="json")] = False
    ) -> None:
        from agentdesk.desk import rows, workspace

        with opened_desk("request show", write=False) as desk:
            found = rows.shown(desk, workspace.find(desk, number))
        if as_json:
            print_json(found)
            return
        for name in ("number", "state", "priority", "category", "title"):
            out(f"{name}  {found[name]}")
        for name, value in found["record"].items():
            out(f"{name}  {value}")


def _add_export(app: typer.Typer) -> None:
    export = group("export")
    app.add_typer(export, name="export")

    @export.command("requests", cls=Command, help=t("cli.command.export_requests"))
    def _requests(
        form: Annotated[str, option("--format", key="format")] = "jsonl",
        output: Annotated[Path | None, option("--output", key="output")] = None,
        headers: Annotated[str, option("--headers", key="headers")] = "code",
    ) -> None:
        from agentdesk.cli import exporting

        exporting.run(form, output, headers)

    @export.callback()
    def _export() -> None:
        """A group of one command stays a group."""
