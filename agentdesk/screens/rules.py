"""The lexicon: every lint rule with where it stands, found while typing, read beside the list, decided on by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from agentdesk.desk import rule_list, rules
from agentdesk.desk.rule_views import ListedRule
from agentdesk.domain.roles import may
from agentdesk.present import rule_words
from agentdesk.present.i18n import t
from agentdesk.present.labels import label
from agentdesk.present.safe import ACCENT, DIM, STRONG, line
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.private import field_guard
from agentdesk.screens.rule_decisions import Decisions
from agentdesk.screens.rule_filter import RuleFilterScreen, Sieve
from agentdesk.text.pinyin import first_readings
from agentdesk.widgets.fields import Edited, LineField
from agentdesk.widgets.fitted import Fitted
from agentdesk.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from agentdesk.desk.context import Desk
    from agentdesk.screens.rule_edit import RuleStart

READ_AFTER = 0.05
"""Seconds the mark rests on a rule before it is read out."""


@dataclass(frozen=True)
class Shelf:
    """What a worker read: the rules with what each is found by, and what the person may do."""

    rules: tuple[tuple[ListedRule, str], ...] = ()
    writes: bool = True
    approves: bool = True


class RuleRows(Vertical):
    """Search field and list; the arrows move in the list while words are typed."""

    BINDINGS: ClassVar = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "leaf(-1)", show=False),
        Binding("pagedown", "leaf(1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Title with the filter, words, columns, rows."""
        yield Static("", id="rules-title", markup=False)
        self.words = LineField(placeholder=t("rulelist.search"), guard=field_guard, id="rules-words")
        self.words.HELP_KEYS = "help.keys.search"
        yield self.words
        yield Fitted(id="rules-columns")
        self.rows: VirtualList[ListedRule] = VirtualList(
            rule_words.row, key=lambda one: one.rule.id, empty="rulelist.none", id="rules-list"
        )
        yield self.rows

    def on_mount(self) -> None:
        """Write the columns."""
        self.query_one("#rules-columns", Fitted).show(lambda cells: line("  ").append(rule_words.heading(cells - 2)))

    def action_move(self, by: int) -> None:
        """Move the mark from the search field."""
        self.rows.action_move(by)

    def action_leaf(self, by: int) -> None:
        """Move it by what is seen at once."""
        self.rows.action_leaf(by)


