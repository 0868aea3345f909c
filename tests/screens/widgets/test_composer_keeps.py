"""The composer keeps every character and gives back what one key replaced, whatever the findings do meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from textual import events

from agentdesk.desk.library import shipped_linter
from agentdesk.text.lint import LintSession
from agentdesk.widgets.composer import Composer

PIECES = [
    "不归我管",
    "不",
    "知道",
    "保本",
    "保证产品100%无故障",
    "您好，",
    "。",
    "😀",
    "\n",
    "ＡＢ",
    "不·知·道",
    "，",
    "没",
    "办法",
]


def composer_of(text: str = "") -> Composer:
    """A composer with the rules that ship."""
    return Composer(text, lint=LintSession(shipped_linter()).check)


def judged(composer: Composer) -> None:
    """The findings shown are those of the text as it stands."""
    assert list(composer.findings) == shipped_linter().check(composer.text)


@pytest.mark.parametrize("caret", [0, 3, 8, 9, 14, 26])
async def test_undo_brings_back_text_and_caret_exactly(host: Callable[..., Any], caret: int) -> None:
    text = "您好😀，这个不 归·我 管👍。\n保證產品１００％無故障呢"
    composer = composer_of()
    app = host(composer)
    async with app.run_test(size=(40, 12)) as pilot:
        composer.focus_text()
        composer.set_text(text, caret)
        await pilot.pause()
        found = composer.current()
        assert found is not None
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert composer.text == text[: found.start] + found.replacement + text[found.end :]
        assert composer.caret == found.start + len(found.replacement)
        judged(composer)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert (composer.text, composer.caret) == (text, caret)
        judged(composer)
        await pilot.press("ctrl+y")
        await pilot.pause()
        assert composer.text == text[: found.start] + found.replacement + text[found.end :]


async def test_each_replacement_is_undone_by_itself_and_not_what_was_typed_before(
    host: Callable[..., Any], typing: Any
) -> None:
    composer = composer_of()
    app = host(composer)
    async with app.run_test(size=(60, 12)) as pilot:
        composer.focus_text()
        await typing(pilot, "不归我管。我不知道")
        await pilot.pause()
        seen = [(composer.text, composer.caret)]
        while composer.findings:
            await pilot.press("ctrl+r")
            await pilot.pause()
            seen.append((composer.text, composer.caret))
        assert len(seen) == 3
        for text, caret in reversed(seen[:-1]):
            await pilot.press("ctrl+z")
            await pilot.pause()
            assert composer.text == text
            assert composer.caret == caret


@pytest.mark.parametrize("seed", range(3))
async def test_a_burst_of_keys_leaves_every_character_in_its_order(host: Callable[..., Any], seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choices(PIECES, k=60))
    composer = composer_of()
    app = host(composer)
    async with app.run_test(size=(40, 14)) as pilot:
        composer.focus_text()
        for char in text:
            app.post_message(events.Key("enter" if char == "\n" else char, None if char == "\n" else char))
        await pilot.pause()
        await pilot.pause()
        assert (composer.text, composer.caret) == (text, len(text))
        judged(composer)


async def test_pastes_between_keys_are_whole_or_refused_whole(host: Callable[..., Any], text_of: Any) -> None:
    """100 kB are more than a reply holds: nothing of them enters, and nothing that was there leaves."""
    composer = composer_of("始")
    app = host(composer)
    huge = ("不归我管，😀保本。\n" * 5_000)[:36_000]
    assert len(huge.encode()) > 100_000
    fits = ("我不知道，\n没办法👍。" * 500)[:4_900]
    async with app.run_test(size=(40, 14)) as pilot:
        composer.focus_text()
        composer.area.move_cursor((0, 1))
        for event in (
            events.Key("前", "前"), events.Paste(huge), events.Key("中", "中"), events.Paste(fits),
            events.Key("后", "后"), events.Paste(huge), events.Key("末", "末"),
        ):  # fmt: skip
            app.post_message(event)
        await pilot.pause()
        await pilot.pause()
        assert composer.text == f"始前中{fits}后末"
        judged(composer)
        app.post_message(events.Paste(huge))
        await pilot.pause()
        assert composer.text == f"始前中{fits}后末" and "内容过长" in text_of(app)


async def test_a_reply_that_is_full_takes_exactly_what_it_can_hold(host: Callable[..., Any]) -> None:
    composer = composer_of("满" * 4_998)
    app = host(composer)
    async with app.run_test(size=(40, 14)) as pilot:
        composer.focus_text()
        composer.area.move_cursor(composer.area.document.end)
        for char in "甲乙丙":
            app.post_message(events.Key(char, char))
        await pilot.pause()
        await pilot.pause()
        assert composer.text == "满" * 4_998 + "甲乙"
