"""What was done to a rule or a phrase of the site, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from agentdesk.desk.review import Reviewed, Standing


def done(key: str, kind: Reviewed, found: Standing[Any]) -> str:
    """The sentence of a deed, and whether the centre, which has the last word, is still to hear of it."""
    return t(key, **{kind.called: found.name}) + (t("rules.done.waiting") if found.waiting else "")
