"""Asks for the blanks of a text one after another, with the text and what is typed into it before one's eyes.

Enter goes to the next blank that is still empty and, behind the last, hands over the values; Tab and Shift+Tab go
through all of them, those that the desk has filled too, so that they can be put right. Escape gives up; what was typed
stands there again when the same text is asked for next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from agentdesk.desk import variables
from agentdesk.domain.refusal import Refusal
from agentdesk.present.i18n import known, t
from agentdesk.present.safe import ACCENT, DIM, MARK, STRONG, WARNING, block, line, plain
from agentdesk.screens.private import field_guard
from agentdesk.screens.refusals import sentence
from agentdesk.text import templates
from agentdesk.text.templates import Blank
from agentdesk.widgets.fields import Edited, LineField, Noticed
from agentdesk.widgets.messages import posted

if TYPE_CHECKING:
    from agentdesk.screens.asking import Asking

OF_THE_AGENT = frozenset({"agent_name", "work_no"})
"""Variables about the one who writes: known, and nothing to put right."""
HERE = "$text-primary bold underline"
"""How the blank in hand is written in the text."""
BEFORE = 120
"""Characters of a long text that are shown before it."""


class VariableAsker(Vertical):
    """One field for the blank in hand, and the text. Hidden until `ask`."""

    HELP_KEY = "help.variable"

    BINDINGS: ClassVar = [
        Binding("tab", "go(1)", show=False),
        Binding("shift+tab", "go(-1)", show=False),
    ]

    @posted
    class Answered(Message):
        """Every blank has a value; by key, as the language of the text writes it."""

        values: dict[str, str]

    @posted
    class GivenUp(Message):
        """Escape: the text is not wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._template = self._language = ""
        self._blanks: list[Blank] = []
        self._at = 0
        self._known: dict[str, str] = {}
        self._typed: dict[str, str] = {}
        self._kept: tuple[object, dict[str, str]] = (None, {})
        self._for: object = None
        self.display = False

    def compose(self) -> ComposeResult:
        """What is asked for, the field, what is wrong with it, the text, the keys."""
        yield Static("", markup=False, id="variable-name")
        yield LineField(limit=200, guard=field_guard, id="variable-value")
        yield Static("", markup=False, id="variable-wrong")
        yield Static("", markup=False, id="variable-text")
        yield Static("", markup=False, id="variable-keys")

    @property
    def _field(self) -> LineField:
        return self.query_one("#variable-value", LineField)

    def ask(self, template: str, values: Mapping[str, str], language: str, what: object = None) -> None:
        """Ask for the blanks of a template; `values` are known. `what` names the text and where it is said: with the
        same name what was typed and given up stands there again."""
        self._template, self._language, self._known = template, language, dict(values)
        self._for = (what, template)
        self._typed = dict(self._kept[1]) if self._kept[0] == self._for else {}
        self._blanks = [one for one in templates.blanks(template) if one.name not in OF_THE_AGENT or self._open(one)]
        self.display = True
        self.query_one("#variable-keys", Static).update(line((t("phrases.blank.keys"), DIM)))
        self._show(next((at for at, one in enumerate(self._blanks) if self._open(one)), 0))

    # -- values -------------------------------------------------------------------------------------------------------

    def _open(self, blank: Blank) -> bool:
        return blank.key not in self._typed and blank.is_open(self._known)

    def _text_of(self, blank: Blank) -> str:
        """What stands in the field of a blank: what was typed, else what is known; a fallback stands in the text."""
        given = (self._known.get(key, "") for key in blank.keys)
        return self._typed[blank.key] if blank.key in self._typed else next((one for one in given if one), "")

    def _said(self, blank: Blank) -> str:
        """What a blank becomes. Raises Refusal blank.empty, or blank.<format> where what was typed is none."""
        typed = self._typed.get(blank.key, "").strip()
        if not typed:
            said = blank.fallback if blank.key in self._typed else blank.value(self._known)
        elif typed == self._text_of_known(blank):
            said = typed
        else:
            said = variables.said_as(blank.format, typed, self._language, self._asking.session.now())
        if not said.strip():
            raise Refusal("blank.empty", name=_name(blank))
        return said

    def _text_of_known(self, blank: Blank) -> str:
        return next((told for key in blank.keys if (told := self._known.get(key, ""))), "")

    @property
    def _asking(self) -> Asking:
        return cast("Asking", self.screen)

    # -- going on -----------------------------------------------------------------------------------------------------

    def _show(self, at: int, wrong: str = "") -> None:
        """Take a blank in hand."""
        self._at = at
        blank = self._blanks[at]
        place = f"{at + 1}/{len(self._blanks)}"
        asked = line(
            (t("phrases.variable", name=_name(blank)), STRONG), (f"  {place}", DIM), (f"  {_kind(blank)}", DIM)
        )
        self.query_one("#variable-name", Static).update(asked)
        field = self._field
        field.placeholder = blank.fallback
        field.set_text(self._text_of(blank))
        field.focus()
        self._say(wrong)
        self._show_text()

    def _say(self, wrong: str) -> None:
        told = self.query_one("#variable-wrong", Static)
        told.display = bool(wrong)
        told.update(line((wrong, WARNING)))

    def _show_text(self) -> None:
        """Write the text as it will be, the blank in hand marked, empty ones by their names."""
        here = self._blanks[self._at].key
        drawn: list[tuple[str, str]] = []
        place = 0
        for piece in templates.pieces(self._template):
            if isinstance(piece, str):
                drawn.append((piece, DIM))
                continue
            if piece.key == here and not place:
                place = len(drawn)
            drawn.append((self._preview(piece), HERE if piece.key == here else ACCENT))
        self.query_one("#variable-text", Static).update(Content.assemble(*map(_drawn, _near(drawn, place))))

    def _preview(self, blank: Blank) -> str:
        try:
            return self._said(blank)
        except Refusal:
            return self._typed.get(blank.key, "").strip() or f"[{_name(blank)}]"

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        event.stop()
        if not self.display:
            return
        blank = self._blanks[self._at]
        if event.text != self._field.text:  # of the blank before: what stood in it was taken when it was left
            return
        if event.text != self._text_of(blank):
            self._typed[blank.key] = event.text
        self._say("")
        self._show_text()

    @on(Noticed)
    def _noticed(self, event: Noticed) -> None:
        event.stop()
        self._say(event.text)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        self.answer()

    def answer(self) -> None:
        """Go on to the next blank that is still empty, behind the last hand over the values."""
        self._take_field()
        if not self._holds(self._at):
            return
        after = [*range(self._at + 1, len(self._blanks)), *range(self._at)]
        missing = next((at for at in after if not self._holds(at, quiet=True)), None)
        if missing is not None:
            self._show(missing)
            return
        values = {blank.key: self._said(blank) for blank in self._blanks}
        self._kept = (None, {})
        self.display = False
        self.post_message(self.Answered(values))

    def _take_field(self) -> None:
        """Take what stands in the field: its change may still be on the way."""
        blank, text = self._blanks[self._at], field_guard(self._field.text, self._field.caret).text
        if text != self._text_of(blank) or (text.strip() and blank.asked):
            self._typed[blank.key] = text

    def _holds(self, at: int, quiet: bool = False) -> bool:
        """Whether a blank can be filled; says why not."""
        blank = self._blanks[at]
        try:
            if self._open(blank):
                raise Refusal("blank.empty", name=_name(blank))
            self._said(blank)
        except Refusal as refusal:
            if not quiet:
                self._say(sentence(refusal))
            return False
        return True

    def action_go(self, by: int) -> None:
        """Go to the next blank or the one before, whatever stands in this one; Tab leaves a single one."""
        if len(self._blanks) < 2:
            raise SkipAction
        self._take_field()
        self._show((self._at + by) % len(self._blanks))

    def give_up(self) -> bool:
        """Stop asking; return whether anything was being asked."""
        asking = self.put_away()
        if asking:
            self.post_message(self.GivenUp())
        return asking

    def put_away(self) -> bool:
        """Stop asking without a word: what is asked about is no longer shown. Return whether anything was asked."""
        if not self.display:
            return False
        self._take_field()
        self._kept = (self._for, self._typed)
        self.display = False
        return True


def _near(drawn: list[tuple[str, str]], place: int) -> list[tuple[str, str]]:
    """The part of a long text that shows the piece at a place: what stands far before it is left out."""
    before = "".join(text for text, _ in drawn[:place])
    if len(before) <= BEFORE:
        return drawn
    return [(f"{MARK} {before[-BEFORE:]}", DIM), *drawn[place:]]


def _drawn(piece: tuple[str, str]) -> Content:
    return block(*piece)


def _name(blank: Blank) -> str:
    """What a blank is called: by the template, by the catalogue, by its own name."""
    if blank.label:
        return plain(blank.label)
    return t(f"variable.{blank.name}") if known(f"variable.{blank.name}") else plain(blank.name)


def _kind(blank: Blank) -> str:
    return t(f"phrases.format.{blank.format}") if blank.format in templates.FORMATS else ""
