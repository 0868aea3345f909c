"""Preferences: language, theme, and the table of actions with their keys. Every choice is saved as it is made."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from agentdesk.present import i18n, keymap, keys, labels, themes
from agentdesk.present.i18n import t
from agentdesk.present.keys import Action
from agentdesk.present.safe import DIM, STRONG, WARNING, fit, line, lines
from agentdesk.screens.asking import DeskPanel
from agentdesk.screens.frame import FramedScreen
from agentdesk.screens.private import field_guard
from agentdesk.widgets.choice import ChoiceRow, Option
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.picker import Picker, PickItem

SCOPE_CELLS = 10
THEMES = {"agentdesk-dark": "theme.dark", "agentdesk-light": "theme.light", "agentdesk-contrast": "theme.contrast"}
"""Name of a theme -> its word."""


def shown_keys(action: Action) -> str:
    """Return the keys of an action as people read them."""
    return " / ".join(keys.key_name(key) for key in keys.keys_of(action)) or t("preferences.no_key")


class PreferencesScreen(FramedScreen):
    """Two choices on top, below them all actions; Enter on one asks for its new key."""

    SCOPE = "preferences"
    AUTO_FOCUS = "#preferences-language"

    def body(self) -> ComposeResult:
        """Choices, what is wrong in the file, the actions, a word about the marked one."""
        head = line((t("preferences.title"), STRONG), ("  " + self.desk_app.paths.preferences.name, DIM))
        yield Static(head, id="preferences-head", markup=False)
        with Horizontal(classes="preferences-row"):
            yield Static(t("preferences.language"), classes="preferences-label", markup=False)
            spoken = [Option(code, f"language.{code}") for code in i18n.LANGUAGES]
            yield ChoiceRow(spoken, i18n.language(), id="preferences-language")
        with Horizontal(classes="preferences-row"):
            yield Static(t("preferences.theme"), classes="preferences-label", markup=False)
            worn = [Option(name, word) for name, word in THEMES.items()]
            yield ChoiceRow(worn, self.app.theme, id="preferences-theme")
        yield Static(self._faults(), id="preferences-faults", markup=False)
        self._picker = Picker(title="preferences.keys", search="preferences.search", preview_rows=0, guard=field_guard)
        self._picker.HELP_KEY = "help.preferences.keys"
        yield self._picker
        yield Static("", id="preferences-why", markup=False)

    def _faults(self) -> Content:
        return lines(*(line((keymap.sentence(fault), WARNING)) for fault in self.session.faults))

    def on_mount(self) -> None:
        """Show all actions."""
        self.query_one("#preferences-faults").display = bool(self.session.faults)
        self._list()

    # -- the list -----------------------------------------------------------------------------------------------------

    def _list(self, at: str = "") -> None:
        """Show the actions that fit the words searched for; the mark on one of them."""
        words = self._picker.words.casefold().split()
        items = [self._item(action) for scope in keys.SCOPES for action in keys.of_scope(scope)]
        fitting = [item for item in items if all(word in self._found_by(item) for word in words)]
        self._picker.show(fitting)
        ids = [item.id for item in fitting]
        if at in ids:
            self._picker.action_mark(ids.index(at))

    def _item(self, action: Action) -> PickItem:
        changed = action.id in self.desk_app.chosen.keys
        aside = shown_keys(action) + (f"  {t('preferences.changed')}" if changed else "")
        where = fit(labels.label("scope", action.scope), SCOPE_CELLS)
        return PickItem(action.id, f"{where}  {t(action.label)}", aside=aside)

    @staticmethod
    def _found_by(item: PickItem) -> str:
        action = keymap.BY_ID[item.id]
        return f"{item.id} {item.title} {item.aside} {t(action.help)}".casefold()

    @on(Picker.SearchChanged)
    def _searched(self, event: Picker.SearchChanged) -> None:
        event.stop()
        self._list()

    @on(Picker.Marked)
    def _marked(self, event: Picker.Marked) -> None:
        event.stop()
        action = keymap.BY_ID[event.item.id] if event.item is not None else None
        said = line((t(action.help), ""), (f"  {action.id}", DIM)) if action is not None else Content("")
        self.query_one("#preferences-why", Static).update(said)
        changed = action is not None and action.id in self.desk_app.chosen.keys
        self.grey({} if changed else {"preferences-reset": t("why.key_is_own")})

    @on(Picker.Escaped)
    def _escaped(self, event: Picker.Escaped) -> None:
        event.stop()
        self.go_back()

    # -- choosing -----------------------------------------------------------------------------------------------------

    @on(ChoiceRow.ChoiceMade, "#preferences-language")
    def _spoken(self, event: ChoiceRow.ChoiceMade) -> None:
        event.stop()
        if event.code != i18n.language():
            self.desk_app.choose(language=event.code)

    @on(ChoiceRow.ChoiceMade, "#preferences-theme")
    def _worn(self, event: ChoiceRow.ChoiceMade) -> None:
        event.stop()
        self.desk_app.choose(theme=event.code or themes.DEFAULT)
        self.say(t("preferences.saved"), "done")

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        action_id = event.item.id

        def pressed(key: str | None) -> None:
            if key:
                self._give(action_id, key)

        self.app.push_screen(KeyPanel(action_id), pressed)

    def _give(self, action_id: str, key: str) -> None:
        """Save another key for an action; an empty one gives its own back."""
        action = keymap.BY_ID[action_id]
        own = key == action.keys[0] if action.keys else not key
        self.desk_app.choose(keys={action_id: "" if own else key})
        self._list(action_id)
        self.say(t("preferences.key_saved", action=t(action.label), pressed=shown_keys(action)), "done")

    def action_reset(self) -> None:
        """Give the marked action its own key again."""
        item = self._picker.item
        if item is None or self.greyed("preferences-reset"):
            return
        # Another action may have taken it meanwhile.
        chosen = {id_: key for id_, key in self.desk_app.chosen.keys.items() if id_ != item.id}
        for key in keymap.BY_ID[item.id].keys:
            if fault := keymap.refused(item.id, key, chosen):
                self.say(keymap.sentence(fault), "warning")
                return
        self._give(item.id, "")

    def action_reset_all(self) -> None:
        """Give every action its own key again, after a question."""
        changed = list(self.desk_app.chosen.keys)

        def answered(yes: bool | None) -> None:
            if yes:
                self.desk_app.choose(keys=dict.fromkeys(changed, ""))
                self._list()
                self.say(t("preferences.all_reset"), "done")

        if not changed:
            self.unavailable("why.key_is_own")
        else:
            self.app.push_screen(Confirm(t("preferences.reset_all.ask", count=len(changed))), answered)

    def action_save(self) -> None:
        """Everything is saved already: close."""
        self.go_back()


class KeyPanel(DeskPanel[str]):
    """Waits for the new key of an action; dismissed with it, or with an empty text."""

    TAKES_EVERY_KEY = True

    def __init__(self, action_id: str) -> None:
        super().__init__()
        self._action = keymap.BY_ID[action_id]

    def compose(self) -> ComposeResult:
        """What is asked, and why the last key cannot be had."""
        with Vertical(classes="box"):
            asked = t("preferences.press", action=t(self._action.label), pressed=shown_keys(self._action))
            yield Static(line((asked, STRONG)), classes="box-title", markup=False)
            yield Static(line((t("preferences.press.how"), DIM)), markup=False)
            yield Static("", id="key-said", classes="gap", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Take the key, leave, or say why it cannot be had."""
        event.stop()
        event.prevent_default()
        key = keymap.as_written(event.key)
        if key == "escape":
            self.dismiss("")
            return
        fault = keymap.refused(self._action.id, key, self.desk_app.chosen.keys)
        if fault is None:
            self.dismiss(key)
        else:
            self.query_one("#key-said", Static).update(line((keymap.sentence(fault), WARNING)))
