"""Phrases under the fingers: favourites, phrases of one's own, another language for one contact, the reminder."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture, library, own_phrases
from agentdesk.screens.personal_phrase import PersonalPhraseScreen
from agentdesk.screens.phrase_pane import _wrap
from agentdesk.screens.phrases import PhraseScreen
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_B


async def phrase_screen(person: Any) -> Any:
    await person.key("f4")
    await person.until(lambda: isinstance(person.screen, PhraseScreen) and person.screen._pane.picker.items, "phrases")
    await person.quiet()
    return person.screen


async def find(person: Any, words: str, wanted: str) -> Any:
    picker = person.screen._pane.picker
    await person.type(words)
    await person.until(lambda: picker.item is not None and wanted in picker.item.title, wanted)
    await person.quiet()
    return picker.item


@pytest.fixture
def row_b(desk_at: Any) -> Any:
    """A desk with row B recorded."""
    desk = desk_at()
    return desk, capture.record(desk, ROW_B).request_id


async def workspace(person: Any) -> Any:
    await person.until(lambda: person.screen._rows.row is not None, "a row")
    await person.key("enter")
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "the request")
    await person.quiet()
    return person.screen


async def test_a_favourite_stands_first_and_is_taken_back(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        screen = await phrase_screen(person)
        item = await find(person, "风险", "风险提示")
        await person.key("shift+f4")
        await person.sees("已收藏", "* 风险提示")
        await person.quiet()
        await person.key("escape")
        every = len(library.phrases(person.desk))
        await person.until(lambda: len(screen._pane.picker.items) == every, "all phrases")
        await person.quiet()
        assert screen._pane.picker.items[0].id == item.id
        screen._pane.picker.take_focus()
        await person.key("up", "shift+f4")
        await person.sees("已取消收藏")
        await person.quiet()
        assert not own_phrases.favourites(person.desk)


async def test_a_personal_phrase_is_a_checked_copy_that_can_be_changed_and_deleted(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        screen = await phrase_screen(person)
        await find(person, "感谢反馈", "感谢反馈")
        await person.key("ctrl+o")
        await person.until(lambda: isinstance(person.screen, PersonalPhraseScreen), "the editor")
        await person.quiet()
        await person.sees("新建自用话术", "customer_title 客户称呼")
        await person.type("请您冷静点。{nobody}")
        await person.key("f8")
        await person.sees("没有这样的变量：nobody")
        await person.key(*["backspace"] * len("{nobody}"))
        await person.key("f8")
        await person.sees("没有存：会激化情绪")
        await person.key(*["backspace"] * len("请您冷静点。"))
        await person.type("这个我不清楚。")
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("y")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("已存为自用话术", "自用")
        await person.quiet()
        (kept,) = own_phrases.personal(person.desk)
        assert screen._pane.marked.id == kept
        assert screen._pane.marked.personal
        await person.key("ctrl+o")
        await person.sees("修改自用话术")
        await person.quiet()
        await person.key("shift+f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("y")
        await person.sees("已删除自用话术")
        await person.quiet()
        assert kept not in own_phrases.personal(person.desk)


async def test_what_was_typed_waits_for_the_next_time(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        screen = await phrase_screen(person)
        for _ in range(2):
            await person.key("ctrl+o")
            await person.until(lambda: isinstance(person.screen, PersonalPhraseScreen), "the editor")
            await person.quiet()
            await person.type("甲")
            await person.key("escape")
            await person.until(lambda: person.screen is screen, "the list")
            await person.quiet()
        await person.key("ctrl+o")
        await person.until(lambda: isinstance(person.screen, PersonalPhraseScreen), "the editor")
        await person.quiet()
        assert str(person.screen.form.values()["body"]).endswith("甲甲")
        assert own_phrases.personal(person.desk) == {}


async def test_one_contact_in_another_language(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        screen = await workspace(person)
        screen.action_phrase_language()
        await person.sees("话术语言：繁體中文", "很高興為您服務")
        await person.quiet()
        screen.action_phrase_language()
        await person.sees("话术语言：English", "I am glad")
        await person.quiet()
        await person.key("enter")
        await person.until(lambda: "Hello, this is" in screen.composer.text, "the phrase")
        await person.quiet()


async def test_the_reply_becomes_a_phrase_and_repeating_one_is_remarked(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        screen = await workspace(person)
        screen.action_keep_phrase()
        await person.sees("答复是空的")
        for _ in range(3):
            await person.key("f4")
            await person.quiet()
            assert "换个说法" not in person.text()
            await person.key("1")
            await person.until(lambda: screen.composer.area.has_focus, "the reply")
            await person.quiet()
        await person.sees("已用 3 遍")
        screen.action_keep_phrase()
        await person.until(lambda: isinstance(person.screen, PersonalPhraseScreen), "the editor")
        await person.quiet()
        assert "张敏" in str(person.screen.form.values()["body"])
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the request")
        await person.quiet()
        assert len(own_phrases.personal(person.desk)) == 1


async def test_a_favourite_needs_the_mark(walk: Any, row_b: Any) -> None:
    async with walk(desk=row_b[0]) as person:
        screen = await workspace(person)
        await person.key("shift+f4")
        await person.sees("先按 F4")
        await person.key("f4")
        await person.quiet()
        await person.key("down", "shift+f4")
        await person.sees("已收藏")
        await person.quiet()
        assert own_phrases.favourites(person.desk) == {screen.phrases.marked.id}


def test_previews_keep_latin_words_whole() -> None:
    assert _wrap("I am glad to help. Please", 9, 10) == ("I am glad", "to help.", "Please")
    assert _wrap("感谢您的等候，核对结果如下。", 1, 10) == ("感谢您的等",)
    assert _wrap("a" * 30, 2, 20) == ("a" * 20, "a" * 10)
