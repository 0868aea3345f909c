"""What every command uses: the desk of a command, results to standard output, sentences to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from agentdesk import preferences
from agentdesk.domain.refusal import Refusal
from agentdesk.present import console
from agentdesk.present.i18n import t
from agentdesk.present.troubles import OUTPUT
from agentdesk.store import StoreHeld
from agentdesk.text.clean import clean_line

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk

DONE, REFUSED, WRONG = 0, 1, 2


def say(words: str) -> None:
    """Say one sentence on standard error; what was typed may stand in it, so it is masked as in the log."""
    from agentdesk.domain.masking import mask_contacts
    from agentdesk.text.privacy import redact

    sys.stderr.write(mask_contacts(redact(clean_line(words, 2_000))[0]) + "\n")
    sys.stderr.flush()


def out(text: str) -> None:
    """Write one line of result as UTF-8 whatever the terminal's locale is."""
    with preferences.naming(OUTPUT):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()


def print_json(value: Any) -> None:
    """Write one JSON value on a line; a lone surrogate, which UTF-8 cannot hold, stays escaped."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(value, sort_keys=True)
    out(text)


class WrongUse(TyperException):
    """Wrong use that typer does not find by itself; `message` is our own sentence."""

    exit_code = WRONG


class Command(TyperCommand):
    """A command whose help comes from the catalogue."""

    def get_help(self, ctx: Any) -> str:
        """Its help."""
        return console.help_text(ctx)


class Group(TyperGroup):
    """A group whose help comes from the catalogue."""

    def get_help(self, ctx: Any) -> str:
        """Its help."""
        return console.help_text(ctx)


def option(*names: str, key: str, **more: Any) -> Any:
    """An option with its words."""
    return typer.Option(*names, help=t(f"cli.option.{key}"), **more)


def argument(key: str, **more: Any) -> Any:
    """An argument with its words."""
    return typer.Argument(help=t(f"cli.argument.{key}"), show_default=False, **more)


def group(key: str, **more: Any) -> typer.Typer:
    """A group of commands with its words."""
    more = {"no_args_is_help": True, "add_completion": False, "rich_markup_mode": None, **more}
    return typer.Typer(cls=Group, help=t(f"cli.command.{key}"), **more)


# -- the desk of a command --------------------------------------------------------------------------------------------


@contextmanager
def opened_desk(what: str, *, write: bool, fresh: bool = False) -> Iterator[Desk]:
    """Open this person's desk; a reading command reads on beside the process that writes.

    `fresh`: the first run may still be to come. Raises Refusal setup.missing, StoreHeld for a writing command.
    """
    from agentdesk.desk.context import open_desk
    from agentdesk.desk.exported import take_over

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
            take_over(desk)
        yield desk
    finally:
        desk.close()


def read_input(file: str) -> bytes:
    """The bytes of a file, of standard input for `-`."""
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
