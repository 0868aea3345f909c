"""What a person chooses about the desk: keys, theme, language; and which actions of the app work where."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from textual.app import App
from textual.color import Color

from agentdesk import preferences
from agentdesk.app.key_order import KeyOrderApp
from agentdesk.app.palette import scope_of
from agentdesk.present import i18n, keymap, keys, themes
from agentdesk.present.i18n import t

if TYPE_CHECKING:
    from textual.screen import Screen

    from agentdesk.preferences import Paths, Preferences
    from agentdesk.screens.frame import FramedScreen
    from agentdesk.screens.session import Place, Session

AGAIN = 75
"""Result of an app that wants to be made anew, since every screen speaks another language now."""


class ChoosingApp(KeyOrderApp, inherit_bindings=False):
    """An app that wears the person's theme, takes the person's keys and remembers both."""

    def __init__(self, session: Session, paths: Paths, chosen: Preferences) -> None:
        super().__init__()
        self.session = session
        self.paths = paths
        self.chosen = chosen
        self._writing = threading.Lock()
        self._dress()
        self.take_keys()

    def _dress(self) -> None:
        """Take the theme before any style is read: a change after it would read all of them twice, 20 ms."""
        if self.no_color:
            from agentdesk.present.colourless import take_colours_away  # only where it is asked for

            take_colours_away(self._filters, lambda: Color.parse(self.current_theme.background or "#000000"))
        themes.register(cast("App[object]", self))
        wished = self.chosen.theme
        self.set_reactive(App.theme, wished if wished in self.available_themes else themes.DEFAULT)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_ready(self) -> None:
        """Say what of the preferences cannot be used; the page of preferences keeps saying it."""
        faults = self.session.faults
        if faults:
            said = keymap.sentence(faults[0])
            more = keys.key_name(keys.keys_of(keymap.BY_ID["app-preferences"])[0])
            rest = len(faults) - 1
            tell = getattr(self.screen, "say", None)
            if tell is not None:
                tell(t("preferences.more", said=said, count=rest, pressed=more) if rest else said, "warning")

    def living(self) -> list[Screen[Any]]:
        """Return every screen that is there, seen or not."""
        return [screen for stack in self._screen_stacks.values() for screen in stack]

    def store_drafts(self) -> None:
        """Let every screen store what is typed in it."""
        for screen in self.living():
            store = getattr(screen, "store_draft", None)
            if store is not None:
                store()

    # -- keys ---------------------------------------------------------------------------------------------------------

    def take_keys(self) -> None:
        """Let keys, footers, help and palette follow what was chosen."""
        keys.use_keys(self.chosen.keys)
        self.set_keymap(keymap.for_textual(self.chosen.keys))
        for screen in self.living():
            renew = getattr(screen, "renew_keys", None)
            if renew is not None:
                renew()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Give way to a screen that takes every key, has its own variant of an action, or has no use for it."""
        screen = self.screen
        if getattr(screen, "TAKES_EVERY_KEY", False):
            return False
        scope, name = scope_of(screen), f"app.{action}"
        if scope not in keys.SCOPES or all(one.action != name for one in keys.of_scope("app")):
            return True
        return any(one.action == name for one in keys.effective(scope))

    def action_jump(self) -> None:
        """Put a letter on everything that can have the focus."""
        from agentdesk.screens.jump import JumpPanel  # only when somebody jumps

        self.push_screen(JumpPanel(self.screen))

    # -- what is remembered -------------------------------------------------------------------------------------------

    def action_preferences(self) -> None:
        """Choose language, theme and keys; the same key closes it."""
        from agentdesk.screens.preferences import PreferencesScreen

        self.show_or_close(PreferencesScreen)

    def action_articles(self) -> None:
        """Manage the knowledge: write, review, retire; the same action closes it."""
        from agentdesk.screens.articles import ArticlesScreen

        self.show_or_close(ArticlesScreen)

    def action_usage(self) -> None:
        """Show how the knowledge is used; the same action closes it."""
        from agentdesk.screens.usage import UsageScreen

        self.show_or_close(UsageScreen)

    def action_releases(self) -> None:
        """Show what waits for a decision; the same action closes it."""
        from agentdesk.screens.releases import ReleasesScreen

        self.show_or_close(ReleasesScreen)

    def action_policies(self) -> None:
        """Show the policies; the same key closes it. Over a reply, what is picked goes into that."""
        from agentdesk.screens.policies import PolicyScreen

        if isinstance(self.screen, PolicyScreen):
            self.screen.go_back()
        else:
            taker = getattr(self.screen, "take_policy", None)
            self.push_screen(PolicyScreen(into_reply=taker is not None), taker)

    def show_or_close(self, kind: type[FramedScreen]) -> None:
        """Show a screen over the one that is seen; where it is seen already, close it."""
        if isinstance(self.screen, kind):
            self.screen.go_back()
        else:
            self.push_screen(kind())

    def action_next_theme(self) -> None:
        """Go round dark, light and high contrast, and remember it."""
        self.choose(theme=themes.after(self.theme))

    def action_next_language(self) -> None:
        """Go round the languages; what is typed stays as a draft."""
        order = i18n.LANGUAGES
        self.choose(language=order[(order.index(i18n.language()) + 1) % len(order)])

    def choose(self, **changes: Any) -> None:
        """Take another theme, language or keys (action id -> keys, empty to give the own ones back), and remember it.

        Another language makes the app anew; what is typed is stored before.
        """
        wished: Mapping[str, str] = changes.get("keys", {})
        merged = {id_: one for id_, one in {**self.chosen.keys, **wished}.items() if one}
        self.chosen = replace(self.chosen, **{**changes, "keys": merged})
        self._remember(changes, again="language" in changes)
        if "keys" in changes:
            self.take_keys()
        if "theme" in changes:
            self.theme = changes["theme"] or themes.DEFAULT
        if "language" in changes:
            self.session.language = self.session.raw_desk.spoken = i18n.use(changes["language"])
            self.session.place = self._place()
            self.store_drafts()

    def _place(self) -> Place | None:
        here = getattr(self.screen_stack[0], "place", None)  # what lies over it closes; its draft is stored
        return here() if here is not None else None

    def _begin_again(self) -> None:
        from agentdesk.screens.quit_guard import stored

        async def end() -> None:
            self.store_drafts()  # again: more was typed while the choice was being written
            await stored(cast("App[Any]", self))
            self.exit(AGAIN)

        self.run_worker(end(), group="ending", exclusive=True)

    def _remember(self, changes: Mapping[str, Any], again: bool) -> None:
        path = self.paths.preferences

        def write() -> None:
            try:
                with self._writing:  # what is chosen by then: two of these may come in either order
                    now: dict[str, Any] = {name: getattr(self.chosen, name) for name in changes}
                    if "keys" in now:
                        now["keys"] = {id_: now["keys"].get(id_, "") for id_ in changes["keys"]}
                    preferences.change(path, now)
            except OSError as error:
                self.call_from_thread(self.report_fault, error, "preferences")
            if again:  # only now: an app that ends takes its workers with it
                self.call_from_thread(self._begin_again)

        # Not exclusive: a change that is being written must not be dropped for the next one.
        self.run_worker(write, group="preferences", thread=True, exit_on_error=False)

    def report_fault(self, error: BaseException, during: str) -> None:
        """Write a masked traceback to the log file and tell the person in one line."""
        raise NotImplementedError
