"""Policy express (standard §6.3): the version in force on one key, the next one with its date, notices to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from agentdesk.desk import policies, superseded
from agentdesk.present.i18n import t
from agentdesk.present.laid import Laid
from agentdesk.present.safe import DIM, line
from agentdesk.screens import drawn_policies
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.private import field_guard
from agentdesk.text.fold import folded
from agentdesk.widgets.long_text import LongText
from agentdesk.widgets.picker import Picker, PickItem

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.desk.policies import Notice, PolicyView, Rate
    from agentdesk.desk.policy_terms import Edition
    from agentdesk.desk.views import Hit
    from agentdesk.screens.phrase_form import PhraseDone


@dataclass(frozen=True)
class PolicyTaken:
    """What goes into the reply: a policy that is cited with its plain words, or the customer text of a notice."""

    hit: Hit | None = None
    text: str = ""


@dataclass(frozen=True)
class _Read:
    """What a worker read of the policies."""

    policies: list[PolicyView]
    rates: list[Rate]
    age: timedelta | None
    may_announce: bool = False


def _read(desk: Desk) -> _Read:
    rates = policies.rates(desk) if policies.may_see_rates(desk) else []
    return _Read(policies.listing(desk), rates, policies.copy_age(desk), policies.may_announce(desk))


class PolicyScreen(FramedScreen):
    """All policies, those with a notice to acknowledge first; the marked one whole below."""

    SCOPE = "policies"
    AUTO_FOCUS = ""

    def __init__(self, *, into_reply: bool = False) -> None:
        """`into_reply`: there is a reply below that takes what is picked; else it is copied."""
        super().__init__()
        self._into_reply = into_reply
        self._found = _Read([], [], None)
        self._citing: dict[str, list[tuple[str, str]]] = {}
        self._reasons_typed: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """List, then the marked policy."""
        self._picker = Picker(title="policy.title", search="policy.search", preview_rows=0, guard=field_guard)
        yield self._picker
        with VerticalScroll(id="policy-whole", can_focus=False):
            yield LongText(id="policy-text")

    def on_mount(self) -> None:
        """Read them, and again when one takes the place of another."""
        self.set_interval(1, self._turn)
        self.ask("policies", _read, self._show_first, hold=True)

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """A policy was written or a notice read, here or elsewhere."""
        if any(entity in ("article", "policy_ack", "phrase", "membership") for entity, _ in ids):
            self._again()

    def _again(self) -> None:
        self.ask("policies", _read, self._show)

    def _turn(self) -> None:
        """Show the new version once it holds."""
        changes = [one.next.start for one in self._found.policies if one.next is not None]
        if changes and min(changes) <= self.session.now():
            self._again()

    def _show_first(self, found: _Read) -> None:
        self._show(found)
        self.focus_when_shown(self._picker.take_focus)

    def _show(self, found: _Read) -> None:
        self._found = found
        self._citing.clear()
        self._list()

    def _list(self) -> None:
        marked, words = self._picker.item, self._picker.words
        wanted = folded(words.strip())
        shown = [one for one in self._found.policies if wanted in folded(one.shown.title)]
        self._picker.show([PickItem(one.id, drawn_policies.title(one), (), drawn_policies.aside(one)) for one in shown])
        if marked is not None:
            self._picker.mark(marked.id)
        if not shown:
            self._text.show(lambda cells: Laid.of([line((t("policy.none"), DIM))], cells))

    @property
    def _text(self) -> LongText:
        return self.query_one("#policy-text", LongText)

    @property
    def marked(self) -> PolicyView | None:
        """The policy under the mark."""
        item = self._picker.item
        return next((one for one in self._found.policies if item is not None and one.id == item.id), None)

    @on(Picker.SearchChanged)
    def _searched(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._list()

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        one = self.marked
        if one is None:
            return
        self._draw()
        if one.id not in self._citing:
            self.ask("citing", lambda desk: (one.id, superseded.citing(desk, one.id)), self._take_citing)

    def _take_citing(self, found: tuple[str, list[tuple[str, str]]]) -> None:
        self._citing[found[0]] = found[1]
        self._draw()

    def _draw(self) -> None:
        one, found = self.marked, self._found
        if one is not None:
            citing = self._citing.get(one.id, [])

            def lay_out(cells: int) -> Laid:
                return Laid.of(drawn_policies.policy(one, found.rates, citing, found.age, cells), cells)

            self._text.show(lay_out)

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        one = self.marked
        if one is None or one.hit is None:
            self.unavailable("why.not_in_force")
        elif self._into_reply:
            self.dismiss(PolicyTaken(hit=one.hit))
        elif not one.may_quote:
            self.unavailable("why.internal", title=one.shown.title)
        else:
            self._copy(one.hit.plain_summary or one.hit.title, one.shown.title)

    def _copy(self, text: str, title: str) -> None:
        self.app.copy_to_clipboard(text)
        self.say(t("knowledge.copied", title=title), "done")

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    def action_acknowledge(self) -> None:
        """Say that the notices of the marked policy were read."""
        one = self.marked
        if one is None or not one.unread:
            self.unavailable("why.nothing_to_acknowledge")
            return

        def call(desk: Desk) -> None:
            for notice in one.unread:
                policies.acknowledge(desk, notice)

        def done(_: None) -> None:
            self.say(t("policy.acknowledged", title=one.shown.title), "done")
            self._again()

        self.ask("acknowledge", call, done, hold=True)

    def action_customer_text(self) -> None:
        """Take the text for customers of the latest notice: into the reply, or copied."""
        one = self.marked
        told = [notice for notice in one.notices if notice.customer_text] if one is not None else []
        if one is None or not told:
            self.unavailable("why.no_notice")
            return
        notice = max(told, key=_told_at)
        if self._into_reply:
            self.dismiss(PolicyTaken(text=notice.customer_text))
        else:
            self._copy(notice.customer_text, one.shown.title)

    def action_announce(self) -> None:
        """Give notice of the next version of the marked policy, or of the one that was proposed."""
        from agentdesk.screens.policy_notice import NoticeScreen

        one = self.marked
        if not self._found.may_announce:
            self.unavailable("why.may_not_announce")
        elif one is None or one.announced_next is None:
            self.unavailable("why.nothing_to_announce")
        else:
            self.app.push_screen(NoticeScreen(one, one.announced_next), self._announced)

    def action_waive(self) -> None:
        """Let the next version take force without a notice in time: a manager's, with a reason."""
        one = self.marked
        if one is None or one.announced_next is None:
            self.unavailable("why.nothing_to_announce")
        else:
            self._with_reason("waive", policies.waive, one, one.announced_next)

    def action_recall(self) -> None:
        """Take back the change that is announced: what is in force stays so."""
        one = self.marked
        if one is None or one.next is None:
            self.unavailable("why.nothing_to_recall")
        elif one.now is None:
            self.unavailable("why.recall_of_first")
        else:
            self._with_reason("recall", policies.recall, one, one.next)

    def _with_reason(
        self, what: str, do: Callable[[Desk, str, str, str], None], one: PolicyView, edition: Edition
    ) -> None:
        """Ask why, then do it with this version of a policy; `what` names the work and its sentences."""
        from agentdesk.screens.reason import ReasonPanel

        def answered(why: str | None) -> None:
            if why:
                self.ask(what, lambda desk: do(desk, one.id, edition.version, why), done, hold=True)

        def done(_: object) -> None:
            self._reasons_typed.clear()
            self.say(t(f"policy.{what}.done", title=edition.title, number=edition.number), "done")
            self._again()

        ask = t(f"policy.{what}.ask", title=edition.title, number=edition.number)
        self.app.push_screen(ReasonPanel(ask, self._reasons_typed), answered)

    def _announced(self, done: PhraseDone | None) -> None:
        if done is not None:
            self.say(done.said, "done")
            self._again()


def _told_at(notice: Notice) -> datetime:
    return notice.at
