"""The table of actions is walked: on every screen each action is listed, and its key really calls it.

Keys are pressed as an input method leaves them: what makes a character never arrives. New actions of the table are
walked by themselves; a new scope needs its way in `STATES`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual.widgets import Input, TextArea

from agentdesk.app.main import AgentDesk
from agentdesk.app.palette import scope_of
from agentdesk.desk import article_review, capture, phrase_review, phrases, policies, releasing, reply, rules
from agentdesk.desk.context import Desk, open_desk
from agentdesk.present import i18n, keys
from agentdesk.present.i18n import LANGUAGES, known, t, use
from agentdesk.present.keys import ACTIONS, SCOPES, Action, effective
from agentdesk.screens.frame import Foot
from agentdesk.screens.help import about, own_keys
from agentdesk.widgets.notice import NoticeLine
from tests.screens.conftest import ROW_A, ROW_B, Walk
from tests.screens.rule_desks import open_rules
from tests.unit.desk.test_rules import SOURCE

SOLVED = {**ROW_B, "contact": "13900000003"}
CHARACTERS = {"space", "slash", "question_mark"}
"""Names of keys that make a character, beside those of one letter: an input method may swallow them."""

STATES: dict[str, tuple[str, Callable[[Walk, dict[str, str]], Awaitable[None]] | tuple[str, ...]]] = {
    "queue": ("", ()),
    "intake": ("queue", ("f2",)),
    "card": ("intake", lambda person, made: customer(person)),
    "template": ("intake", ("ctrl+t",)),
    "helper": ("intake", ("ctrl+n",)),
    "phrases": ("queue", ("f4",)),
    "knowledge": ("queue", ("f5",)),
    "reader": ("knowledge", lambda person, made: reading(person)),
    "casetemplates": ("workspace", lambda person, made: person.app.run_action("apply_template", person.screen)),
    "articles": ("queue", lambda person, made: person.app.run_action("articles")),
    "article": ("articles", ("ctrl+n",)),
    "articleversions": ("articles", lambda person, made: article_versions(person)),
    "articlepreview": ("article", ("ctrl+l",)),
    "articleimport": ("articles", ("f7",)),
    "rules": ("queue", lambda person, made: open_rules(person)),
    "rulefilter": ("rules", ("ctrl+t",)),
    "rule": ("rules", ("ctrl+n",)),
    "trial": ("rules", ("f7",)),
    "wordings": ("rules", ("ctrl+l",)),
    "sync": ("queue", ("f10",)),
    "preferences": ("queue", ("shift+f9",)),
    "help": ("queue", ("f1",)),
    "views": ("queue", ("ctrl+l",)),
    "filter": ("queue", ("ctrl+t",)),
    "find": ("queue", ("ctrl+g",)),
    "tag": ("queue", ("insert", "ctrl+o")),
    "personal": ("phrases", ("ctrl+o",)),
    "review": ("phrases", ("ctrl+l",)),
    "reason": ("review", ("shift+f8",)),
    "versions": ("review", lambda person, made: versions(person)),
    "sitephrase": ("review", ("ctrl+n",)),
    "workspace": ("queue", lambda person, made: opened(person, made["enquiry"])),
    "edit": ("workspace", ("shift+f6",)),
    "history": ("workspace", ("ctrl+l",)),
    "redact": ("workspace", lambda person, made: person.app.run_action("redact", person.screen)),
    "alike": ("workspace", lambda person, made: one_way(person)),
    "steps": ("workspace", ("ctrl+t",)),
    "note": ("workspace", ("ctrl+o",)),
    "release-ask": ("queue", lambda person, made: blocked(person, made["enquiry"])),
    "usage": ("queue", lambda person, made: person.app.run_action("usage")),
    "policies": ("queue", ("ctrl+f5",)),
    "notice": ("policies", lambda person, made: announcing(person)),
    "releases": ("queue", lambda person, made: releases(person)),
    "release-decide": ("releases", ("enter",)),
    "macro": ("workspace", lambda person, made: planned(person)),
    "resolve": ("workspace", ("f6",)),
    "plan": ("queue", lambda person, made: opened(person, made["complaint"], "ctrl+n")),
    "follow": ("queue", lambda person, made: opened(person, made["solved"], "f7")),
}
"""Scope -> the scope that it is reached from, and the keys (or what else is done) there."""

QUIET = {
    ("queue", "app-back"): "nothing lies behind the queue",
    ("intake", "app-intake"): "it is here already",
    ("setup", "app-language"): "the app is made anew",
}
"""What may be pressed without anything to be seen, and why."""


async def opened(person: Walk, request_id: str, *pressed: str) -> None:
    person.app.open_request(request_id)
    await person.quiet()
    await person.key(*pressed)


async def one_way(person: Walk) -> None:
    """How a request like the open one was solved."""
    await person.key("ctrl+f7")
    await person.until(lambda: person.screen.alike.way is not None, "a way")
    await person.quiet()
    await person.key("enter")


async def customer(person: Walk) -> None:
    """A customer in the form, and their card."""
    await person.type(ROW_B["contact"])
    await person.quiet()
    await person.key("enter")
    await person.quiet()
    await person.key("ctrl+l")


async def blocked(person: Walk, request_id: str) -> None:
    """A reply that may not be sent, and the question whether a supervisor releases it."""
    await opened(person, request_id)
    if person.app.screen.composer.worst != "block":
        await person.type("我们是全网最好的")
    person.screen.action_ask_release()


async def reading(person: Walk) -> None:
    """An emergency list opened from the knowledge screen."""
    await person.type("APP 登录不上、一直报错怎么办？")
    await person.until(lambda: person.screen._pane.hit is not None, "a hit")
    await person.quiet()
    await person.key("f3")


async def announcing(person: Walk) -> None:
    """The notice of a policy of which a version was proposed."""
    one = next(one for one in policies.listing(person.desk) if one.now is not None)
    if one.proposed is None:
        with person.desk.journal.transaction() as txn:
            value = {"kind": "policy", "source_id": one.source_id, "title": one.shown.title, "at": txn.now()}
            txn.write("article", one.id, root=one.id, patch={"version": value})
    await person.until(lambda: person.screen.marked and person.screen.marked.announced_next, "a version to announce")
    await person.key("ctrl+n")


async def releases(person: Walk) -> None:
    """The list of what waits for a release."""
    person.app.action_releases()


async def planned(person: Walk) -> None:
    """A macro in the reply, and its actions one by one."""
    (view,) = [one for one in phrases.search(person.desk, "", None, 500) if one.code == "macro.logistics_check"]
    person.screen.use_phrase(view)
    await person.quiet()
    await person.key("shift+f5")


async def versions(person: Walk) -> None:
    """A phrase that waits for approval: its one version may be put in force."""
    before = sum(len(one.versions) for one in phrase_review.site_phrases(person.desk))
    row = {"code": "a.test", "scenario": "thanks", "body_zh_cn": f"谢谢您告诉我们这{before}件事。"}
    phrase_review.propose(person.desk, row)
    await person.quiet()
    screen = person.screen
    await person.until(lambda: screen._rows and screen._rows[0].code == "a.test", "the row")
    await person.quiet()
    screen._picker.mark("a.test")
    await person.key("ctrl+t")


async def article_versions(person: Walk) -> None:
    """An article that waits for approval: its versions, of which one may be put in force."""
    before = len([row for row in article_review.every(person.desk) if row.stands == "waiting"])
    made = article_review.propose(person.desk, {"title": f"甲 {before}", "body": "正文。"})
    await person.quiet()
    screen = person.screen
    await person.until(lambda: any(row.id == made.entity_id for row in screen._rows), "the row")
    await person.quiet()
    screen._picker.mark(made.entity_id)
    await person.key("ctrl+t")


class Spy:
    """Hears which actions were called, and calls them: `mine` are those of our table."""

    def __init__(self, app: AgentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.called: list[str] = []
        dispatch = app._dispatch_action

        async def heard(namespace: Any, name: str, params: Any) -> bool:
            done = await dispatch(namespace, name, params)
            if done:
                self.called.append(f"app.{name}" if namespace is app else name)
            return done

        monkeypatch.setattr(app, "_dispatch_action", heard)


@pytest.fixture
def made(desk_at: Any) -> dict[str, str]:
    """A desk with an enquiry, a complaint, a solved request and a reply half written; its clock stands still."""
    from agentdesk.desk import resolve
    from agentdesk.desk.views import ResolveForm

    desk = desk_at()
    ids = {name: capture.record(desk, row).request_id for name, row in
           {"enquiry": ROW_B, "complaint": ROW_A, "solved": SOLVED}.items()}  # fmt: skip
    resolve.resolve(desk, ids["solved"], ResolveForm(solution_text="能效为一级，安装免费。", own_knowledge=True))
    reply.save_draft(desk, ids["complaint"], "写到一半")
    releasing.ask(desk, ids["solved"], "我们是全网最好的", "宣传页原文")
    rules.propose(desk, SOURCE)
    desk.close()
    return ids


@pytest.fixture
def standing(walk: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return `async with standing() as (person, spy)`: a desk whose clock stands still, so that only keys change it."""

    @asynccontextmanager
    async def start(fresh: bool = False) -> AsyncIterator[tuple[Walk, Spy]]:
        now = datetime.now(UTC) + timedelta(minutes=3)
        desk: Desk = open_desk(None, now=lambda: now, mono=lambda: 1000.0)
        try:
            async with walk(desk=desk, fresh=fresh) as person:
                yield person, Spy(person.app, monkeypatch)
        finally:
            desk.close()

    return start


