"""Private numbers at the fields (MODEL §6): the guard that replaces them, and the question about order numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from agentdesk.present.i18n import t
from agentdesk.text.privacy import redact
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.guards import Guarded

if TYPE_CHECKING:
    from textual.screen import Screen

    from agentdesk.screens.asking import Asking


def field_guard(text: str, caret: int) -> Guarded:
    """Replace ID and card numbers at once; the notice names the kind, never the number."""
    clean, moved, found = redact(text, caret)
    if not found:
        return Guarded(text, caret)
    return Guarded(clean, moved, t(f"private.replaced.{found[-1].kind}"))


def ask_about(screen: Asking, field: str, answered: Callable[[bool], None]) -> None:
    """Ask whether what looks like a private number is the order (customer) number; yes keeps it.

    The question comes when the field is left. What was typed ahead into the next one must not answer it.
    """
    desk_app = screen.desk_app

    def closed(keep: bool | None) -> None:
        answered(bool(keep))
        desk_app.take_up_keys()

    desk_app.set_keys_aside()
    question = Confirm(t("private.ask", field=t(f"field.{field}")), yes="private.keep", no="private.remove")
    cast("Screen[object]", screen).app.push_screen(question, closed)
