"""The one table of actions and keys; footer, help, palette, bindings and docs/keys.md are made from it.

Use in a screen:
    class QueueScreen(Screen):
        BINDINGS = bindings("queue")                     # textual Bindings, each with its id for user keymaps
    KeyFooter().show(footer("queue", disabled={"queue-resolve": t("why.no_request")}))
    help_rows("queue"), palette("queue")                 # what F1 and F9 list

Scopes are `app` (everywhere) and one for each screen. A screen may take a key of `app` for its own variant of the same
thing (F4 opens the phrase picker beside the composer instead of the phrase screen); it must say so with `shadows`.
Actions named `app.…` are the app's; others are methods `action_…` of the screen. An action without keys stands in the
palette only. Letters never stand here: an input method swallows them.

A person may have given actions other keys (`present.keymap`); `use_keys` makes everything here speak of those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from agentdesk.present.action import Action as Action
from agentdesk.present.article_actions import ARTICLE_ACTIONS
from agentdesk.present.capture_actions import CAPTURE_ACTIONS
from agentdesk.present.i18n import t
from agentdesk.present.page_actions import PAGE_ACTIONS
from agentdesk.present.phrase_actions import PHRASE_ACTIONS, PHRASE_SCREEN_ACTIONS
from agentdesk.present.reader_actions import READER_ACTIONS
from agentdesk.present.rule_actions import RULE_ACTIONS, RULE_SCOPES
from agentdesk.present.usage_actions import USAGE_ACTIONS
from agentdesk.present.workspace_actions import WORKSPACE_ACTIONS

if TYPE_CHECKING:
    from textual.binding import Binding

SCOPES = (
    "app",
    "setup",
    "queue",
    "views",
    "filter",
    "find",
    "tag",
    "intake",
    "card",
    "template",
    "helper",
    "workspace",
    "alike",
    "steps",
    "note",
    "release-ask",
    "releases",
    "release-decide",
    "macro",
    "phrases",
    "personal",
    "review",
    "reason",
    "versions",
    "sitephrase",
    "knowledge",
    "reader",
    "casetemplates",
    "articles",
    "article",
    "articleversions",
    "articlepreview",
    "articleimport",
    "usage",
    "policies",
    "notice",
    *RULE_SCOPES,
    "edit",
    "history",
    "redact",
    "resolve",
    "plan",
    "follow",
    "sync",
    "preferences",
    "help",
)
"""Where an action applies; the order is that of the help page."""

RESERVED = frozenset(
    {"ctrl+m", "ctrl+i", "ctrl+h", "ctrl+j", "ctrl+z", "ctrl+enter", "shift+enter", "alt+enter", "f11", "f12"}
    | {"shift+f3", "f15"}
)
"""Keys that terminals fold together, keep for themselves or lose (Shift+F3 arrives as a report of the cursor's place):
never to be bound.
"""

EDITING = frozenset({f"ctrl+{letter}" for letter in "aekuwdfxvcyz"})
"""Keys that text fields need for editing: never to be bound by a screen."""


ACTIONS: tuple[Action, ...] = (
    Action("app-help", ("f1",), "app", "app.help", label="key.help", help="key.help.why", footer=1),
    Action("app-intake", ("f2",), "app", "app.intake", label="key.intake", help="key.intake.why", footer=2),
    Action("app-parked", ("shift+f2",), "app", "app.parked", label="key.parked", help="key.parked.why"),
    Action("app-phrases", ("f4",), "app", "app.phrases", label="key.phrases", help="key.phrases.why", footer=4),
    Action("app-knowledge", ("f5",), "app", "app.knowledge", label="key.knowledge", help="key.knowledge.why", footer=5),
    Action(
        "app-palette",
        ("f9", "ctrl+p"),
        "app",
        "app.command_palette",
        label="key.palette",
        help="key.palette.why",
        footer=10,
    ),
    Action("app-sync", ("f10",), "app", "app.sync", label="key.sync", help="key.sync.why", footer=9),
    Action(
        "app-preferences",
        ("shift+f9",),
        "app",
        "app.preferences",
        label="key.preferences",
        help="key.preferences.why",
    ),
    Action("app-policies", ("ctrl+f5",), "app", "app.policies", label="key.policies", help="key.policies.why"),
    Action("app-releases", (), "app", "app.releases", label="key.releases", help="key.releases.list.why"),
    Action("app-articles", (), "app", "app.articles", label="key.articles", help="key.articles.why"),
    Action("app-usage", (), "app", "app.usage", label="key.usage", help="key.usage.why"),
    Action("app-reindex", (), "app", "app.reindex", label="key.reindex", help="key.reindex.why"),
    Action("app-jump", ("shift+f1",), "app", "app.jump", label="key.jump", help="key.jump.why"),
    Action("app-back", ("escape",), "app", "app.back", label="key.back", help="key.back.why"),
    Action("app-quit", ("ctrl+q",), "app", "app.quit_guarded", label="key.quit", help="key.quit.why", priority=True),
    Action("app-theme", (), "app", "app.next_theme", label="key.theme", help="key.theme.why"),
    Action("app-language", (), "app", "app.next_language", label="key.language", help="key.language.why"),
    Action("setup-do", ("f8", "ctrl+s"), "setup", "begin", label="key.begin", help="key.begin.why", footer=3),
    Action("queue-open", ("f3",), "queue", "open", label="key.open", help="key.open.why", footer=3),
    Action("queue-resolve", ("f6",), "queue", "resolve", label="key.resolve", help="key.resolve.why"),
    Action("queue-follow", ("f7",), "queue", "follow", label="key.follow", help="key.follow.why"),
    Action("queue-find", ("ctrl+g",), "queue", "find", label="key.find", help="key.find.why", footer=6),
    Action("queue-views", ("ctrl+l",), "queue", "views", label="key.views", help="key.views.why", footer=7),
    Action("queue-filter", ("ctrl+t",), "queue", "filter", label="key.filter", help="key.filter.why", footer=8),
    Action("queue-mark", ("space", "insert"), "queue", "mark", label="key.mark", help="key.mark.why"),
    Action("queue-tag", ("ctrl+o",), "queue", "tag", label="key.tag", help="key.tag.why"),
    Action("views-show", ("f8", "ctrl+s"), "views", "show", label="key.show", help="key.views.show.why", footer=3),
    Action("views-forget", ("ctrl+r",), "views", "forget", label="key.forget", help="key.views.forget.why"),
    Action("filter-apply", ("f8", "ctrl+s"), "filter", "apply", label="key.show", help="key.filter.do.why", footer=3),
    Action("find-open", ("f8", "ctrl+s"), "find", "open", label="key.open", help="key.open.why", footer=3),
    Action("tag-do", ("f8", "ctrl+s"), "tag", "do", label="key.do", help="key.tag.do.why", footer=3),
    Action(
        "intake-record",
        ("f8", "ctrl+s"),
        "intake",
        "record",
        label="key.record",
        help="key.record.why",
        footer=3,
        priority=True,
    ),
    Action(
        "intake-gap", ("ctrl+g",), "intake", "next_gap", label="key.gap", help="key.gap.why", footer=6, priority=True
    ),
    Action(
        "intake-override",
        ("ctrl+o",),
        "intake",
        "override",
        label="key.override",
        help="key.override.why",
        footer=7,
        priority=True,
    ),
    Action(
        "workspace-send",
        ("f8", "ctrl+s"),
        "workspace",
        "send",
        label="key.send",
        help="key.send.why",
        footer=3,
        priority=True,
    ),
    Action("workspace-record", ("f3",), "workspace", "record_panel", label="key.facts", help="key.facts.why", footer=8),
    Action(
        "workspace-phrases",
        ("f4",),
        "workspace",
        "phrases",
        label="key.phrases",
        help="key.phrases.here.why",
        footer=4,
        priority=True,
        shadows="app-phrases",
    ),
    Action(
        "workspace-articles",
        ("f5",),
        "workspace",
        "articles",
        label="key.knowledge",
        help="key.knowledge.here.why",
        footer=5,
        priority=True,
        shadows="app-knowledge",
    ),
    Action("workspace-resolve", ("f6",), "workspace", "resolve", label="key.resolve", help="key.resolve.why", footer=6),
    Action("workspace-follow", ("f7",), "workspace", "follow", label="key.follow", help="key.follow.why", footer=7),
    Action(
        "workspace-next", ("ctrl+n",), "workspace", "next_step", label="key.step", help="key.step.why", priority=True
    ),
    Action(
        "workspace-replace", ("ctrl+r",), "workspace", "replace_finding", label="key.replace", help="key.replace.why"
    ),
    *PHRASE_ACTIONS,
    *WORKSPACE_ACTIONS,
    *PHRASE_SCREEN_ACTIONS,
    Action(
        "knowledge-cite",
        ("f8", "ctrl+s"),
        "knowledge",
        "cite",
        label="key.cite",
        help="key.cite.why",
        footer=3,
        priority=True,
    ),
    Action(
        "knowledge-solved",
        ("ctrl+t",),
        "knowledge",
        "solved",
        label="key.solved",
        help="key.solved.why",
        footer=6,
        priority=True,
    ),
    Action(
        "knowledge-why",
        ("ctrl+o",),
        "knowledge",
        "why",
        label="key.why",
        help="key.why.why",
        footer=7,
        priority=True,
    ),
    Action(
        "knowledge-missed",
        ("ctrl+l",),
        "knowledge",
        "missed",
        label="key.missed",
        help="key.missed.why",
        footer=8,
        priority=True,
    ),
    Action(
        "resolve-do",
        ("f8", "ctrl+s"),
        "resolve",
        "resolve",
        label="key.finish",
        help="key.finish.why",
        footer=3,
        priority=True,
    ),
    Action(
        "resolve-gap", ("ctrl+g",), "resolve", "next_gap", label="key.gap", help="key.gap.why", footer=6, priority=True
    ),
    Action(
        "resolve-articles",
        ("f5",),
        "resolve",
        "articles",
        label="key.knowledge",
        help="key.knowledge.here.why",
        footer=5,
        priority=True,
        shadows="app-knowledge",
    ),
    Action("plan-do", ("f8", "ctrl+s"), "plan", "tell", label="key.plan", help="key.plan.why", footer=3, priority=True),
    Action("plan-gap", ("ctrl+g",), "plan", "next_gap", label="key.gap", help="key.gap.why", footer=6, priority=True),
    Action(
        "follow-do", ("f8", "ctrl+s"), "follow", "save", label="key.save", help="key.save.why", footer=3, priority=True
    ),
    Action(
        "follow-gap", ("ctrl+g",), "follow", "next_gap", label="key.gap", help="key.gap.why", footer=6, priority=True
    ),
    *ARTICLE_ACTIONS,
    *READER_ACTIONS,
    *USAGE_ACTIONS,
    *PAGE_ACTIONS,
    *CAPTURE_ACTIONS,
    *RULE_ACTIONS,
)
"""Every action of the desk. `docs/keys.md` is generated from it and a test walks it."""

AT_SETUP = frozenset({"app-help", "app-jump", "app-palette", "app-quit", "app-language", "app-theme"})
"""Actions of the app that work before somebody sits at the desk."""


class FooterEntry(NamedTuple):
    """One word of the footer."""

    id: str
    key: str
    """How the key is written, such as `F2` or `^G`."""
    label: str
    enabled: bool = True
    reason: str = ""
    """Why it is greyed; the screen says it when the key is pressed all the same."""


class HelpRow(NamedTuple):
    """One line of the help page or the palette."""

    id: str
    keys: str
    label: str
    help: str
    action: str


def of_scope(scope: str) -> list[Action]:
    """Return the actions of one scope; raises ValueError for a scope that is not in `SCOPES`."""
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {scope}")
    return [action for action in ACTIONS if action.scope == scope]


def effective(scope: str) -> list[Action]:
    """Return what works on a screen: its own actions, then those of the app that it does not shadow."""
    own = of_scope(scope) if scope != "app" else []
    taken = {action.shadows for action in own}
    everywhere = [action for action in of_scope("app") if action.id not in taken]
    return own + [action for action in everywhere if scope != "setup" or action.id in AT_SETUP]


def bindings(scope: str) -> list[Binding]:
    """Return Textual's bindings of a scope's own actions, each with its id so that a user may remap it."""
    from textual.binding import Binding  # the table itself is read by scripts that draw nothing

    return [
        Binding(
            ",".join(arriving(action.keys or (f"no-key-{action.id}",))),  # one without a key may be given one
            action.action,
            action.label,
            show=False,
            priority=action.priority,
            id=action.id,
        )
        for action in of_scope(scope)
    ]


def arriving(pressed: tuple[str, ...]) -> tuple[str, ...]:
    """Return keys with the names under which terminals send them too: Shift+F1 is F13 for many."""
    shifted = (key.removeprefix("shift+f") for key in pressed if key.startswith("shift+f"))
    return pressed + tuple(f"f{12 + int(number)}" for number in shifted)


_NAMES = {
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "Up",
    "down": "Down",
    "delete": "Del",
    "insert": "Ins",
}


def key_name(key: str) -> str:
    """Write a key as people read it: `F2`, `Ctrl+G`, `Shift+F9`, `Esc`."""
    return "+".join(_NAMES.get(part, part.upper() if len(part) <= 2 else part.title()) for part in key.split("+"))


def short_key(key: str) -> str:
    """Write a key for the footer, where cells are dear: `F2`, `^G`, `S-F9`."""
    for modifier, sign in (("ctrl+", "^"), ("shift+", "S-"), ("alt+", "A-")):
        if key.startswith(modifier):
            return sign + short_key(key.removeprefix(modifier))
    return key_name(key)


class _InUse:
    """The keys that a person gave to actions; for all screens of this process, as the language is."""

    def __init__(self) -> None:
        self.keymap: Mapping[str, str] = {}


_in_use = _InUse()


def use_keys(keymap: Mapping[str, str]) -> None:
    """Speak of these keys from now on (action id -> comma-separated keys)."""
    _in_use.keymap = dict(keymap)


def footer(
    scope: str, disabled: Mapping[str, str] | None = None, keymap: Mapping[str, str] | None = None
) -> list[FooterEntry]:
    """Return the footer of a screen in order; `disabled` maps action ids to the reason they are greyed."""
    reasons = disabled or {}
    shown = [action for action in effective(scope) if action.footer and keys_of(action, keymap)]
    shown.sort(key=lambda action: action.footer)
    return [
        FooterEntry(
            action.id,
            short_key(keys_of(action, keymap)[0]),
            t(action.label),
            enabled=action.id not in reasons,
            reason=reasons.get(action.id, ""),
        )
        for action in shown
    ]


def help_rows(scope: str, keymap: Mapping[str, str] | None = None) -> list[HelpRow]:
    """Return what can be done on a screen, its own actions first; actions without keys are left out."""
    return [row for row in palette(scope, keymap) if row.keys]


def palette(scope: str, keymap: Mapping[str, str] | None = None) -> list[HelpRow]:
    """Return every action of a screen with its keys, for the palette."""
    return [
        HelpRow(
            action.id,
            " / ".join(key_name(key) for key in keys_of(action, keymap)),
            t(action.label),
            t(action.help),
            action.action,
        )
        for action in effective(scope)
    ]


def keys_of(action: Action, keymap: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the keys of an action, by a keymap or the one in use.

    A variant of an action of the app goes with it when that one is given another key.
    """
    given = _in_use.keymap if keymap is None else keymap
    wished = given.get(action.id) or given.get(action.shadows)
    return tuple(key.strip() for key in wished.split(",")) if wished else action.keys


def acts(pressed: str) -> bool:
    """Whether a key (in Textual's name) does something of its own, rather than move about or edit."""
    return pressed == "enter" or any(pressed in arriving(keys_of(action)) for action in ACTIONS)


def does_in(scope: str, pressed: str) -> bool:
    """Whether a key (in Textual's name) does something of this screen's own, beside what it does everywhere."""
    return scope != "app" and any(pressed in arriving(keys_of(action)) for action in of_scope(scope))


def leaves(pressed: str) -> bool:
    """Whether a key (in Textual's name) leaves the desk."""
    return any(pressed in arriving(keys_of(action)) for action in ACTIONS if action.id == "app-quit")


def spoken(text: str) -> str:
    """Put the keys that actions have now into a text that names the actions: `[[queue-open]]`."""
    return re.sub(_NAMED, lambda found: _key_of(found.group(1)), text)


_NAMED = r"\[\[([a-z0-9-]+)\]\]"


def _key_of(action_id: str) -> str:
    named = [action for action in ACTIONS if action.id == action_id]
    pressed = [key_name(key) for action in named for key in keys_of(action)]
    return pressed[0] if pressed else action_id


def conflicts(keymap: Mapping[str, str] | None = None) -> list[str]:
    """Return one line for each key that two actions of one screen claim, or that may not be bound at all."""
    faults: list[str] = []
    for scope in SCOPES:
        taken: dict[str, str] = {}
        for action in effective(scope):
            for key in keys_of(action, keymap):
                if key in RESERVED or (key in EDITING):
                    faults.append(f"{action.id}: {key} may not be bound")
                if key in taken:
                    faults.append(f"{scope}: {key} is claimed by {taken[key]} and {action.id}")
                taken[key] = action.id
    return faults
