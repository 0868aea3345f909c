"""All phrases with where they stand: to look through, write, approve, return, retire and put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from agentdesk.desk import phrase_review
from agentdesk.desk import review as desk_review
from agentdesk.desk.library import in_language
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may
from agentdesk.present import i18n, labels, timefmt
from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.present.phrases import comparison, told
from agentdesk.present.safe import DIM, line
from agentdesk.screens.pick_panel import PickPanel
from agentdesk.screens.review_list import ReviewList
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.phrase_review import Row, Version


class VersionPanel(PickPanel):
    """Earlier versions of a phrase; Enter puts one in force again. Dismissed with its id, or None."""

    SCOPE = "versions"
    HELP_KEY = "help.versions"

    def __init__(self, versions: Sequence[tuple[Version, str]]) -> None:
        """`versions`: each with the name of who wrote it, the newest first."""
        super().__init__()
        self._versions = versions

    def compose(self) -> ComposeResult:
        """The list; below a version its text."""
        with Vertical(classes="box"):
            self._picker = Picker(title="versions.title", search="", preview_rows=1)
            yield self._picker
            yield Static(line((t("versions.about"), DIM)), classes="gap", markup=False)

    def on_mount(self) -> None:
        """Stand on the newest of them."""
        language = i18n.language()
        self._picker.show(
            [
                PickItem(
                    one.id,
                    in_language(one.value.get("title"), language),
                    (in_language(one.value.get("body"), language),),
                    f"{timefmt.stamp(one.at)} {who}",
                )
                for one, who in self._versions
            ]
        )
        self._picker.take_focus()

    def action_put_back(self) -> None:
        """Put the marked one in force."""
        self._picker.pick()


class PhraseReviewScreen(ReviewList["Row"]):
    """The list, and the marked phrase whole: what it says, or what a proposal would change."""

    SCOPE = "review"
    KIND = phrase_review.KIND
    SHOWN = ("", "waiting", "returned", "published", "shipped", "withdrawn", "retired")
    TITLE, SEARCH, STATE = "review.title", "review.search", "phrase_state"

    def read(self, desk: Desk, words: str, shown: str) -> list[Row]:
        """What waits for approval first."""
        return sorted(phrase_review.every(desk, words, shown), key=lambda row: row.stands != phrase_review.WAITING)

    def key(self, row: Row) -> str:
        """Its code."""
        return row.code

    def item(self, row: Row) -> PickItem:
        """Title, code, state."""
        title = in_language(row.value.get("title"), i18n.language())
        return PickItem(row.code, f"{title}  {row.code}", (), labels.label("phrase_state", row.stands))

    def show_marked(self, row: Row | None) -> None:
        """What it says, or what a proposal would change."""
        self.tell(lambda cells: Laid() if row is None else Laid.of(map(line, _whole(row)), cells))

    def refuse_return(self, row: Row) -> bool:
        """Only what waits can be returned."""
        if row.stands != phrase_review.WAITING:
            self.tell_refusal(Refusal("phrase.nothing_proposed", phrase=row.code))
        return row.stands != phrase_review.WAITING

    def open_form(self, row: Row | None) -> None:
        """Write it in three languages."""
        from agentdesk.screens.site_phrase import SitePhraseScreen

        self.app.push_screen(SitePhraseScreen(row), self.written)

    def action_approve(self) -> None:
        """Put what is proposed in force."""
        seen = self._seen()
        self.decide("approve", lambda desk, code: phrase_review.approve(desk, code, seen), "phrases.done.approved")

    def action_return(self) -> None:
        """Return what is proposed, with a reason."""
        seen = self._seen()
        self.ask_reason(
            "return",
            "review.why.return",
            lambda desk, code, why: phrase_review.send_back(desk, code, why, seen),
            "phrases.done.returned",
        )

    def action_retire(self) -> None:
        """Take the marked one out of force, with a reason."""
        self.ask_reason("retire", "review.why.retire", phrase_review.retire, "phrases.done.retired")

    def _seen(self) -> str:
        """The version that waits in the marked row as it is shown."""
        row = self.marked
        proposed = row.site.proposed if row is not None and row.site is not None else None
        return proposed.id if proposed is not None else ""

    def rights(self, desk: Desk) -> dict[str, str]:
        """Writing and deciding are not everybody's."""
        reasons: dict[str, str] = {}
        if not desk_review.can_write(desk, phrase_review.KIND):
            reasons |= dict.fromkeys(("review-new", "review-write"), t("why.phrase_role"))
        if not may(desk.me.roles, phrase_review.AREA, "A"):
            reasons |= {f"review-{name}": t("why.phrase_approver") for name in ("approve", "return", "retire")}
        return reasons

    def action_versions(self) -> None:
        """Choose an earlier version to put in force again."""
        row = self.marked
        earlier = [one for one in row.site.versions if not one.in_force] if row is not None and row.site else []
        if row is None or not earlier:
            self.unavailable("why.no_versions")
            return

        def named(desk: Desk) -> list[tuple[Version, str]]:
            return [(one, desk.person(one.author).name) for one in reversed(earlier)]

        def chosen(version: str | None) -> None:
            if version:
                self.decide(
                    "put_back",
                    lambda desk, code: phrase_review.put_back(desk, code, version),
                    "phrases.done.approved",
                    row,
                )

        def show(found: list[tuple[Version, str]]) -> None:
            self.app.push_screen(VersionPanel(found), chosen)

        self.ask("versions", named, show, hold=True)


def _whole(row: Row) -> list[str]:
    """The marked phrase: a proposal by what it changes, else what it says; why it was returned or retired."""
    site = row.site
    found: list[str] = []
    if site is not None and row.stands in ("returned", "retired", "withdrawn") and site.why:
        found.append(t("phrases.reason", why=site.why))
    if site is not None and site.proposed is not None and site.in_force is not None:
        return [*found, t("review.changes"), *comparison(site.in_force.value, site.proposed.value)]
    return [*found, *told(row.value, row.tags)]
