"""Preferences: a broken file keeps nobody from working; language, theme and keys are chosen and followed everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentdesk import preferences
from agentdesk.app.choosing import AGAIN
from agentdesk.present import i18n, keymap, keys
from agentdesk.screens.help import HelpPanel
from agentdesk.screens.phrases import PhraseScreen
from agentdesk.screens.preferences import KeyPanel, PreferencesScreen
from agentdesk.screens.queue import QueueScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import Walk


@pytest.fixture(autouse=True)
def own_keys_again() -> Iterator[None]:
    """Leave the table's own keys and the default language behind."""
    yield
    keys.use_keys({})
    i18n.use("zh_CN")


async def opened(person: Walk) -> None:
    await person.key("shift+f9")
    await person.until(lambda: isinstance(person.screen, PreferencesScreen), "preferences")
    await person.quiet()


async def give(person: Walk, action_id: str, key: str) -> None:
    """Find an action, and press its new key."""
    picker = person.screen._picker
    picker.focus_search()
    await person.pilot.pause()
    picker.search_for(action_id)
    await person.quiet()
    await person.key("enter")
    await person.until(lambda: isinstance(person.screen, KeyPanel), "the question for the key")
    await person.key(key)
    await person.quiet()


def written() -> preferences.Loaded:
    return keymap.usable(preferences.load(preferences.paths().preferences))


async def test_keys_footer_help_and_palette_follow_a_new_key(walk: Any) -> None:
    async with walk() as person:
        await opened(person)
        await give(person, "app-phrases", "shift+f10")
        await person.sees("已保存", "Shift+F10", "已改", "S-F10")
        assert dict(written().preferences.keys) == {"app-phrases": "shift+f10"}
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, QueueScreen), "queue")
        await person.sees("S-F10话术")
        await person.key("f4")
        await person.quiet()
        assert isinstance(person.screen, QueueScreen), "the old key is free"
        for pressed in ("shift+f10", "f22"):  # what other terminals send
            await person.key(pressed)
            await person.until(lambda: isinstance(person.screen, PhraseScreen), "phrases")
            await person.key("escape")
            await person.quiet()
        await person.key("f1")
        await person.until(lambda: isinstance(person.screen, HelpPanel), "help")
        await person.key("end")
        await person.sees("Shift+F10")
        await person.key("escape", "f9")
        await person.type("话术")
        await person.sees("Shift+F10")


@pytest.mark.parametrize(
    ("key", "said"), [("f5", "已用于"), ("ctrl+a", "输入文字"), ("ctrl+j", "终端"), ("x", "输入法")]
)
async def test_a_key_that_cannot_be_had_says_why_and_asks_on(walk: Any, key: str, said: str) -> None:
    async with walk() as person:
        await opened(person)
        await give(person, "queue-open", key)
        assert isinstance(person.screen, KeyPanel)
        await person.sees(said)
        await person.key("escape")
        await person.quiet()
        assert isinstance(person.screen, PreferencesScreen) and not person.app.chosen.keys


async def test_keys_are_given_back_one_and_all(walk: Any) -> None:
    async with walk() as person:
        await opened(person)
        await give(person, "app-sync", "ctrl+b")
        await give(person, "queue-open", "ctrl+f3")
        await person.key("ctrl+r")
        await person.quiet()
        assert dict(person.app.chosen.keys) == {"app-sync": "ctrl+b"}
        await person.key("ctrl+r")
        await person.sees("没有改过按键")
        person.screen.action_reset_all()
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("f8")
        await person.quiet()
        assert not person.app.chosen.keys and not written().preferences.keys


async def test_an_action_without_a_key_may_be_given_one(walk: Any) -> None:
    async with walk() as person:
        await opened(person)
        await give(person, "app-theme", "ctrl+f9")
        await person.key("f8", "ctrl+f9")
        await person.quiet()
        assert person.app.theme == "agentdesk-light" and written().preferences.theme == "agentdesk-light"


async def test_a_theme_is_worn_at_once_and_kept(walk: Any) -> None:
    async with walk() as person:
        await opened(person)
        await person.key("tab", "3")
        await person.quiet()
        assert person.app.theme == "agentdesk-contrast" and written().preferences.theme == "agentdesk-contrast"


async def test_another_language_makes_the_app_anew_and_is_kept(walk: Any) -> None:
    async with walk() as person:
        await opened(person)
        await person.key("3")
        await person.until(lambda: person.app._exit, "the end")
        assert person.app.return_value == AGAIN
        assert person.app.chosen.language == "en"
    assert written().preferences.language == "en"


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("theme = ", "zh_CN", "设置第 1 行：不是有效的 TOML"),
        ("languag = 'en'", "zh_TW", "是不是 language"),
        ("theme = 'agentdesk-drak'", "en", "no theme agentdesk-drak: agentdesk-dark?"),
        ("[keys]\nqueue-opn = 'f6'", "zh_CN", "是不是 queue-open"),
        ("[keys]\nqueue-open = 'f2'\napp-sync = 'x'", "zh_CN", "另有 1 处（Shift+F9）；设置第 2 行"),
    ],
)
async def test_a_faulty_file_is_said_and_the_desk_opens(
    walk: Any, agentdesk_home: Path, text: str, language: str, said: str
) -> None:
    agentdesk_home.mkdir(parents=True, exist_ok=True)
    path = preferences.paths().preferences
    path.write_text(text, encoding="utf-8")
    async with walk(language=language, faults=written().faults) as person:
        await person.sees(said)
        await opened(person)
        for fault in person.app.session.faults:
            await person.sees(keymap.sentence(fault)[:20])
        await person.key("escape")
        assert path.read_text(encoding="utf-8") == text, "nothing is written before something is chosen"
