"""Words of the command line: which language, refusals and wrong use as sentences, the help.

Separate from what screens show: nothing here imports Textual, and codes stay codes, since scripts read them too.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from agentdesk import preferences
from agentdesk.desk.rows import RowRefused
from agentdesk.desk.views import DoctorLine
from agentdesk.domain.refusal import Refusal
from agentdesk.present import i18n, keymap, troubles
from agentdesk.present.i18n import t
from agentdesk.store.identity import load_identity
from agentdesk.text.clean import clean_line

_NO_COMMAND = re.compile("No such command '(.*)'")
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL)
_PIECES = {"[OPTIONS]": "cli.help.piece_options", "COMMAND [ARGS]...": "cli.help.piece_command"}
_USAGE = {
    "MissingParameter": "cli.usage.missing",
    "NoSuchOption": "cli.usage.no_option",
    "BadParameter": "cli.usage.value",
    "BadOptionUsage": "cli.usage.option",
    "BadArgumentUsage": "cli.usage.argument",
    "UsageError": "cli.usage.command",
}
"""Kind of the parser's fault -> our sentence."""


def language(paths: preferences.Paths | None = None) -> str:
    """The language of this person: chosen, else that of the first run, else the system's."""
    try:
        paths = paths or preferences.paths()
        if chosen := preferences.load(paths.preferences).preferences.language:
            return chosen
        if paths.store.exists():
            with _reading(paths.store) as conn:
                identity = load_identity(conn)
            if identity is not None:
                return identity.language
    except (OSError, ValueError, TypeError, sqlite3.Error):
        # A broken store must not keep its own sentence from being said: the command meets it again.
        return i18n.system_wish()
    return i18n.system_wish()


def preference_lines() -> list[DoctorLine]:
    """What `doctor` says of the preferences: where they stand, or one line for each thing that is wrong in them."""
    path = preferences.paths().preferences
    faults = keymap.usable(preferences.load(path)).faults
    wrong = [DoctorLine("preferences", clean_line(keymap.sentence(fault), 400), ok=False) for fault in faults]
    return [DoctorLine("preferences", str(path)), *wrong]


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    wal = path.with_name(path.name + "-wal")
    # Where nobody writes, reading must not leave files of its own beside the store.
    how = "mode=ro" if wal.exists() and wal.stat().st_size else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as conn:
        yield conn


def sentence(refusal: Refusal) -> str:
    """The sentence of a refusal in the user's language."""
    args = {name: _word(name, value) for name, value in refusal.args.items()}
    return t(refusal.key, **args) if i18n.known(refusal.key) else t("cli.refused", code=refusal.code)


def _word(name: str, value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(clean_line(str(item), 80) for item in value)
    if name == "phrase_field":
        from agentdesk.present.columns import phrase_label  # only a phrase is refused so

        return phrase_label(str(value))
    key = f"problem.{value}"
    return t(key) if name == "problem" and i18n.known(key) else clean_line(str(value), 200)


def sentence_of(error: Exception) -> str | None:
    """The sentence of what may go wrong, None for what nobody foresaw."""
    if isinstance(error, Refusal):
        return sentence(error)
    if isinstance(error, RowRefused):
        return t("cli.line", line=error.line, sentence=sentence(error.refusal))
    return troubles.sentence(error, preferences.paths().data)


def usage(error: Any) -> str:
    """The sentence of a fault that the parser of the command line found; its own sentences are English only."""
    if found := _NO_COMMAND.match(error.message):
        return t("cli.usage.no_command", name=clean_line(found.group(1), 40))
    if found := _EXTRA.match(error.message):
        return t("cli.usage.extra", words=clean_line(found.group(1), 80))
    param = getattr(error, "param", None)
    name = getattr(error, "option_name", "") or (_spelling(param) if param is not None else "")
    return t(_USAGE.get(type(error).__name__, "cli.usage.other"), name=name)


def _spelling(param: Any) -> str:
    return str(param.opts[0] if param.param_type_name == "option" else param.name.upper())


def help_text(ctx: Any) -> str:
    """The help of a command, laid out from the catalogue: usage, what it does, commands, arguments and options."""
    command = ctx.command
    pieces = (t(_PIECES[piece]) if piece in _PIECES else piece for piece in command.collect_usage_pieces(ctx))
    parts = [
        f"{t('cli.help.usage')} {' '.join((ctx.command_path, *pieces))}",
        "",
        f"  {command.help or ''}",
    ]
    listed = [(name, sub.help or "") for name, sub in sorted(getattr(command, "commands", {}).items())]
    options = [_described(param) for param in command.get_params(ctx)]
    for title, rows in ((t("cli.help.commands"), listed), (t("cli.help.options"), options)):
        if rows:
            width = max(len(name) for name, _ in rows)
            parts += ["", title, *(f"  {name:<{width}}  {text}".rstrip() for name, text in rows)]
    return "\n".join(parts)


def _described(param: Any) -> tuple[str, str]:
    if param.name == "help":
        return "--help", t("cli.help.help")
    return ", ".join(param.opts) if param.param_type_name == "option" else param.name.upper(), param.help or ""