class RulesScreen(Decisions, FramedScreen):
    """Reads all rules in a worker and again when one is written; searches in a worker too: there may be thousands."""

    SCOPE = "rules"
    AUTO_FOCUS = "#rules-words"

    def __init__(self) -> None:
        super().__init__()
        self._shelf = Shelf()
        self._sieve = Sieve()
        self._found: list[ListedRule] = []
        self._read = ""
        self._wanted = ""
        self._reasons_typed = {}

    def body(self) -> ComposeResult:
        """The list, and beside or below it the marked rule."""
        with Container(id="rules-main"):
            self._side = RuleRows(id="rules-side")
            yield self._side
            with VerticalScroll(id="rules-reader"):
                yield Fitted(id="rules-text")

    def on_mount(self) -> None:
        """Read the rules."""
        self._heading()
        self.reload()

    # -- reading ------------------------------------------------------------------------------------------------------

    def reload(self, at: str = "") -> None:
        """Read all rules again; the mark goes to one of them, else it stays."""
        self._wanted = at or self._wanted
        self.ask("rules", read_shelf, self._take)

    def touched(self, ids: set[tuple[str, str]]) -> None:
        """A rule was written here or came from the centre."""
        if any(entity == "lexicon_rule" for entity, _ in ids):
            self.reload()

    def _take(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._search()
        self.grey(self._reasons())

    def _reasons(self) -> dict[str, str]:
        reasons: dict[str, str] = {}
        if not self._shelf.writes:
            reasons |= dict.fromkeys(("rules-edit", "rules-new", "rules-wordings"), t("why.rule_role"))
        if not self._shelf.approves:
            reasons["rules-decide"] = t("why.rule_approver")
        return reasons

    @on(Edited)
    def _typed(self, event: Edited) -> None:
        event.stop()
        self._search()

    def _search(self) -> None:
        shelf, sieve, words = self._shelf, self._sieve, self._side.words.text.casefold().split()

        def find(_: Desk) -> list[ListedRule]:
            return [
                one for one, found_by in shelf.rules if sieve.passes(one) and all(word in found_by for word in words)
            ]

        self.ask("find", find, self._show, lists=True)

    def _show(self, found: list[ListedRule]) -> None:
        marked = self._wanted or (self.marked.rule.id if self.marked else "")
        self._found, self._wanted, self._read = found, "", ""
        self._side.rows.open(len(found))
        ids = [one.rule.id for one in found]
        if marked in ids:
            self._side.rows.cursor = ids.index(marked)
        self._heading()
        if not found:
            self.query_one("#rules-text", Fitted).show(lambda cells: Content(""))

    @on(VirtualList.PageWanted)
    def _page(self, event: VirtualList.PageWanted) -> None:
        event.stop()
        rows = self._found[event.offset : event.offset + event.limit]
        self._side.rows.put_page(event.offset, rows, event.generation)
        self.set_timer(READ_AFTER, self._read_marked)  # the mark may stand on the same rule, which is another now

    def _heading(self) -> None:
        told = [t(f"rulestate.{self._sieve.state}") if self._sieve.state else ""]
        told += [label("severity", self._sieve.severity), label("lint", self._sieve.category)]
        sieve = "  ".join(part for part in told if part)
        count = t("rulelist.found", count=len(self._found), all=len(self._shelf.rules))
        title = line((t("rulelist.title"), STRONG), "  ", (count, DIM), "  ", (sieve, ACCENT))
        self.query_one("#rules-title", Static).update(title)

    # -- the marked rule ----------------------------------------------------------------------------------------------

    @property
    def marked(self) -> ListedRule | None:
        """The rule of the cursor."""
        return self._side.rows.row

    @on(VirtualList.Highlighted)
    def _moved(self, event: VirtualList.Highlighted) -> None:
        event.stop()
        self.set_timer(READ_AFTER, self._read_marked)

    def _read_marked(self) -> None:
        one = self.marked
        if one is None or one.rule.id == self._read:
            return
        self._read = one.rule.id
        self.query_one("#rules-text", Fitted).show(lambda cells: rule_words.reader(one, cells))
        self.query_one("#rules-reader", VerticalScroll).scroll_home(animate=False)

    def action_read(self) -> None:
        """Go to the rule that is read out, to scroll in it; from there back to the words."""
        reader = self.query_one("#rules-reader", VerticalScroll)
        if self.focused is reader:
            self._side.words.focus()
        else:
            reader.focus()

    @on(Input.Submitted)
    @on(VirtualList.Chosen)
    def _entered(self, event: Input.Submitted | VirtualList.Chosen) -> None:
        event.stop()
        self.action_edit()

    def go_back(self) -> None:
        """Empty the search, then the filter, then close."""
        if self._side.words.text:
            self._side.words.set_text("")
            self._side.words.focus()
        elif self._sieve != Sieve():
            self.sift(Sieve())
        else:
            super().go_back()

    # -- what else can be done ----------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Choose which rules are shown."""
        self.app.push_screen(RuleFilterScreen(self._sieve), self.sift)

    def sift(self, sieve: Sieve | None) -> None:
        """Show what passes another filter; None leaves the present one."""
        if sieve is not None:
            self._sieve = sieve
            self._search()

    def action_edit(self) -> None:
        """Change the marked rule: what waits for approval where something does, else what counts."""
        from agentdesk.screens.rule_edit import RuleStart

        if self.greyed("rules-edit"):
            return
        if self.marked is None:
            self.unavailable("why.nothing_marked")
            return
        self._edit(RuleStart(self.marked.latest, self.marked.rule.id))

    def action_new(self) -> None:
        """Write a rule that is not there yet."""
        from agentdesk.screens.rule_edit import RuleStart

        if not self.greyed("rules-new"):
            self._edit(RuleStart())

    def _edit(self, start: RuleStart) -> None:
        from agentdesk.screens.rule_edit import RuleEditScreen

        self.app.push_screen(RuleEditScreen(start), self.decided)

    def action_trial(self) -> None:
        """Try a text against the rules in force."""
        from agentdesk.screens.rule_trial import TrialScreen

        self.app.push_screen(TrialScreen(), self._go_to_rule)

    def _go_to_rule(self, rule_id: str | None) -> None:
        if rule_id:
            self._sieve = Sieve()
            self._wanted = rule_id
            self._side.words.set_text("")
            self._search()

    def action_wordings(self) -> None:
        """List wordings that were sent and are near a forbidden one."""
        from agentdesk.screens.rule_wordings import WordingsScreen

        if not self.greyed("rules-wordings"):
            self.app.push_screen(WordingsScreen(), lambda _: self.reload())


def read_shelf(desk: Desk) -> Shelf:
    """Read every rule; runs in a worker thread."""
    letters = {char: syllable[0] for char, syllable in first_readings().items()}
    listed = tuple((one, rule_words.haystack(one, letters)) for one in rule_list.listed(desk))
    return Shelf(listed, rules.may_write(desk), may(desk.me.roles, rules.AREA, "A"))
