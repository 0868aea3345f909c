"""All phrases with where they stand: to look through, write, approve, return, retire and put back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from agentdesk.desk import phrase_review
from agentdesk.desk import review as desk_review
from agentdesk.desk.library import in_language
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.roles import may
from agentdesk.present import i18n, labels, review, timefmt
from agentdesk.present.i18n import t
from agentdesk.present.phrases import comparison, told
from agentdesk.present.safe import DIM, line, lines
from agentdesk.screens.asking import DeskPanel
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.private import field_guard
from agentdesk.screens.reason import ReasonPanel
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.phrase_review import Row, SitePhrase, Version
    from agentdesk.screens.phrase_form import PhraseDone

SHOWN = ("", "waiting", "returned", "published", "shipped", "withdrawn", "retired")
"""What may be shown, in the order in which a key goes through it; "" is all."""


class VersionPanel(DeskPanel[str]):
    """Earlier versions of a phrase; Enter puts one in force again. Dismissed with its id, or None."""

    SCOPE = "versions"
    AUTO_FOCUS = ""
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

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.dismiss(event.item.id)

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_put_back(self) -> None:
        """Put the marked one in force."""
        self._picker.pick()

    def go_back(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)


class PhraseReviewScreen(FramedScreen):
    """The list, and the marked phrase whole: what it says, or what a proposal would change."""

    SCOPE = "review"
    AUTO_FOCUS = ""

    _stale = False

    def body(self) -> ComposeResult:
        """List over detail."""
        self._rows: list[Row] = []
        self._words = ""
        self._shown = SHOWN[0]
        self._mark = ""
        self._reasons_typed: dict[str, str] = {}
        self._picker = Picker(title="review.title", search="review.search", preview_rows=0, guard=field_guard)
        yield self._picker
        with VerticalScroll(id="review-whole"):
            yield Static("", id="review-text", markup=False)

    def on_mount(self) -> None:
        """Show all of them; what waits for approval first, where something does."""
        self._read(self._picker.focus_search, hold=True)
        self.ask("rights", _reasons, self.grey)

    def _read(self, then: Callable[[], None] | None = None, *, hold: bool = False) -> None:
        words, shown = self._words, self._shown

        def show(rows: list[Row]) -> None:
            self._rows = sorted(rows, key=lambda row: row.stands != phrase_review.WAITING)
            self._picker.show([_item(row) for row in self._rows], words=words)
            self._picker.say(t("review.shown", what=labels.label("phrase_state", shown)) if shown else "")
            if self._mark:
                self._picker.mark(self._mark)
                self._mark = ""
            if then is not None:
                then()

        self.ask("rows", lambda desk: phrase_review.every(desk, words, shown), show, hold=hold)

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """A phrase was written, here or by a colleague: read again, the mark stays."""
        if not any(entity == "phrase" for entity, _ in ids):
            return
        if self.is_current:
            self._read_again()
        else:
            self._stale = True

    def on_screen_resume(self) -> None:
        """Seen again: show what was written meanwhile."""
        if self._stale:
            self._read_again()

    def _read_again(self) -> None:
        self._stale = False
        row = self._row()
        self._mark = self._mark or (row.code if row is not None else "")
        self._read()

    @on(Picker.SearchChanged)
    def _search(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._words = event.words
        self._read()

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        row = self._row()
        self.query_one("#review-text", Static).update(lines(*(line(one) for one in _whole(row))) if row else "")
        self.query_one("#review-whole", VerticalScroll).scroll_home(animate=False)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        self.action_write()

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def go_back(self) -> None:
        """Close."""
        self.dismiss()

    def _row(self) -> Row | None:
        item = self._picker.item
        return next((row for row in self._rows if item is not None and row.code == item.id), None)

    def _seen(self) -> str:
        """The version that waits in the marked row as it is shown."""
        row = self._row()
        proposed = row.site.proposed if row is not None and row.site is not None else None
        return proposed.id if proposed is not None else ""

    # -- what is done -------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Show those that stand in another state."""
        self._shown = SHOWN[(SHOWN.index(self._shown) + 1) % len(SHOWN)]
        self._read()

    def action_new(self) -> None:
        """Write a new phrase."""
        if not self.greyed("review-new"):
            self._write(None)

    def action_write(self) -> None:
        """Write a new version of the marked one."""
        row = self._row()
        if self.greyed("review-write"):
            return
        if row is None:
            self.unavailable("why.nothing_marked")
        else:
            self._write(row)

    def _write(self, row: Row | None) -> None:
        from agentdesk.screens.site_phrase import SitePhraseScreen

        self.app.push_screen(SitePhraseScreen(row), self._written)

    def _written(self, done: PhraseDone | None) -> None:
        if done is not None:
            self.say(done.said, "done")
            self._mark = done.id
            self._read()

    def action_approve(self) -> None:
        """Put what is proposed in force."""
        if self.greyed("review-approve"):
            return
        seen = self._seen()
        self._decide("approve", lambda desk, code: phrase_review.approve(desk, code, seen), "phrases.done.approved")

    def action_return(self) -> None:
        """Return what is proposed, with a reason."""
        seen = self._seen()
        self._with_reason(
            "return",
            lambda desk, code, why: phrase_review.send_back(desk, code, why, seen),
            "phrases.done.returned",
        )

    def action_retire(self) -> None:
        """Take the marked one out of force, with a reason."""
        self._with_reason("retire", phrase_review.retire, "phrases.done.retired")

    def _with_reason(self, group: str, act: Callable[[Desk, str, str], SitePhrase], done: str) -> None:
        row = self._row()
        if self.greyed(f"review-{group}"):
            return
        if row is None:
            self.unavailable("why.nothing_marked")
            return
        if group == "return" and row.stands != phrase_review.WAITING:
            self.tell_refusal(Refusal("phrase.nothing_proposed", phrase=row.code))
            return

        def given(why: str | None) -> None:
            if why:
                self._decide(group, lambda desk, code: act(desk, code, why), done, row)

        self.app.push_screen(ReasonPanel(t(f"review.why.{group}", phrase=row.code), self._reasons_typed), given)

    def _decide(self, group: str, act: Callable[[Desk, str], SitePhrase], done: str, row: Row | None = None) -> None:
        row = row or self._row()
        if row is None:
            self.unavailable("why.nothing_marked")
            return
        code = row.code

        def decided(found: SitePhrase) -> None:
            # At a desk that joined, the centre has the last word: until then the phrase stands where it stood.
            self.say(review.done(done, phrase_review.KIND, found), "done")
            self._reasons_typed.clear()
            self._mark = code
            self._read()

        def refused(refusal: Refusal) -> None:
            self.tell_refusal(refusal)
            self._read_again()  # it stands otherwise than is shown

        self.ask(group, lambda desk: act(desk, code), decided, refused=refused, hold=True)

    def action_versions(self) -> None:
        """Choose an earlier version to put in force again."""
        row = self._row()
        earlier = [one for one in row.site.versions if not one.in_force] if row is not None and row.site else []
        if row is None or not earlier:
            self.unavailable("why.no_versions")
            return
        code = row.code

        def named(desk: Desk) -> list[tuple[Version, str]]:
            return [(one, desk.person(one.author).name) for one in reversed(earlier)]

        def chosen(version: str | None) -> None:
            if version:
                self._decide(
                    "put_back", lambda desk, code: phrase_review.put_back(desk, code, version), "phrases.done.approved"
                )

        def show(found: list[tuple[Version, str]]) -> None:
            self._mark = code
            self.app.push_screen(VersionPanel(found), chosen)

        self.ask("versions", named, show, hold=True)


def _reasons(desk: Desk) -> dict[str, str]:
    """What this person may not do here, each with the sentence that says whom to ask."""
    reasons: dict[str, str] = {}
    if not desk_review.can_write(desk, phrase_review.KIND):
        reasons |= dict.fromkeys(("review-new", "review-write"), t("why.phrase_role"))
    if not may(desk.me.roles, phrase_review.AREA, "A"):
        reasons |= {f"review-{name}": t("why.phrase_approver") for name in ("approve", "return", "retire")}
    return reasons


def _item(row: Row) -> PickItem:
    title = in_language(row.value.get("title"), i18n.language())
    return PickItem(row.code, f"{title}  {row.code}", (), labels.label("phrase_state", row.stands))


def _whole(row: Row) -> list[str]:
    """The marked phrase: a proposal by what it changes, else what it says; why it was returned or retired."""
    site = row.site
    found: list[str] = []
    if site is not None and row.stands in ("returned", "retired", "withdrawn") and site.why:
        found.append(t("phrases.reason", why=site.why))
    if site is not None and site.proposed is not None and site.in_force is not None:
        return [*found, t("review.changes"), *comparison(site.in_force.value, site.proposed.value)]
    return [*found, *told(row.value, row.tags)]
