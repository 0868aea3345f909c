"""Top line, footer, notices, questions, countdowns: what matters is never cut away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentdesk.present import keys
from agentdesk.present.i18n import LANGUAGES, use
from agentdesk.present.safe import width
from agentdesk.widgets.confirm import Confirm
from agentdesk.widgets.countdown import Countdown, Ticker
from agentdesk.widgets.footer import KeyFooter
from agentdesk.widgets.notice import NoticeLine
from agentdesk.widgets.status_bar import Status, StatusBar

NOW = 1_800_000_000_000


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_the_top_line_keeps_its_counts(host: Callable[..., Any], text_of: Any, size: tuple[int, int]) -> None:
    bar = StatusBar()
    app = host(bar)
    async with app.run_test(size=size) as pilot:
        bar.show(Status("张敏", "8021", "客服一组", "synced", "14:32", 3, 1, 2, 4))
        await pilot.pause()
        top = text_of(app).splitlines()[0]
        assert "张敏 8021  客服一组" in top
        assert top.rstrip().endswith("已同步 14:32  待发 3  未接受 1  P1 2  超时 4")
        bar.show(Status("阿卜杜热西提·" * 9, "8021", "组" * 50, "offline", "", 0, 0, 0, 12))
        await pilot.pause()
        assert text_of(app).splitlines()[0].rstrip().endswith("离线  待发 0  P1 0  超时 12")


@pytest.mark.parametrize(
    ("language", "mark"),
    [("zh_CN", "演示：虚构数据"), ("zh_TW", "示範：虛構資料"), ("en", "Demo: invented data")],
)
async def test_a_demonstration_says_so_before_anything_is_cut(
    host: Callable[..., Any], text_of: Any, language: str, mark: str
) -> None:
    use(language)
    bar = StatusBar()
    app = host(bar)
    async with app.run_test(size=(80, 24)) as pilot:
        bar.show(Status("阿卜杜热西提·" * 9, "8021", "组" * 50, "synced", "14:32", 108, 1, 2, 4, demo=True))
        await pilot.pause()
        top = text_of(app).splitlines()[0]
        assert mark in top and top.rstrip().endswith(" 4") and width(top) == 80
        bar.show(Status("张敏", "8021", "客服一组", "synced", "14:32"))
        await pilot.pause()
        assert mark not in text_of(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", [scope for scope in keys.SCOPES if scope != "app"])
async def test_the_footer_fits_and_keeps_help_and_palette(
    host: Callable[..., Any], text_of: Any, scope: str, language: str
) -> None:
    use(language)
    footer = KeyFooter(keys.footer(scope))
    app = host(footer)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        bottom = text_of(app).splitlines()[-1]
        shown = footer.fitting(79)
        assert shown[0][0].id == "app-help" and shown[-1][0].id == "app-palette"
        assert all(f"  {text}" in f" {bottom} " for _, text in shown) and width(bottom) == 80
        assert "F8" in bottom or scope in ("queue", "help")


async def test_what_is_unavailable_is_bracketed_and_says_why(host: Callable[..., Any], text_of: Any) -> None:
    footer = KeyFooter()
    app = host(footer)
    async with app.run_test(size=(80, 24)) as pilot:
        footer.show(keys.footer("queue", disabled={"queue-open": "队列是空的"}))
        await pilot.pause()
        assert (
            "(F3打开)" in text_of(app)
            and footer.reason("queue-open") == "队列是空的"
            and footer.reason("app-help") == ""
        )


async def test_notices_say_their_kind_in_a_word(host: Callable[..., Any], text_of: Any) -> None:
    notice = NoticeLine()
    app = host(notice)
    async with app.run_test(size=(40, 3)) as pilot:
        notice.say("已记录 AD-K7-20260128-0007", "done")
        await pilot.pause()
        assert text_of(app).startswith(" [完成] 已记录 AD-K7-20260128-0007")
        notice.say("很长" * 40, "error")
        await pilot.pause()
        assert "[错误]" in text_of(app) and text_of(app).splitlines()[0].rstrip().endswith("..")
        notice.say("")
        await pilot.pause()
        assert text_of(app).splitlines()[0].strip() == ""


@pytest.mark.parametrize(
    ("pressed", "answer"),
    [
        (("1",), True),
        (("f8",), True),
        (("ctrl+s",), True),
        (("y",), True),
        (("left", "enter"), True),
        (("enter",), False),
        (("escape",), False),
        (("2",), False),
        (("n",), False),
    ],
)
async def test_a_question_is_answered_by_one_key(
    host: Callable[..., Any], pressed: tuple[str, ...], answer: bool
) -> None:
    app = host()
    answers: list[bool | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Confirm("退出？", ["还有 3 条未发送"]), answers.append)
        await pilot.pause()
        await pilot.press(*pressed)
        await pilot.pause()
        assert answers == [answer]


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_hostile_bars_are_harmless(
    host: Callable[..., Any], hostile: list[str], harmless: Any, size: tuple[int, int]
) -> None:
    bar, notice = StatusBar(), NoticeLine()
    app = host(bar, notice)
    async with app.run_test(size=size) as pilot:
        for text in hostile:
            bar.show(Status(text, text, text, text, text))
            notice.say(text)
            app.push_screen(Confirm(text, [text]))
            await pilot.pause()
            harmless(app)
            app.pop_screen()
            await pilot.pause()
            harmless(app)


async def test_one_ticking_serves_all(host: Callable[..., Any], text_of: Any) -> None:
    first, second = Countdown("CK-08"), Countdown()
    app = host(first, second)
    clock = [NOW]
    async with app.run_test(size=(40, 4)) as pilot:
        ticker = Ticker(app.screen, lambda: clock[0], seconds=3600)
        first.show(NOW + 2_460_000, None, NOW)
        second.show(NOW + 30_000, NOW, NOW)
        ticker.each(first.tick)
        ticker.each(second.tick)
        await pilot.pause()
        assert "CK-08 剩 00:41" in text_of(app) and "剩 30秒" in text_of(app)
        ticker.pause()
        clock[0] = NOW + 60_000
        ticker.resume()
        await pilot.pause()
        assert "剩 00:40" in text_of(app) and "超 30秒" in text_of(app)
        second.show(None, None, NOW)
        await pilot.pause()
        assert "超" not in text_of(app)
