"""Help: what can be done here, made from the table of keys, with a word about the field in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from agentdesk.present import keys
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import DIM, STRONG, fit, line, lines
from agentdesk.screens.asking import DeskPanel

if TYPE_CHECKING:
    from textual.widget import Widget

KEY_CELLS = 18


def about(widget: Widget | None) -> str:
    """Return the catalogue key of the help of a widget: its own `HELP_KEY`, or that of the nearest one around it."""
    while widget is not None:
        key = getattr(widget, "HELP_KEY", "")
        if key and known(key):
            return str(key)
        widget = widget.parent if widget.parent is not None and hasattr(widget.parent, "parent") else None  # type: ignore[assignment]
    return ""


def page(scope: str) -> Content:
    """Return the help page of a screen."""
    own = {action.id for action in keys.of_scope(scope)} if scope in keys.SCOPES and scope != "app" else set()
    rows = keys.help_rows(scope if scope in keys.SCOPES else "app")
    here = [row for row in rows if row.id in own]
    everywhere = [row for row in rows if row.id not in own]
    parts: list[Content] = []
    for title, group in ((t("help.here"), here), (t("help.everywhere"), everywhere)):
        if not group:
            continue
        parts.append(line((title, DIM)))
        parts += [line((fit(row.keys, KEY_CELLS), "$text-primary"), row.help) for row in group]
        parts.append(Content(""))
    parts.append(line((t("help.fields"), DIM)))
    parts += [
        line((fit(pressed, KEY_CELLS), "$text-primary"), t(key))
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
        self._about = about(focused)

    def compose(self) -> ComposeResult:
        """Show the field's word, then the keys."""
        with VerticalScroll(id="help-box", classes="box", can_focus=True):
            yield Static(line((t("help.title"), STRONG)), classes="box-title")
            if self._about:
                yield Static(line(t(self._about)), classes="help-about")
            yield Static(page(self._scope), classes="gap")

    def action_help(self) -> None:
        """Close: the same key that opened it."""
        self.dismiss()