async def go_to(person: Walk, scope: str, made: dict[str, str]) -> None:
    """Leave whatever is open, and go the way of a scope."""
    for _ in range(12):
        if scope_of(person.screen) == "queue" and len(person.app.screen_stack) == 1:
            break
        await person.key("escape")
        await person.quiet()
    assert scope_of(person.screen) == "queue", f"no way back from {person.screen}"
    await _go(person, scope, made)
    await _hush(person)
    assert scope_of(person.screen) == scope, f"the way to {scope} ends on {person.screen}\n{person.text()}"


async def _hush(person: Walk) -> None:
    """Take away what was said, so that the same sentence is seen to come again."""
    person.app.clear_notifications()
    for notice in person.screen.query(NoticeLine):
        notice.say("")
    await person.pilot.pause()


class Place:
    """A scope's screen as one first comes to it; where a key changed nothing there, the way is not gone anew."""

    def __init__(self, person: Walk, scope: str, made: dict[str, str]) -> None:
        self._person, self._scope, self._made = person, scope, made
        self._stood: tuple[tuple[Any, ...], Any, str] | None = None

    async def again(self) -> None:
        """Stand there as at first."""
        person = self._person
        if self._stood is None or not await self._as_at_first(*self._stood):
            await go_to(person, self._scope, self._made)
            self._stood = (tuple(person.app.screen_stack), person.app.focused, person.text())

    async def _as_at_first(self, stack: tuple[Any, ...], focused: Any, text: str) -> bool:
        person = self._person
        if person.app._exit:
            return False
        if len(person.app.screen_stack) == len(stack) + 1:
            await person.key("escape")
            await person.quiet()
        if tuple(person.app.screen_stack) != stack:
            return False
        await _hush(person)
        person.screen.set_focus(focused)
        await person.quiet()
        return person.app.focused is focused and person.text() == text


