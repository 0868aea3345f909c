"""The commands. Imported only when one is used: typer alone costs 0.4 of the start budget.

Results go to standard output, refusals as one sentence to standard error. Exit code 0: done, 1: refused, 2: wrong use.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from agentdesk import preferences
from agentdesk.cli import knowledge, linting, phrases, redacting, requests, rules
from agentdesk.cli.common import (
    DONE,
    REFUSED,
    WRONG,
    Command,
    WrongUse,
    argument,
    group,
    opened_desk,
    option,
    out,
    print_json,
    say,
)
from agentdesk.present import console, i18n
from agentdesk.present.i18n import t
from agentdesk.present.troubles import OUTPUT
from agentdesk.text.clean import clean_line

if TYPE_CHECKING:
    from agentdesk.desk.views import DoctorLine

DEFAULT_PORT = 8743


def main(words: Sequence[str]) -> int:
    """Run a command; returns the exit code. Every foreseen fault ends as a sentence on standard error."""
    i18n.use(console.language())
    try:
        code = build()(list(words), prog_name="agentdesk", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except BrokenPipeError:
        _drop_output()  # the reader went away (`| head`)
        return DONE
    except KeyboardInterrupt:
        return 130
    except TyperException as error:
        return _wrong_use(error)
    except Exception as error:
        words_of_it = console.sentence_of(error)
        if words_of_it is None:
            raise
        say(words_of_it)
        if getattr(error, "filename", None) == OUTPUT:
            _drop_output()
        return REFUSED


def _drop_output() -> None:
    """Let what is left go nowhere: Python would complain at its end that it cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _wrong_use(error: TyperException) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":  # the message is the help, of several lines
        sys.stderr.write(f"{error.message}\n")
    else:
        say(error.message if isinstance(error, WrongUse) else console.usage(error))
    return WRONG


# -- commands ---------------------------------------------------------------------------------------------------------


def build() -> typer.Typer:
    """Make the app; the help is read from the catalogue in use, so it is made anew for each run."""
    app = group("agentdesk", pretty_exceptions_enable=False)
    _add_person(app)
    linting.add_to(app)
    rules.add_to(app)
    phrases.add_to(app)
    _add_demo(app)
    requests.add_to(app)
    knowledge.add_to(app)
    redacting.add_to(app)
    _add_centre(app)
    return app


def _add_person(app: typer.Typer) -> None:
    @app.command("setup", cls=Command, help=t("cli.command.setup"))
    def _setup(
        name: Annotated[str, option("--name", key="name")],
        work_no: Annotated[str, option("--work-no", key="work_no")],
        team: Annotated[str, option("--team", key="team")],
        lang: Annotated[str, option("--lang", key="lang")] = "zh_CN",
    ) -> None:
        from agentdesk.desk import setup

        with opened_desk("setup", write=True, fresh=True) as desk:
            made = setup.first_run(desk, name, work_no, team, lang.replace("-", "_"))
        i18n.use(made.language)
        out(t("cli.done.setup", name=made.name, work_no=made.work_no, team=made.team_name, slug=made.team_slug))

    @app.command("doctor", cls=Command, help=t("cli.command.doctor"))
    def _doctor(
        as_json: Annotated[bool, option("--json", key="json")] = False,
        digest: Annotated[bool, option("--digest", key="digest")] = False,
        online: Annotated[bool, option("--online", key="online")] = False,
    ) -> None:
        from agentdesk.desk import doctor, rows

        if digest:
            with opened_desk("doctor", write=False, fresh=True) as desk:
                found = doctor.digest(desk)
            print_json(found) if as_json else out(str(found["digest"]))
            return
        lines = [*doctor.machine(preferences.paths()), *_desk_lines(online), *console.preference_lines()]
        if as_json:
            print_json({"lines": rows.plain(lines), "ok": all(line.ok for line in lines)})
            return
        from agentdesk.present import doctor as shown

        for line in (*shown.lines(lines), *shown.sample()):
            out(line)


