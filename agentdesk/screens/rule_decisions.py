"""Deciding about a rule: approve, return, put back, retire. Each is asked about, with what it would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.message_pump import MessagePump

from agentdesk.desk import rules
from agentdesk.desk.rule_views import ListedRule, Shadow, SiteRule, Version
from agentdesk.domain.refusal import Refusal
from agentdesk.present import review, rule_words
from agentdesk.present.i18n import t
from agentdesk.present.safe import DIM, cut, line
from agentdesk.screens.reason import ReasonPanel
from agentdesk.text.rule_fields import differences
from agentdesk.widgets.ask import Ask
from agentdesk.widgets.choice import Option
from agentdesk.widgets.confirm import Confirm

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.screens.frame import FramedScreen

LEAVE = Option("", "rulelist.leave")
BOX_CELLS = 56
"""Cells of a line inside a question."""
VERSIONS_SHOWN = 8


@dataclass(frozen=True)
class RuleDone:
    """What was done to which rule, as a sentence."""

    rule_id: str
    said: str


class Decisions(MessagePump):
    """Mixed into the screen of the rules."""

    reload: Callable[..., None]
    _reasons_typed: dict[str, str]
    """What was typed for a decision that was not taken, by its question."""

    @property
    def marked(self) -> ListedRule | None:
        """The rule that is decided on."""
        raise NotImplementedError

    @property
    def _frame(self) -> FramedScreen:
        return cast("FramedScreen", self)

    def decided(self, done: RuleDone | None) -> None:
        """Say what was done and show it; None where nothing was."""
        if done is not None:
            self._frame.say(done.said, "done")
            self._reasons_typed.clear()
            self.reload(done.rule_id)

    def action_decide(self) -> None:
        """List what can be done about the marked rule."""
        one = self.marked
        if self._frame.greyed("rules-decide"):
            return
        if one is None or one.site is None:
            self._frame.unavailable("why.rule_shipped" if one else "why.nothing_marked")
            return
        site = one.site
        options = [*self._options(site), LEAVE]
        if len(options) == 1:
            self._frame.unavailable("why.nothing_to_decide")
            return
        told = [line((cut(rule_words.version_line(one, version), BOX_CELLS), DIM)) for version in site.versions[-2:]]
        question = Ask(t("rulelist.decide", rule=site.rule_id), told, options)
        self._frame.app.push_screen(question, lambda code: self._chosen(code or "", one, site))

    @staticmethod
    def _options(site: SiteRule) -> list[Option]:
        found = []
        if site.proposed is not None:
            found += [Option("approve", "rulelist.approve"), Option("return", "rulelist.return")]
        if any(not version.in_force and version != site.proposed for version in site.versions):
            found.append(Option("put_back", "rulelist.put_back"))
        if site.in_force is not None:
            found.append(Option("retire", "rulelist.retire"))
        return found

    def _chosen(self, code: str, one: ListedRule, site: SiteRule) -> None:
        if code == "approve":
            assert site.proposed is not None
            seen = site.proposed
            self._try_out(one, site, seen, lambda desk, rule_id: rules.approve(desk, rule_id, seen.id))
        elif code == "put_back":
            self._ask_version(one, site)
        elif code in ("return", "retire"):
            seen_id = site.proposed.id if site.proposed is not None else ""

            def send_back(desk: Desk, rule_id: str, why: str) -> SiteRule:
                return rules.send_back(desk, rule_id, why, seen_id)

            call = send_back if code == "return" else rules.retire
            said = "rules.done.returned" if code == "return" else "rules.done.retired"
            question = ReasonPanel(t(f"rulelist.{code}.ask", rule=site.rule_id), self._reasons_typed)
            self._frame.app.push_screen(question, lambda why: self._reasoned(call, said, site.rule_id, why))

    def _reasoned(self, call: Callable[[Desk, str, str], SiteRule], said: str, rule_id: str, why: str | None) -> None:
        if why:
            self._write(lambda desk: call(desk, rule_id, why), said)

    # -- into force ---------------------------------------------------------------------------------------------------

    def _ask_version(self, one: ListedRule, site: SiteRule) -> None:
        others = [version for version in site.versions if not version.in_force and version != site.proposed]
        shown = list(reversed(others))[:VERSIONS_SHOWN]
        options = [Option(version.id, rule_words.version_line(one, version)) for version in shown]

        def chosen(version_id: str | None) -> None:
            version = next((version for version in shown if version.id == version_id), None)
            if version is not None:
                self._try_out(one, site, version, lambda desk, rule_id: rules.put_back(desk, rule_id, version.id))

        self._frame.app.push_screen(Ask(t("rulelist.put_back.ask", rule=site.rule_id), (), [*options, LEAVE]), chosen)

    def _try_out(
        self, one: ListedRule, site: SiteRule, version: Version, call: Callable[[Desk, str], SiteRule]
    ) -> None:
        """Read what the version would have found, then ask."""

        def ask(shadow: Shadow) -> None:
            told: list[Content] = rule_words.trial(shadow, (), BOX_CELLS)
            if one.rule != version.rule:
                told += [Content(""), *rule_words.changes(differences(one.rule, version.rule), BOX_CELLS)]
            question = Confirm(t("rulelist.approve.ask", rule=site.rule_id), told, yes="rulelist.approve.yes")
            self._frame.app.push_screen(question, answered)

        def answered(yes: bool | None) -> None:
            if yes:
                self._write(lambda desk: call(desk, site.rule_id), "rules.done.approved")

        self._frame.say(t("rules.trying"))
        self._frame.ask("shadow", lambda desk: rules.shadow(desk, version.rule), ask, hold=True)

    def _write(self, call: Callable[[Desk], SiteRule], said: str) -> None:
        def done(site: SiteRule) -> None:
            self.decided(RuleDone(site.rule_id, review.done(said, rules.KIND, site)))

        def refused(refusal: Refusal) -> None:
            self._frame.tell_refusal(refusal)
            self.reload()  # it stands otherwise than is shown

        self._frame.ask("decide", call, done, refused=refused, hold=True)
