"""The commands. Imported only when one is used: typer alone costs 0.4 of the start budget.

Results go to standard output, refusals as one sentence to standard error. Exit code 0: done, 1: refused, 2: wrong use.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from agentdesk import preferences
from agentdesk.domain.refusal import Refusal
from agentdesk.present import console, i18n
from agentdesk.present.i18n import t
from agentdesk.store import StoreHeld
from agentdesk.text.clean import clean_line

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.views import DoctorLine

DONE, REFUSED, WRONG = 0, 1, 2
DEFAULT_PORT = 8743


def main(words: Sequence[str]) -> int:
    """Run a command; returns the exit code. Every foreseen fault ends as a sentence on standard error."""
    i18n.use(console.language())
    try:
        code = build()(list(words), prog_name="agentdesk", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except BrokenPipeError:
        # The reader went away (`| head`): what is left has nowhere to go, and Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130
    except TyperException as error:
        return _wrong_use(error)
    except Exception as error:
        words_of_it = console.sentence_of(error)
        if words_of_it is None:
            raise
        _say(words_of_it)
        return REFUSED


def _wrong_use(error: TyperException) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":  # the message is the help, of several lines
        sys.stderr.write(f"{error.message}\n")
    else:
        _say(error.message if isinstance(error, WrongUse) else console.usage(error))
    return WRONG


def _say(words: str) -> None:
    """Say one sentence on standard error; what was typed may stand in it, so private numbers are replaced."""
    from agentdesk.text.privacy import redact

    sys.stderr.write(redact(clean_line(words, 2_000))[0] + "\n")
    sys.stderr.flush()


def _out(text: str) -> None:
    """Write one line of result as UTF-8 whatever the terminal's locale is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _json(value: Any) -> None:
    """Write one JSON value on a line; a lone surrogate, which UTF-8 cannot hold, stays escaped."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value, sort_keys=True)
    _out(text)


class WrongUse(TyperException):
    """Wrong use that typer does not find by itself; `message` is our own sentence."""

    exit_code = WRONG


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return console.help_text(ctx)


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return console.help_text(ctx)


def _opt(*names: str, key: str, **more: Any) -> Any:
    return typer.Option(*names, help=t(f"cli.option.{key}"), **more)


def _arg(key: str, **more: Any) -> Any:
    return typer.Argument(help=t(f"cli.argument.{key}"), show_default=False, **more)


def _group(key: str, **more: Any) -> typer.Typer:
    more = {"no_args_is_help": True, "add_completion": False, "rich_markup_mode": None, **more}
    return typer.Typer(cls=_Group, help=t(f"cli.command.{key}"), **more)


# -- the desk of a command --------------------------------------------------------------------------------------------


@contextmanager
def _desk(what: str, *, write: bool, fresh: bool = False) -> Iterator[Desk]:
    """Open this person's desk; a reading command reads on beside the process that writes.

    `fresh`: the first run may still be to come. Raises Refusal setup.missing, StoreHeld for a writing command.
    """
    from agentdesk.desk.context import open_desk

    if not fresh and not preferences.paths().store.exists():
        raise Refusal("setup.missing")
    try:
        desk = open_desk(what=f"agentdesk {what}")
    except StoreHeld:
        if write:
            raise
        desk = open_desk(write=False)
    try:
        if not fresh:
            _ = desk.me
        yield desk
    finally:
        desk.close()


def _input(file: str) -> bytes:
    """The bytes of a file, of standard input for `-`."""
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


# -- commands ---------------------------------------------------------------------------------------------------------


def build() -> typer.Typer:
    """Make the app; the help is read from the catalogue in use, so it is made anew for each run."""
    app = _group("agentdesk", pretty_exceptions_enable=False)
    _add_person(app)
    _add_demo(app)
    _add_request(app)
    _add_knowledge(app)
    _add_centre(app)
    return app


def _add_person(app: typer.Typer) -> None:
    @app.command("setup", cls=_Command, help=t("cli.command.setup"))
    def _setup(
        name: Annotated[str, _opt("--name", key="name")],
        work_no: Annotated[str, _opt("--work-no", key="work_no")],
        team: Annotated[str, _opt("--team", key="team")],
        lang: Annotated[str, _opt("--lang", key="lang")] = "zh_CN",
    ) -> None:
        from agentdesk.desk import setup

        with _desk("setup", write=True, fresh=True) as desk:
            made = setup.first_run(desk, name, work_no, team, lang.replace("-", "_"))
        i18n.use(made.language)
        _out(t("cli.done.setup", name=made.name, work_no=made.work_no, team=made.team_name, slug=made.team_slug))

    @app.command("doctor", cls=_Command, help=t("cli.command.doctor"))
    def _doctor(
        as_json: Annotated[bool, _opt("--json", key="json")] = False,
        digest: Annotated[bool, _opt("--digest", key="digest")] = False,
        online: Annotated[bool, _opt("--online", key="online")] = False,
    ) -> None:
        from agentdesk.desk import doctor, rows

        if digest:
            with _desk("doctor", write=False, fresh=True) as desk:
                found = doctor.digest(desk)
            _json(found) if as_json else _out(str(found["digest"]))
            return
        lines = [*doctor.machine(preferences.paths()), *_desk_lines(online), *console.preference_lines()]
        if as_json:
            _json({"lines": rows.plain(lines), "ok": all(line.ok for line in lines)})
            return
        from agentdesk.present import doctor as shown

        for line in (*shown.lines(lines), *shown.sample()):
            _out(line)

    @app.command("lint", cls=_Command, help=t("cli.command.lint"))
    def _lint(file: Annotated[str, _arg("lint")] = "-") -> None:
        from agentdesk.desk import rows
        from agentdesk.desk.library import shipped_rules
        from agentdesk.text.lint import Linter

        linter = Linter(shipped_rules())
        for number, line in rows.lines(_input(file)):
            _json(_linted(linter, number, line))


def _desk_lines(online: bool) -> list[DoctorLine]:
    """What doctor finds in the store, or the one line that says why it cannot be opened."""
    from agentdesk.desk import doctor
    from agentdesk.desk.views import DoctorLine
    from agentdesk.present import troubles

    paths = preferences.paths()
    if not paths.store.exists():
        return [doctor.NOBODY]
    try:
        with _desk("doctor", write=False, fresh=True) as desk:
            lines = doctor.examine(desk)
            identity = desk.identity
    except Exception as error:  # whatever it is, the other checks have been made
        said = troubles.sentence(error, paths.data)
        if said is None:
            raise
        return [DoctorLine("store", str(paths.store), ok=False, why=said)]
    if online and identity is not None and identity.joined:
        from agentdesk.sync.probe import probe

        problem, offset = probe(identity, paths.token)
        why = _sync_error(problem) if problem else ""
        lines = [line for line in lines if problem or line.code != "offset_ms"]
        lines.append(DoctorLine("online", problem or "yes", not problem, why))
        if not problem:
            lines.append(DoctorLine("offset_ms", str(offset), abs(offset) < doctor.SKEW_MS))
    return lines


def _linted(linter: Any, number: int, line: str) -> dict[str, Any]:
    """One line of lint's answer: of a plain line, or of a JSON object with id and text."""
    from agentdesk.text.privacy import redact

    row_id, text = _lint_row(number, line)
    shown = ("start", "end", "rule", "category", "severity", "kind", "text", "replacement")
    findings = [{name: getattr(found, name) for name in shown} for found in linter.check(text)]
    return {"id": row_id, "findings": findings, "clean": redact(text)[0]}


