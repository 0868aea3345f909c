"""A burst of bytes: every key of row B in one go, faster than any screen can be painted."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from textual import events

from agentdesk.app import key_order
from agentdesk.app.palette import ActionProvider
from agentdesk.desk import capture, indexing, knowledge, queue, revealing
from agentdesk.present.i18n import t
from agentdesk.screens.articles import ArticlesScreen
from agentdesk.screens.queue import QueueScreen
from agentdesk.screens.reader import ReaderScreen
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_B
from tests.screens.test_intake import open_intake

KEYS: list[str] = [
    "f2", *"13900000002", "enter", "1", "1", *"空调", "tab", *"想了解空调的能效等级和安装费用", "tab", "1", "f8",
    "f4", "enter", "f5", "enter", "f6", "1", "1", "f8",
]  # fmt: skip


async def test_a_whole_row_typed_in_one_burst_is_walked_in_order(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, {**ROW_B, "description": "上次咨询过洗碗机的保修期限和范围", "product_service": "洗碗机"})
    async with walk(desk=desk) as person:
        for key in KEYS:
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.until(
            lambda: queue.page(desk, 0, 5, queue.ALL).total == 2 and isinstance(person.screen, QueueScreen)
        )
        await person.quiet()
        rows = queue.page(desk, 0, 5, queue.ALL).rows
        assert sorted(row.state for row in rows) == ["CLOSED", "RECORDED"]
        assert not person.app._hold.waiting


async def test_after_a_refusal_the_commands_pressed_ahead_are_forgotten(walk: Any) -> None:
    async with walk() as person:
        await person.key("f2")
        await person.quiet()
        screen = person.screen
        for key in ("f8", "f5", "enter"):
            person.app.post_message(events.Key(key, None))
        await person.sees("不完整")
        await person.quiet()
        assert person.screen is screen, "F5 was meant for the workspace"


async def test_the_key_that_leaves_is_heard_after_a_refusal_too(walk: Any) -> None:
    """It is meant for no screen that does not come, and asks where something was not sent."""
    async with walk() as person:
        form = await open_intake(person)
        form.focus_field("description")
        await person.type("想了解空调")
        await person.quiet()
        for key in ("f8", "f5", "ctrl+q", "enter"):
            person.app.post_message(events.Key(key, None))
        await person.sees("还没有记录")
        await person.quiet()
        assert isinstance(person.screen, Confirm), "what was pressed behind it answers nothing"


async def test_a_later_question_does_not_let_go_the_keys_that_wait_for_an_earlier_one(
    walk: Any, desk_at: Any, monkeypatch: Any
) -> None:
    """The index became whole while the articles beside a reply were read: what is typed belongs to their search."""
    desk = desk_at()
    capture.record(desk, ROW_B)
    slow, at_work = threading.Event(), threading.Event()
    read = knowledge.for_request

    def waiting(*of: Any, **how: Any) -> Any:
        at_work.set()
        assert slow.wait(20)
        return read(*of, **how)

    async with walk(desk=desk) as person:
        await person.key("enter")
        await person.quiet()
        pane = person.screen.articles
        monkeypatch.setattr(knowledge, "for_request", waiting)
        person.app.post_message(events.Key("f5", None))
        await person.until(at_work.is_set, "the articles are being read")
        pane._made = indexing.Progress(1, 1)
        pane._made_so_far(indexing.Progress(0, 1))
        for char in "漏水":
            person.app.post_message(events.Key(char, char))
        slow.set()
        await person.until(lambda: pane.picker.words == "漏水" or person.screen.composer.text, "what was typed")
        assert (pane.picker.words, person.screen.composer.text) == ("漏水", "")


async def test_what_is_typed_ahead_of_a_question_about_a_number_does_not_answer_it(walk: Any, desk_at: Any) -> None:
    card = "6222021234567890128"
    desk = desk_at()
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.focus_field("order_no")
        await person.quiet()
        for key in (*card, "shift+tab", *"1yab"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.quiet()
        assert isinstance(person.screen, Confirm), "it waits for an answer that was meant for it"
        await person.key("enter")
        await person.until(lambda: not isinstance(person.screen, Confirm), "answered")
        await person.quiet()
        values = form.values()
        assert values["order_no"] == "", "the safe answer"
        assert values["expected_outcome"] == "1yab", "what was typed ahead stands where it was meant for"


async def test_what_is_typed_while_a_slow_desk_opens_a_request_is_in_the_reply(
    walk: Any, desk_at: Any, monkeypatch: Any
) -> None:
    """The limit is for a fault: as long as the desk is at work, there is no field yet for what is typed."""
    monkeypatch.setattr(key_order, "LIMIT", 0.01)
    desk = desk_at()
    capture.record(desk, ROW_B)
    slow, at_work = threading.Event(), threading.Event()
    read = revealing.view

    def waiting(*of: Any) -> Any:
        at_work.set()
        assert slow.wait(20)
        return read(*of)

    monkeypatch.setattr(revealing, "view", waiting)
    limits: list[float] = []
    async with walk(desk=desk) as person:
        again = person.app._hold_too_long
        monkeypatch.setattr(person.app, "_hold_too_long", lambda waited: (limits.append(waited), again(waited)))
        for key in ("enter", *"您好"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.until(lambda: at_work.is_set() and len(limits) > 2, "the limit has passed")
        slow.set()
        await person.quiet()
        assert person.screen.composer.text == "您好"


async def test_a_command_behind_typed_words_is_for_the_list_that_they_find(
    walk: Any, desk_at: Any, monkeypatch: Any
) -> None:
    """The search is slow: F3 opens no article of the list before, and is not told that nothing is marked."""
    slow = threading.Event()
    search = knowledge.search

    def waiting(*of: Any, **how: Any) -> Any:
        assert slow.wait(20)
        return search(*of, **how)

    monkeypatch.setattr(knowledge, "search", waiting)
    async with walk(desk=desk_at()) as person:
        await person.key("f5")
        await person.quiet()
        for key in (*"漏睡", "backspace", *"水", "f3"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        pane = person.screen._pane
        await person.until(lambda: pane.picker.words == "漏水", "editing waits for no list")
        await person.until(lambda: "list" in person.app._hold._reasons, "the command waits")
        slow.set()
        await person.until(lambda: isinstance(person.screen, ReaderScreen), "the article")
        await person.sees("洗衣机底部漏水怎么办")


async def test_a_list_that_never_comes_locks_no_command(walk: Any, desk_at: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(key_order, "LIMIT", 0.01)
    async with walk(desk=desk_at()) as person:
        await person.key("f5")
        await person.quiet()
        person.screen._listing = {"articles": 99}
        for key in ("f3", "escape"):
            person.app.post_message(events.Key(key, None))
        await person.until(lambda: isinstance(person.screen, QueueScreen), "both commands were heard")


async def test_a_search_that_fails_lets_the_commands_go_on(walk: Any, desk_at: Any, monkeypatch: Any) -> None:
    def broken(*of: Any, **how: Any) -> Any:
        raise OSError("no such disk")

    async with walk(desk=desk_at()) as person:
        await person.key("f5")
        await person.quiet()
        monkeypatch.setattr(knowledge, "search", broken)
        for key in (*"漏水", "f3"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.sees(t("why.nothing_marked"))
        assert not person.screen.is_listing


async def test_the_palette_runs_what_the_typed_words_find_however_slow_it_looks(walk: Any, monkeypatch: Any) -> None:
    async with walk() as person:
        await person.key("f9")
        await person.quiet()
        gathered = asyncio.Event()
        search = ActionProvider.search

        async def waiting(self: Any, words: str) -> Any:
            await gathered.wait()
            async for hit in search(self, words):
                yield hit

        monkeypatch.setattr(ActionProvider, "search", waiting)
        for key in (*"知识管理", "enter"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.until(lambda: "list" in person.app._hold._reasons, "the command waits")
        gathered.set()
        await person.until(lambda: isinstance(person.screen, ArticlesScreen), "what was asked for")


async def test_a_stream_of_questions_keeps_the_keys_for_the_first_and_its_heir_alone(walk: Any) -> None:
    answers = {name: threading.Event() for name in "abc"}
    told: list[str] = []

    def ask(screen: Any, name: str, **how: Any) -> None:
        screen.ask("stream", lambda _: answers[name].wait(20) and name, told.append, **how)

    async with walk() as person:
        ask(person.screen, "a", hold=True)
        ask(person.screen, "b")
        ask(person.screen, "c")
        answers["a"].set()
        answers["b"].set()
        await person.until(lambda: not person.app._hold.holding, "the keys go on")
        assert told == [], "the last one is not answered yet"
        answers["c"].set()
        await person.until(lambda: told == ["c"], "the last answer")


async def test_who_leaves_waits_for_no_list_and_what_was_meant_for_it_is_for_nobody(
    walk: Any, desk_at: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(key_order, "LIMIT", 1_000)
    slow = threading.Event()
    monkeypatch.setattr(knowledge, "search", lambda *_, **__: slow.wait(20) and [])
    desk = desk_at()
    capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        for keys_pressed in (("escape", "escape"), ("f3",)):
            await person.key("f5")
            await person.quiet()
            searching = person.screen
            for key in (*"漏水", *keys_pressed):
                person.app.post_message(events.Key(key, key if len(key) == 1 else None))
            if keys_pressed == ("f3",):
                await person.until(lambda: "list" in person.app._hold._reasons, "F3 waits")
                searching.dismiss(None)
            await person.until(lambda: isinstance(person.screen, QueueScreen), "the queue")
            await person.until(lambda: not person.app._hold.holding, "nothing is kept")
            assert isinstance(person.screen, QueueScreen), "F3 was for the article, not for the request beneath"
        slow.set()


async def test_a_search_that_nobody_typed_keeps_no_key(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    capture.record(desk, ROW_B)
    async with walk(desk=desk) as person:
        await person.key("enter")
        await person.quiet()
        pane = person.screen.articles
        pane._made = indexing.Progress(1, 1)
        pane._made_so_far(indexing.Progress(0, 1))
        assert not person.screen.is_listing, "Enter in the reply is not for the articles beside it"
        await person.quiet()


async def test_a_palette_that_closes_while_it_looks_keeps_no_key(walk: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(key_order, "LIMIT", 1_000)

    async def never(*_: Any) -> Any:
        await asyncio.Event().wait()
        yield

    async with walk() as person:
        await person.key("f9")
        await person.quiet()
        monkeypatch.setattr(ActionProvider, "search", never)
        for key in (*"知识", "enter"):
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.until(lambda: "list" in person.app._hold._reasons, "Enter waits")
        person.screen.dismiss(None)
        await person.until(lambda: not person.app._hold.holding, "the keys go on")
