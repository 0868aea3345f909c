"""The customer card: who it is, tier, last contact, all requests; and the requests that may be the same one as that in
the form. One of them can be linked or opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from agentdesk.desk.capture_views import CustomerCard
from agentdesk.desk.views import RequestBrief
from agentdesk.present import labels, timefmt
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, STRONG, WARNING, line, lines
from agentdesk.screens.asking import DeskPanel
from agentdesk.screens.drawn_intake import age, brief_title, masked
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from datetime import datetime

    from agentdesk.desk.around import Around


class CustomerPanel(DeskPanel[RequestBrief]):
    """Dismissed with the request that was picked, or None."""

    SCOPE = "card"
    AUTO_FOCUS = ""

    def __init__(self, card: CustomerCard) -> None:
        super().__init__()
        self._card = card
        self._picker = Picker(search="")
        self._ordered = [*card.open_requests, *(one for one in card.requests if not one.open)]

    def compose(self) -> ComposeResult:
        """Who it is, then the requests."""
        with Vertical(classes="intake-panel"):
            yield Static(self.who(), markup=False)
            yield self._picker
            yield Static(line(t("card.keys")), classes="panel-keys", markup=False)

    def who(self) -> Content:
        """Write who the customer is."""
        card = self._card
        known = [
            f"{t(f'card.{name}')} {labels.label(name, code)}"
            for name, code in (("tier", card.tier), ("segment", card.segment))
            if code
        ]
        return lines(
            line((t("card.title") + "  ", DIM), (card.customer_name or t("intake.nobody"), STRONG)),
            line(masked(card.contact), "  ", card.customer_no, "  ", (t("list.comma").join(known), STRONG)),
            line(
                (
                    t("card.counts", count=len(card.requests), open=len(card.open_requests)),
                    WARNING if card.open_requests else "",
                ),
                ("   " + t("card.last") + " ", DIM),
                timefmt.date(card.last_at) or t("card.none"),
            ),
        )

    def on_mount(self) -> None:
        """List the requests."""
        self._picker.show([self.item(one) for one in self._ordered])
        self.focus_when_shown(self._picker.take_focus)

    def item(self, brief: RequestBrief) -> PickItem:
        """A request as the list shows it."""
        return PickItem(brief.id, brief_title(brief), (brief.title,), aside=timefmt.date(brief.at))

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.dismiss(next(one for one in self._ordered if one.id == event.item.id))

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_pick(self) -> None:
        """Take the marked request, as Enter does."""
        self._picker.pick()

    def go_back(self) -> None:
        """Back to the form."""
        self.dismiss(None)


class AroundPanel(CustomerPanel):
    """The requests that may be the same one as that in the form, the surest first."""

    def __init__(self, found: Around, now: datetime) -> None:
        requests = tuple(one.brief for one in found.near)
        super().__init__(CustomerCard("", "", "", "", "", None, requests))
        self._near = {one.brief.id: one for one in found.near}
        self._ordered = list(requests)
        self._now = now

    def who(self) -> Content:
        """Write what they are, and how many."""
        counts = t("around.count", count=len(self._card.requests), open=len(self._card.open_requests))
        return lines(line((t("around.title"), STRONG)), line((counts, DIM)))

    def item(self, brief: RequestBrief) -> PickItem:
        """With why it may be the same one, and its age."""
        near = self._near[brief.id]
        return PickItem(
            brief.id, brief_title(brief), (brief.title,), f"{t(f'around.{near.why}')} {age(near, self._now)}"
        )