def _desk_lines(online: bool) -> list[DoctorLine]:
    """What doctor finds in the store, or the one line that says why it cannot be opened."""
    from agentdesk.desk import doctor
    from agentdesk.desk.views import DoctorLine
    from agentdesk.present import troubles

    paths = preferences.paths()
    if not paths.store.exists():
        return [doctor.NOBODY]
    try:
        with opened_desk("doctor", write=False, fresh=True) as desk:
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


def _add_demo(app: typer.Typer) -> None:
    @app.command("demo", cls=Command, help=t("cli.command.demo"))
    def _demo(
        seed: Annotated[int, option("--seed", key="seed")] = 1,
        pace: Annotated[float, option("--pace", key="pace", min=0.2, max=3600.0)] = 9.0,
    ) -> int:
        from agentdesk.app.demo import begin

        code = begin.run(i18n.language(), seed, pace, lambda key: say(t(key)))
        if code == DONE:
            say(t("demo.over"))
        return code


def _add_centre(app: typer.Typer) -> None:
    central = group("central", no_args_is_help=False)
    app.add_typer(central, name="central")

    @central.callback(invoke_without_command=True)
    def _central(
        ctx: typer.Context,
        data: Annotated[Path | None, option("--data", key="data")] = None,
        port: Annotated[int, option("--port", key="port", min=0, max=65535)] = DEFAULT_PORT,
        host: Annotated[str, option("--host", key="host")] = "127.0.0.1",
    ) -> None:
        if ctx.invoked_subcommand is not None:
            return
        if data is None:
            raise WrongUse(t("cli.usage.missing", name="--data"))
        from agentdesk.central import serve

        serve(data, port, ready=lambda url: out(t("cli.done.central", url=url)), host=host)

    @central.command("enrol", cls=Command, help=t("cli.command.central_enrol"))
    def _enrol(
        data: Annotated[Path, option("--data", key="data")],
        team: Annotated[str, option("--team", key="team")],
        role: Annotated[str, option("--role", key="role")],
    ) -> None:
        from agentdesk.central import enrol

        code = enrol(data, team, role)
        out(t("cli.done.enrol", team=clean_line(team), role=role))
        out(code)

    @app.command("join", cls=Command, help=t("cli.command.join"))
    def _join(
        url: Annotated[str, argument("url")],
        code: Annotated[str, argument("code")],
        allow_plain: Annotated[bool, option("--allow-plain", key="allow_plain")] = False,
    ) -> None:
        from agentdesk.sync.join import join

        with opened_desk("join", write=True) as desk:
            made = join(desk.store, desk.journal, url, code, allow_plain=allow_plain)
        who = made.identity
        out(t("cli.done.join", name=who.name, team=who.team_name, letters=who.letters, brought=made.brought))

    @app.command("sync", cls=Command, help=t("cli.command.sync"))
    def _sync(
        once: Annotated[bool, option("--once", key="once")] = False,
        as_json: Annotated[bool, option("--json", key="json")] = False,
    ) -> int:
        from agentdesk.desk import rows
        from agentdesk.sync.exchange import sync_once

        if not once:
            raise WrongUse(t("cli.usage.missing", name="--once"))
        with opened_desk("sync", write=True) as desk:
            done = sync_once(desk.store, desk.journal, desk.me)
        if as_json:
            print_json(rows.plain(done))
        else:
            out(t("cli.done.sync", pushed=done.pushed, pulled=done.pulled, parked=done.parked))
        for scope, reason in done.stopped:
            say(f"{scope}: {_sync_error(reason)}")
        if done.error:
            say(_sync_error(done.error))
        return REFUSED if done.error or done.stopped else DONE


def _sync_error(code: str) -> str:
    key = f"sync.problem.{code}"
    return t(key) if i18n.known(key) else t("cli.sync.error", code=clean_line(code, 80))
