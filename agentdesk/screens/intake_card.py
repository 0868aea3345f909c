"""The customer card: who it is, tier, last contact, all requests; one of them can be linked or opened."""

from __future__ import annotations

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
from agentdesk.screens.drawn_intake import brief_title, masked
from agentdesk.widgets.picker import Picker, PickItem


class CustomerPanel(DeskPanel[RequestBrief]):
    """Dismissed with the request that was picked, or None."""

    SCOPE = "card"
    AUTO_FOCUS = ""

    def __init__(self, card: CustomerCard) -> None:
        super().__init__()
        self._card = card
        self._picker = Picker(search="")

    def compose(self) -> ComposeResult:
        """Who it is, then the requests."""
        with Vertical(classes="intake-panel"):
            yield Static(self._who(), markup=False)
            yield self._picker
            yield Static(line(t("card.keys")), classes="panel-keys", markup=False)

    def _who(self) -> Content:
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
        """List the requests, the open ones first."""
        card = self._card
        self._ordered = [*card.open_requests, *(one for one in card.requests if not one.open)]
        self._picker.show(
            [PickItem(one.id, brief_title(one), (one.title,), aside=timefmt.date(one.at)) for one in self._ordered]
        )
        self.focus_when_shown(self._picker.take_focus)

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