async def _go(person: Walk, scope: str, made: dict[str, str]) -> None:
    if scope not in STATES:
        pytest.fail(f"no way to the scope {scope}: add it to STATES of {__name__}")
    base, way = STATES[scope]
    if base:
        await _go(person, base, made)
    if callable(way):
        await way(person, made)
    else:
        await person.key(*way)
    await person.quiet()


def seen(person: Walk) -> tuple[object, ...]:
    """What a person may notice of the desk."""
    app = person.app
    toasts = tuple(one.message for one in app._notifications)
    stack = tuple(id(screen) for screen in app.screen_stack)
    focused = id(app.focused) if app.focused is not None else 0
    return (stack, focused, person.text(), toasts, app.theme, i18n.language(), app._exit, app.current_mode)


def text_field(person: Walk) -> Any:
    """The first text field of the screen that is not in hand; None where there is none."""
    fields = [one for one in person.screen.focus_chain if isinstance(one, (Input, TextArea))]
    return next((one for one in fields if one is not person.app.focused), None)


def pressable(action: Action) -> str:
    """A key of an action that an input method lets through."""
    through = [key for key in keys.keys_of(action) if len(key) > 1 and key not in CHARACTERS]
    assert through or not action.keys, f"{action.id} has only keys that an input method swallows"
    return through[0] if through else ""


