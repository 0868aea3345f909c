"""Help: what can be done here, made from the table of keys, with a word about the field in hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import ScrollableContainer, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from agentdesk.present import keys
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import DIM, STRONG, fit, line, lines, wrapped
from agentdesk.screens.asking import DeskPanel
from agentdesk.widgets.record_form import RecordForm

if TYPE_CHECKING:
    from textual.widget import Widget

KEY_CELLS = 18
BOX_CELLS, EDGE_CELLS = 90, 5
"""Widest box, as its style says, and what its padding and scrollbar take of it."""


def about(widget: Widget | None) -> str:
    """Return the catalogue key of what a widget is for: the nearest word to it that there is; empty for none.

    A field of a form has `help.field.<name>`; a form that uses names in another sense has `help.<form id>.<name>`, or
    one word for all, `help.at.<form id>`. Anything else has its `HELP_KEY`, `help.at.<id>` or `help.scope.<scope>`.
    """
    for key in _words_for(widget):
        if known(key):
            return key
    return ""


def _words_for(widget: Widget | None) -> Iterator[str]:
    own = str(getattr(widget, "HELP_KEY", ""))
    field = own.removeprefix("help.field.") if own.startswith("help.field.") else ""
    around = list(widget.ancestors_with_self) if widget is not None else []
    if field:
        for one in around:
            if isinstance(one, RecordForm):
                yield from (f"help.{one.id}.{field}", f"help.at.{one.id}", own)
    for one in around:
        if key := str(getattr(one, "HELP_KEY", "")):
            yield key
        yield f"help.at.{one.id}"
        if scope := getattr(one, "SCOPE", ""):
            yield f"help.scope.{scope}"


def own_keys(widget: Widget | None) -> str:
    """Return the catalogue key of the keys that a widget has by itself, on whatever screen; empty for unknown ones."""
    key = str(getattr(widget, "HELP_KEYS", ""))
    return key or ("help.keys.scroll" if isinstance(widget, ScrollableContainer) else "")


def told(widget: Widget | None) -> Content | None:
    """Return what the help says of the widget in hand; None where nothing has the focus."""
    rows = [line((t("help.focused"), DIM))]
    rows += [line((t(key), style)) for key, style in ((about(widget), "$text-primary"), (own_keys(widget), "")) if key]
    return lines(*rows) if len(rows) > 1 else None


def row(pressed: str, said: str, cells: int) -> Content:
    """Return one key and what it does; further lines stand below the first word, not below the key."""
    first, *more = wrapped(said, max(12, cells - KEY_CELLS))
    head = line((fit(pressed, KEY_CELLS), "$text-primary"), first)
    return lines(head, *(line(" " * KEY_CELLS, text) for text in more))


def page(scope: str, cells: int) -> Content:
    """Return the help page of a screen, so many cells wide."""
    own = {action.id for action in keys.of_scope(scope)} if scope in keys.SCOPES and scope != "app" else set()
    rows = keys.help_rows(scope if scope in keys.SCOPES else "app")
    here = [one for one in rows if one.id in own]
    everywhere = [one for one in rows if one.id not in own]
    parts: list[Content] = []
    for title, group in ((t("help.here"), here), (t("help.everywhere"), everywhere)):
        if not group:
            continue
        parts.append(line((title, DIM)))
        parts += [row(one.keys, one.help, cells) for one in group]
        parts.append(Content(""))
    parts.append(line((t("help.fields"), DIM)))
    parts += [
        row(pressed, t(key), cells)
        for pressed, key in (
            ("Tab / Shift+Tab", "help.key.tab"),
            (t("help.key.digits.name"), "help.key.digits"),
            ("Enter", "help.key.enter"),
            (t("help.key.arrows.name"), "help.key.arrows"),
        )
    ]
    return lines(*parts)


class HelpPanel(DeskPanel[None]):
    """A page over the screen; escape or F1 closes it."""

    SCOPE = "help"

    def __init__(self, scope: str, focused: Widget | None) -> None:
        super().__init__()
        self._scope = scope
        self._told = told(focused)

    def compose(self) -> ComposeResult:
        """Show the field's word, then the keys."""
        with VerticalScroll(id="help-box", classes="box", can_focus=True):
            yield Static(line((t("help.title"), STRONG)), classes="box-title")
            if self._told is not None:
                yield Static(self._told, classes="help-about", markup=False)
            yield Static(page(self._scope, min(BOX_CELLS, self.app.size.width * 96 // 100) - EDGE_CELLS), classes="gap")

    def action_help(self) -> None:
        """Close: the same key that opened it."""
        self.dismiss()
