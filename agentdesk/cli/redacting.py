"""Taking a value out of a request, by command. The value is asked for without echo and never stands in the arguments:
those are kept by shells and shown to everybody by the process list."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from agentdesk.cli.common import Command, argument, opened_desk, option, out, say
from agentdesk.domain.refusal import Refusal
from agentdesk.present import redactions
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk

DONE, REFUSED = 0, 1


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("redact", cls=Command, help=t("cli.command.redact"))
    def _redact(
        number: Annotated[str, argument("number")],
        why: Annotated[str, option("--why", key="redact_why")],
        yes: Annotated[bool, option("--yes", key="redact_yes")] = False,
    ) -> int:
        with opened_desk("redact", write=True) as desk:
            return _run(desk, number, why, yes)


def _run(desk: Desk, number: str, why: str, yes: bool) -> int:
    from agentdesk.desk import workspace
    from agentdesk.domain import redaction
    from agentdesk.sync import redaction as doing
    from agentdesk.sync.exchange import sync_once

    if not redaction.may_redact(desk.me.roles):
        raise Refusal("redact.role")
    root = workspace.find(desk, number)
    if desk.me.joined:  # the centre can take out only what it has
        sync_once(desk.store, desk.journal, desk.me)
    order = redaction.order(root, _value(), why)
    found = doing.look(desk.journal, order)
    out(t("redact.ask", places=found.places))
    out(redactions.found(found))
    out(t("redact.reach"))
    if not (yes or _agreed()):
        say(t("cli.redact.left"))
        return REFUSED
    done = doing.redact(desk.journal, order)
    problem = doing.follow(desk.store, desk.journal, desk.me, done)
    out(t("redact.done", places=done.found.places))
    if done.copies:
        out(t("redact.copies", copies=done.copies))
    if problem:
        say(t("cli.redact.later"))
    return REFUSED if problem else DONE


def _value() -> str:
    """Ask for the value: typed without echo at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(t("cli.redact.value") + " ")
    return sys.stdin.buffer.readline().decode("utf-8", "replace").rstrip("\r\n")


def _agreed() -> bool:
    """Ask at a terminal; without one nobody can say yes but by the option."""
    if not sys.stdin.isatty():
        return False
    sys.stderr.write(t("cli.redact.confirm") + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