async def pressed(person: Walk, spy: Spy, action: Action, scope: str) -> None:
    """Press an action's key; it must be called, and something must be seen of it."""
    spy.called.clear()
    before = seen(person)
    await person.key(pressable(action))
    await person.quiet()
    where = f"{action.id} ({pressable(action)}) on {scope}, focus was {person.app.focused}"
    called = action.action.partition("(")[0]
    # Escape may belong to what is in hand first: a search that is emptied, a list that is left.
    assert called in spy.called or action.id == "app-back" and spy.called, f"{where}: {spy.called}\n{person.text()}"
    if (scope, action.id) not in QUIET:
        assert seen(person) != before, f"nothing to be seen of {where}\n{person.text()}"


async def walked(
    person: Walk, spy: Spy, scope: str, there: Callable[[], Awaitable[None]], actions: Sequence[Action]
) -> None:
    """Press the key of every action, with the focus where it is at first and in a text field."""
    for action in actions:
        if action.keys:
            await there()
            await pressed(person, spy, action, scope)
            if action.scope == "app" and scope != "intake":
                continue  # what is before every field needs to be tried in one of them
            await there()
            if (field := text_field(person)) is not None:
                person.screen.set_focus(field)
                await person.quiet()
                await pressed(person, spy, action, scope)


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope not in ("app", "setup")])
async def test_every_key_calls_its_action(scope: str, standing: Any, made: dict[str, str]) -> None:
    async with standing() as (person, spy):
        await walked(person, spy, scope, Place(person, scope, made).again, effective(scope))


async def test_every_key_of_the_first_run_calls_its_action(walk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async with walk(fresh=True) as person:

        async def back() -> None:
            while len(person.app.screen_stack) > 1:
                await person.key("escape")
                await person.quiet()

        # Nothing waits here, so that leaving ends the app: tested with the app.
        actions = [action for action in effective("setup") if action.id != "app-quit"]
        await walked(person, Spy(person.app, monkeypatch), "setup", back, actions)


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope not in ("app", "setup")])
async def test_what_is_greyed_says_why(scope: str, standing: Any, made: dict[str, str]) -> None:
    async with standing() as (person, _):
        await go_to(person, scope, made)
        for entry in [entry for foot in person.screen.query(Foot) for entry in foot.entries if not entry.enabled]:
            await go_to(person, scope, made)
            await person.key(pressable(next(one for one in effective(scope) if one.id == entry.id)))
            await person.quiet()
            said = [notice.text for notice in person.screen.query(NoticeLine)]
            assert entry.reason in said, f"{entry.id} on {scope}: {said}"


@pytest.mark.parametrize("action", [action for action in ACTIONS if not action.keys], ids=lambda action: action.id)
async def test_an_action_without_a_key_runs_from_the_palette(
    action: Action, standing: Any, made: dict[str, str]
) -> None:
    scope = "queue" if action.scope == "app" else action.scope
    async with standing() as (person, spy):
        await go_to(person, scope, made)
        await person.key("f9")
        await person.type(t(action.help))
        await person.sees(t(action.label))
        await person.quiet()
        await person.key("down", "enter")
        await person.until(lambda: action.action.partition("(")[0] in spy.called, action.id)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", SCOPES)
def test_help_and_palette_list_every_action(scope: str, language: str) -> None:
    use(language)
    try:
        listed = {row.id: row for row in keys.palette(scope)}
        helped = {row.id for row in keys.help_rows(scope)}
        for action in effective(scope):
            row = listed[action.id]
            assert row.label == t(action.label) and row.help == t(action.help)
            assert row.keys == " / ".join(keys.key_name(key) for key in action.keys)
            assert not action.keys or action.id in helped
            assert pressable(action) or not action.keys
        assert known(f"scope.{scope}")
    finally:
        use("zh_CN")


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope != "app"])
async def test_everything_that_takes_the_focus_has_its_help(
    scope: str, walk: Any, request: pytest.FixtureRequest
) -> None:
    made = request.getfixturevalue("made") if scope != "setup" else {}
    async with walk(fresh=scope == "setup", size=(140, 40)) as person:
        if scope != "setup":
            await go_to(person, scope, made)
        for widget in person.screen.focus_chain:
            assert own_keys(widget) and all(known_everywhere(key) for key in (own_keys(widget), about(widget))), widget


def known_everywhere(key: str) -> bool:
    """Whether every language has this text."""
    try:
        return all(known(key) for language in LANGUAGES if use(language))
    finally:
        use("zh_CN")