def _lint_row(number: int, line: str) -> tuple[Any, str]:
    if line.lstrip().startswith("{"):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            return number, line
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            return row.get("id", number), row["text"]
    return number, line


def _add_demo(app: typer.Typer) -> None:
    @app.command("demo", cls=_Command, help=t("cli.command.demo"))
    def _demo(
        seed: Annotated[int, _opt("--seed", key="seed")] = 1,
        pace: Annotated[float, _opt("--pace", key="pace", min=0.2, max=3600.0)] = 9.0,
    ) -> int:
        from agentdesk.app.demo import begin

        code = begin.run(i18n.language(), seed, pace, lambda key: _say(t(key)))
        if code == DONE:
            _say(t("demo.over"))
        return code


def _add_request(app: typer.Typer) -> None:
    request, export = _group("request"), _group("export")
    app.add_typer(request, name="request")
    app.add_typer(export, name="export")

    @request.command("add", cls=_Command, help=t("cli.command.request_add"))
    def _add(
        file: Annotated[str, _arg("rows")],
        checked: Annotated[list[str] | None, _opt("--checked", key="checked")] = None,
    ) -> None:
        from agentdesk.desk import rows

        data = _input(file)
        with _desk("request add", write=True) as desk:
            for made in rows.add_requests(desk, data, checked or ()):
                _out(f"{made.number} {made.request_id}")

    @request.command("list", cls=_Command, help=t("cli.command.request_list"))
    def _list(as_json: Annotated[bool, _opt("--json", key="json")] = False) -> None:
        from agentdesk.desk import rows

        with _desk("request list", write=False) as desk:
            found = rows.listed(desk)
        if as_json:
            _json(found)
            return
        for row in found:
            _out("  ".join(row[name] for name in ("number", "priority", "state", "customer_name", "title")))

    @request.command("show", cls=_Command, help=t("cli.command.request_show"))
    def _show(
        number: Annotated[str, _arg("number")], as_json: Annotated[bool, _opt("--json", key="json")] = False
    ) -> None:
        from agentdesk.desk import rows, workspace

        with _desk("request show", write=False) as desk:
            found = rows.shown(desk, workspace.find(desk, number))
        if as_json:
            _json(found)
            return
        for name in ("number", "state", "priority", "category", "title"):
            _out(f"{name}  {found[name]}")
        for name, value in found["record"].items():
            _out(f"{name}  {value}")

    @export.command("requests", cls=_Command, help=t("cli.command.export_requests"))
    def _requests(
        form: Annotated[str, _opt("--format", key="format")] = "jsonl",
        output: Annotated[Path | None, _opt("--output", key="output")] = None,
    ) -> None:
        from agentdesk.desk import exporting

        if form != "jsonl":
            raise WrongUse(t("cli.usage.format", form=form))
        with _desk("export requests", write=False) as desk:
            found = exporting.requests(desk)
            if output is None:
                for row in found:
                    _json(row)
            else:
                text = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in found)
                preferences.replace_file(output, text.encode("utf-8", "replace"))

    @export.callback()
    def _export() -> None:
        """A group of one command stays a group."""


