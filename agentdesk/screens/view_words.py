"""Views of the queue in words: their names, and a filter that has none by what it asks for."""

from __future__ import annotations

from agentdesk.desk.queue import ME
from agentdesk.desk.queue_views import View
from agentdesk.present import labels
from agentdesk.present.i18n import t
from agentdesk.present.safe import plain
from agentdesk.store.queue_views import QueueFilter

_LABELLED = ("state", "request_type", "priority", "channel")


def name(view: View, owner: str = "") -> str:
    """Return what a view is called; `owner` is the name of the person it asks for."""
    if view.saved:
        return plain(view.name)
    return t(f"view.{view.name}") if view.name else criteria(view.filter, owner)


def criteria(wanted: QueueFilter, owner: str = "") -> str:
    """Return what a filter asks for, as words one after another."""
    words = [t(f"view.{wanted.which}")] if wanted.which != "open" else []
    if wanted.owner:
        words.append(t("view.mine") if wanted.owner == ME else plain(owner) or plain(wanted.owner[:8]))
    if wanted.due:
        words.append(t(f"view.{wanted.due}"))
    words += [labels.label(kind, value) for kind in _LABELLED if (value := str(getattr(wanted, kind)))]
    if wanted.tag:
        words.append(plain(wanted.tag))
    return t("list.comma").join(words) or t("view.team")
