"""Private numbers at the fields (MODEL §6): the guard that replaces them, and the question about order numbers."""

from __future__ import annotations

from agentdesk.present.i18n import t
from agentdesk.text.privacy import redact
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.guards import Guarded


def field_guard(text: str, caret: int) -> Guarded:
    """Replace ID and card numbers at once; the notice names the kind, never the number."""
    clean, moved, found = redact(text, caret)
    if not found:
        return Guarded(text, caret)
    return Guarded(clean, moved, t(f"private.replaced.{found[-1].kind}"))


def question(field: str) -> Confirm:
    """Ask whether what looks like a private number is the order (customer) number; yes keeps it."""
    return Confirm(t("private.ask", field=t(f"field.{field}")), yes="private.keep", no="private.remove")