def _add_knowledge(app: typer.Typer) -> None:
    kb = _group("kb")
    app.add_typer(kb, name="kb")

    @kb.command("import", cls=_Command, help=t("cli.command.kb_import"))
    def _import(files: Annotated[list[str], _arg("articles")]) -> None:
        from agentdesk.desk import knowledge, rows

        wanted = [row for file in files for _, row in rows.objects(_input(file))]
        with _desk("kb import", write=True) as desk:
            made = knowledge.import_articles(desk, wanted)
        _out(t("cli.done.import", created=made.created, updated=made.updated, unchanged=made.unchanged))

    @kb.command("search", cls=_Command, help=t("cli.command.kb_search"))
    def _search(
        words: Annotated[list[str] | None, _arg("words")] = None,
        limit: Annotated[int, _opt("--limit", key="limit", min=1, max=1000)] = 10,
        as_json: Annotated[bool, _opt("--json", key="json")] = False,
        queries: Annotated[str, _opt("--queries", key="queries")] = "",
    ) -> None:
        if bool(queries) == bool(words) or (queries and not as_json):
            raise WrongUse(t("cli.usage.search"))
        with _desk("kb search", write=False) as desk:
            if queries:
                _search_batch(desk, queries, limit)
                return
            hits = _hits(desk, " ".join(words or ()), limit)
        if as_json:
            _json(hits)
            return
        for hit in hits:
            _out(f"{hit['score']:>8.2f}  {hit['title']}  ({hit['id']})")


