"""The composer: what must not be said is underlined, explained and replaced by one key; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rich.style import Style
from textual import events
from textual.widgets import TextArea

from agentdesk.text.privacy import redact
from agentdesk.widgets.composer import Composer
from agentdesk.widgets.guards import Guarded

BAD = "您好，这件事我不知道。"
WORSE = "我们保证产品100%无故障"


def guard(text: str, caret: int) -> Guarded:
    """The real detection."""
    clean, moved, _ = redact(text, caret)
    return Guarded(clean, moved)


def underlined(app: Any, y: int) -> str:
    """The underlined characters of a screen line."""
    strip = app.screen._compositor.render_strips()[y]
    return "".join(segment.text for segment in strip if (segment.style or Style()).underline)


async def test_a_finding_is_underlined_and_explained_while_typing(
    host: Callable[..., Any], word_lint: Any, text_of: Any, typing: Any
) -> None:
    composer = Composer(lint=word_lint)
    app = host(composer)
    async with app.run_test(size=(90, 12), message_hook=app.hear) as pilot:
        composer.focus_text()
        await typing(pilot, BAD)
        await pilot.pause()
        assert underlined(app, 0) == "不知道" and composer.worst == "warn"
        assert "需确认 推诿  让客户觉得被推开  ^R 我帮您查询一下" in text_of(app)
        assert app.heard(Composer.Edited)[-1].text == BAD and app.heard(Composer.Edited)[-1].caret == len(BAD)
        await pilot.press("backspace", "backspace")
        await pilot.pause()
        assert underlined(app, 0) == "" and composer.worst == "" and "未发现禁用语" in text_of(app)


async def test_one_key_replaces_the_finding_at_the_caret(host: Callable[..., Any], word_lint: Any) -> None:
    composer = Composer(lint=word_lint)
    app = host(composer)
    async with app.run_test(size=(90, 12), message_hook=app.hear) as pilot:
        composer.focus_text()
        composer.set_text(f"{BAD}\n{WORSE}👍")
        await pilot.pause()
        assert composer.worst == "block" and len(composer.findings) == 2
        assert underlined(app, 1) == "保证产品100%无故障"
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert composer.text == f"{BAD}\n我们产品符合行业标准，具体参数可参考说明书👍"
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert composer.text.startswith("您好，这件事我我帮您查询一下。\n") and composer.worst == ""
        assert [event.rule for event in app.heard(Composer.Replaced)] == ["RL-01", "FP-01"]
        await pilot.press("ctrl+r")
        assert len(app.heard(Composer.Replaced)) == 2


async def test_a_finding_that_runs_over_a_line_break_is_underlined_on_both(
    host: Callable[..., Any], word_lint: Any
) -> None:
    composer = Composer(
        lint=lambda text: (
            word_lint(text.replace("\n", ""))
            and [type(word_lint.words["不知道"])(1, 5) for _ in [0] if "不\n知道" in text]
        )
    )
    app = host(composer)
    async with app.run_test(size=(60, 12)) as pilot:
        composer.set_text("我不\n知道啊")
        await pilot.pause()
        assert (underlined(app, 0), underlined(app, 1)) == ("不", "知道")


async def test_enter_is_a_new_line_and_never_more(host: Callable[..., Any]) -> None:
    composer = Composer()
    app = host(composer)
    async with app.run_test(size=(60, 12), message_hook=app.hear) as pilot:
        composer.focus_text()
        await pilot.press("好", "enter", "的", "enter")
        assert composer.text == "好\n的\n"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("::", "PhrasesAsked"), ("：：", "PhrasesAsked"), ("??", "ArticlesAsked"), ("？？", "ArticlesAsked")],
)
async def test_marks_ask_for_phrases_and_articles_and_stay(
    host: Callable[..., Any], typing: Any, typed: str, kind: str
) -> None:
    composer = Composer()
    app = host(composer)
    async with app.run_test(size=(60, 12), message_hook=app.hear) as pilot:
        composer.focus_text()
        await typing(pilot, f"真的{typed}")
        await pilot.pause()
        asked = app.heard(getattr(Composer, kind))
        assert [event.caret for event in asked] == [4] and composer.text == f"真的{typed}"
        assert composer.area.has_focus
        await pilot.press("left", "right")
        assert len(app.heard(getattr(Composer, kind))) == 1, "moving about asks nothing"
        composer.insert_text_at_caret("您好，请讲。")
        await pilot.pause()
        assert composer.text == "真的您好，请讲。" and composer.caret == len(composer.text)


async def test_one_mark_is_punctuation(host: Callable[..., Any], typing: Any) -> None:
    composer = Composer()
    app = host(composer)
    async with app.run_test(size=(60, 12), message_hook=app.hear) as pilot:
        composer.focus_text()
        await typing(pilot, "？好:？")
        await pilot.pause()
        assert not app.heard(Composer.ArticlesAsked) and not app.heard(Composer.PhrasesAsked)
        composer.insert_text_at_caret("插入")
        assert composer.text == "？好:？插入"


async def test_a_long_paste_is_refused_and_said(host: Callable[..., Any], text_of: Any) -> None:
    composer = Composer("已写")
    app = host(composer)
    async with app.run_test(size=(60, 14), message_hook=app.hear) as pilot:
        composer.focus_text()
        app.screen.post_message(events.Paste("长" * 5_001))
        await pilot.pause()
        assert composer.text == "已写" and "内容过长：最多 5000 个字符" in text_of(app)
        app.screen.post_message(events.Paste("短\n" * 30))
        await pilot.pause()
        await pilot.pause()
        assert composer.text.count("短") == 30 and composer.area.size.height == 8
        assert app.screen.region.contains_point(app.cursor_position)


async def test_private_numbers_stand_blocked_but_are_never_copied(host: Callable[..., Any], word_lint: Any) -> None:
    composer = Composer("卡号4111111111111111", guard=guard)
    app = host(composer)
    async with app.run_test(size=(60, 12)) as pilot:
        composer.focus_text()
        composer.area.select_all()
        await pilot.press("ctrl+c")
        assert app.clipboard == "卡号[CARD]" and composer.text == "卡号4111111111111111"


async def test_a_template_is_filled_or_asked_for(host: Callable[..., Any], word_lint: Any) -> None:
    like = word_lint.words["不知道"]
    word_lint.words = {"不知道": type(like)(0, 0, replacement="", template="{eta}前答复")}
    composer = Composer("我不知道", lint=word_lint, fill=lambda template: template)
    app = host(composer)
    async with app.run_test(size=(60, 12), message_hook=app.hear) as pilot:
        composer.focus_text()
        await pilot.press("ctrl+r")
        await pilot.pause()
        wanted = app.heard(Composer.VariablesWanted)[-1]
        assert (wanted.template, wanted.start, wanted.end) == ("{eta}前答复", 1, 4) and composer.text == "我不知道"
        composer.replace_span(wanted.start, wanted.end, "18:00前答复")
        assert composer.text == "我18:00前答复"


async def test_lint_may_come_late_and_change(host: Callable[..., Any], word_lint: Any) -> None:
    composer = Composer(BAD)
    app = host(composer)
    async with app.run_test(size=(60, 12), message_hook=app.hear) as pilot:
        await pilot.pause()
        assert underlined(app, 0) == ""
        composer.use_lint(word_lint)
        await pilot.pause()
        assert underlined(app, 0) == "不知道" and len(app.heard(Composer.FindingsChanged)) == 1


async def test_underlines_survive_a_theme_change(host: Callable[..., Any], word_lint: Any) -> None:
    composer = Composer(BAD, lint=word_lint)
    app = host(composer)
    async with app.run_test(size=(60, 12)) as pilot:
        for theme in ("agentdesk-light", "agentdesk-contrast"):
            app.theme = theme
            await pilot.pause()
            assert underlined(app, 0) == "不知道"


async def test_the_terminal_cursor_is_exact_on_a_wrapped_line(host: Callable[..., Any], word_lint: Any) -> None:
    composer = Composer(lint=word_lint)
    app = host(composer)
    async with app.run_test(size=(22, 12)) as pilot:
        composer.focus_text()
        await pilot.press(*"一二三四五六七八九十甲乙")
        await pilot.pause()
        place = app.cursor_position
        shown = app.screen._compositor.render_strips()[place.y].text
        assert "乙" in shown and place.x == 1 + 2 * len(shown.strip())


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_hostile_text_is_harmless(
    host: Callable[..., Any], hostile: list[str], harmless: Any, word_lint: Any, size: tuple[int, int]
) -> None:
    composer = Composer(lint=word_lint)
    app = host(composer)
    async with app.run_test(size=size) as pilot:
        composer.focus_text()
        for text in hostile:
            composer.set_text(text)
            composer.say(text)
            composer.insert_text_at_caret(text[:100])
            await pilot.pause()
            harmless(app)
            assert len(composer.text) <= 5_000


async def test_our_hold_on_textual_is_there(host: Callable[..., Any]) -> None:
    """The private parts that the composer stands on; a new Textual without them must be noticed here."""
    area = Composer().area
    assert hasattr(area, "_line_cache") and callable(TextArea.get_line)


async def test_a_key_right_after_a_key_works_on_the_present_text(host: Callable[..., Any], word_lint: Any) -> None:
    """The judgement comes after the paint; what asks for it earlier gets the one of the text as it stands."""
    composer = Composer("不知道", lint=word_lint)
    app = host(composer)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        composer.focus_text()
        composer.area.insert("我们都", (0, 0))
        composer._relinting = True
        assert composer.worst == "warn" and composer.findings[0].start == 3
        composer.replace_current()
        assert composer.text == "我们都我帮您查询一下"


@pytest.mark.parametrize(
    ("before", "caret", "after"),
    [
        ("", 0, "稍候。"),
        ("您好，请\n", 2, "您好，请\n稍候。"),
        ("您好，请记下编号。", 4, "您好，请记下编号。\n稍候。"),
        ("您好，??请记下编号。", 5, "您好，请记下编号。\n稍候。"),
        ("??", 2, "稍候。"),
    ],
)
async def test_what_goes_in_at_the_end_never_parts_a_sentence(
    host: Callable[..., Any], before: str, caret: int, after: str
) -> None:
    composer = Composer()
    async with host(composer).run_test(size=(90, 12)):
        composer.set_text(before, caret)
        composer.add_at_end("稍候。")
        assert composer.text == after and composer.caret == len(after)