def _search_batch(desk: Desk, file: str, limit: int) -> None:
    from agentdesk.desk import rows

    for line, row in rows.objects(_input(file)):
        if not isinstance(row.get("query"), str):
            raise rows.RowRefused(line, Refusal("import.invalid", field="query", problem="not_a_value"))
        _json({"id": row.get("id", line), "hits": _hits(desk, row["query"], limit)})


def _hits(desk: Desk, words: str, limit: int) -> list[dict[str, Any]]:
    from agentdesk.desk import knowledge

    found = knowledge.search(desk, words, limit)
    return [{"id": hit.source_id or hit.id, "title": hit.title, "score": round(hit.score, 4)} for hit in found]


def _add_centre(app: typer.Typer) -> None:
    central = _group("central", no_args_is_help=False)
    app.add_typer(central, name="central")

    @central.callback(invoke_without_command=True)
    def _central(
        ctx: typer.Context,
        data: Annotated[Path | None, _opt("--data", key="data")] = None,
        port: Annotated[int, _opt("--port", key="port", min=0, max=65535)] = DEFAULT_PORT,
        host: Annotated[str, _opt("--host", key="host")] = "127.0.0.1",
    ) -> None:
        if ctx.invoked_subcommand is not None:
            return
        if data is None:
            raise WrongUse(t("cli.usage.missing", name="--data"))
        from agentdesk.central import serve

        serve(data, port, ready=lambda url: _out(t("cli.done.central", url=url)), host=host)

    @central.command("enrol", cls=_Command, help=t("cli.command.central_enrol"))
    def _enrol(
        data: Annotated[Path, _opt("--data", key="data")],
        team: Annotated[str, _opt("--team", key="team")],
        role: Annotated[str, _opt("--role", key="role")],
    ) -> None:
        from agentdesk.central import enrol

        code = enrol(data, team, role)
        _out(t("cli.done.enrol", team=clean_line(team), role=role))
        _out(code)

    @app.command("join", cls=_Command, help=t("cli.command.join"))
    def _join(
        url: Annotated[str, _arg("url")],
        code: Annotated[str, _arg("code")],
        allow_plain: Annotated[bool, _opt("--allow-plain", key="allow_plain")] = False,
    ) -> None:
        from agentdesk.sync.join import join

        with _desk("join", write=True) as desk:
            made = join(desk.store, desk.journal, url, code, allow_plain=allow_plain)
        who = made.identity
        _out(t("cli.done.join", name=who.name, team=who.team_name, letters=who.letters, brought=made.brought))

    @app.command("sync", cls=_Command, help=t("cli.command.sync"))
    def _sync(
        once: Annotated[bool, _opt("--once", key="once")] = False,
        as_json: Annotated[bool, _opt("--json", key="json")] = False,
    ) -> int:
        from agentdesk.desk import rows
        from agentdesk.sync.exchange import sync_once

        if not once:
            raise WrongUse(t("cli.usage.missing", name="--once"))
        with _desk("sync", write=True) as desk:
            done = sync_once(desk.store, desk.journal, desk.me)
        if as_json:
            _json(rows.plain(done))
        else:
            _out(t("cli.done.sync", pushed=done.pushed, pulled=done.pulled, parked=done.parked))
        for scope, reason in done.stopped:
            _say(f"{scope}: {_sync_error(reason)}")
        if done.error:
            _say(_sync_error(done.error))
        return REFUSED if done.error or done.stopped else DONE


def _sync_error(code: str) -> str:
    key = f"sync.problem.{code}"
    return t(key) if i18n.known(key) else t("cli.sync.error", code=clean_line(code, 80))
