"""The review of phrases under the fingers: written in three languages, approved, returned, put back, retired."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import phrase_review, phrases
from agentdesk.domain.refusal import Refusal
from agentdesk.screens.phrase_review import PhraseReviewScreen, VersionPanel
from agentdesk.screens.phrases import PhraseScreen
from agentdesk.screens.reason import ReasonPanel
from agentdesk.screens.site_phrase import SitePhraseScreen
from agentdesk.widgets.confirm import Confirm

ROW = {"code": "shop.pickup", "scenario": "progress", "body_zh_cn": "您的东西已经到店。", "title_zh_cn": "到店自提"}


async def review(person: Any) -> Any:
    await person.key("f4")
    await person.until(lambda: isinstance(person.screen, PhraseScreen) and person.screen._pane.picker.items, "phrases")
    await person.quiet()
    await person.key("ctrl+l")
    await person.until(lambda: isinstance(person.screen, PhraseReviewScreen) and person.screen._rows, "the review")
    await person.quiet()
    return person.screen


def offered(person: Any) -> list[str]:
    return [one.body for one in phrases.search(person.desk, "", None, 500) if one.code == "shop.pickup"]


async def fill(person: Any, **texts: str) -> None:
    form = person.screen.form
    for name, text in texts.items():
        form.focus_field(name)
        await person.pilot.pause()
        await person.type(text)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_phrase_is_written_and_approved(walk: Any, desk_at: Any, size: Any) -> None:
    async with walk(desk=desk_at(), size=size) as person:
        screen = await review(person)
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, SitePhraseScreen), "the editor")
        await person.quiet()
        await person.sees("新写本站话术", "shop.pickup")
        await fill(person, code="shop.pickup", scenario="不存在的场景", title_zh_cn="到店自提")
        await fill(person, body_zh_cn="您的{product}已经到店。", body_zh_tw="您的{product}已經到店。")
        await fill(person, body_en="Your {product} is in the shop.", channels="在线、电话", actions="标签 自提")
        await person.key("f8")
        await person.sees("场景：不是可选的值")
        await person.quiet()
        person.screen.form.set_value("scenario", "")
        await fill(person, scenario="进度反馈")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("已提交，等待他人批准", "待批准", "到店自提", "加标签“自提”")
        await person.quiet()
        assert offered(person) == []
        await person.key("f8")
        await person.sees("shop.pickup 已生效")
        await person.quiet()
        assert offered(person) == ["您的{product}已经到店。"]
        (found,) = phrase_review.site_phrases(person.desk)
        assert found.versions[-1].value["channels"] == ["online", "phone"]
        assert set(found.versions[-1].value["body"]) == {"zh-CN", "zh-TW", "en"}


async def test_a_change_is_shown_returned_with_a_reason_and_put_back(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    phrase_review.propose(desk, ROW)
    phrase_review.approve(desk, "shop.pickup")
    phrase_review.propose(desk, {**ROW, "body_zh_cn": "东西到店了。"})
    async with walk(desk=desk) as person:
        screen = await review(person)
        await person.sees("原来：您的东西已经到店。", "改为：东西到店了。")
        await person.key("ctrl+r")
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the reason")
        await person.key("f8")
        await person.sees("请写明原因")
        await person.type("太随便")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("shop.pickup 已退回", "原因：太随便")
        await person.quiet()
        assert offered(person) == ["您的东西已经到店。"]
        await person.key("ctrl+t")
        await person.until(lambda: isinstance(person.screen, VersionPanel), "the versions")
        await person.sees("东西到店了。")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("shop.pickup 已生效")
        await person.quiet()
        assert offered(person) == ["东西到店了。"]
        await person.key("shift+f8")
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the reason")
        await person.type("不用了")
        await person.key("enter")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("shop.pickup 已停用")
        await person.quiet()
        assert offered(person) == []


async def test_a_warning_asks_and_what_was_typed_waits(walk: Any, desk_at: Any) -> None:
    async with walk(desk=desk_at()) as person:
        screen = await review(person)
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, SitePhraseScreen), "the editor")
        await person.quiet()
        await fill(person, code="shop.x", scenario="感谢", body_zh_cn="这个我不清楚。")
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "the list")
        await person.quiet()
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, SitePhraseScreen), "the editor")
        await person.quiet()
        assert person.screen.form.values()["body_zh_cn"] == "这个我不清楚。"
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("y")
        await person.until(lambda: person.screen is screen, "the list")
        await person.quiet()
        assert phrase_review.site_phrase(person.desk, "shop.x").stands == "waiting"


async def test_the_list_shows_one_state_and_what_cannot_be_done_is_said(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    phrase_review.propose(desk, ROW)
    async with walk(desk=desk) as person:
        screen = await review(person)
        await person.key("ctrl+l")
        await person.sees("只看：待批准")
        await person.quiet()
        assert [row.code for row in screen._rows] == ["shop.pickup"]
        await person.key("ctrl+l")
        await person.sees("只看：已退回")
        await person.quiet()
        assert screen._rows == []
        await person.key("f8")
        await person.quiet()
        await person.key(*["ctrl+l"] * 2)
        await person.sees("只看：自带")
        await person.quiet()
        await person.key("ctrl+r")
        await person.sees("没有等待批准的版本")
        await person.key("ctrl+t")
        await person.sees("没有较早的版本")


async def test_nobody_decides_on_a_version_that_came_while_they_looked(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    phrase_review.propose(desk, ROW)
    async with walk(desk=desk) as person:
        screen = await review(person)
        await person.sees("您的东西已经到店。")
        await person.key("ctrl+r")
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the reason")
        phrase_review.propose(desk, {**ROW, "body_zh_cn": "东西到店了。"})
        await person.type("太随便")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("shop.pickup 有了更新的版本", "东西到店了。")
        await person.quiet()
        assert phrase_review.site_phrase(desk, "shop.pickup").proposed is not None
        await person.key("ctrl+r")
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the reason again")
        await person.sees("太随便")  # what was typed stands there again
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "the list")
        await person.key("f8")
        await person.sees("shop.pickup 已生效")
        await person.quiet()
        assert offered(person) == ["东西到店了。"]


def test_a_version_that_was_not_seen_is_not_approved(desk_at: Any) -> None:
    desk = desk_at()
    seen = phrase_review.propose(desk, ROW).versions[-1].id
    phrase_review.propose(desk, {**ROW, "body_zh_cn": "东西到店了。"})
    with pytest.raises(Refusal, match=r"phrase\.newer_version"):
        phrase_review.approve(desk, "shop.pickup", seen)
    assert phrase_review.site_phrase(desk, "shop.pickup").in_force is None


@pytest.mark.parametrize("goes_on", [True, False])
async def test_what_was_typed_over_an_earlier_version_is_asked_about(walk: Any, desk_at: Any, goes_on: bool) -> None:
    """A colleague hands in another version meanwhile: what was typed must not be gone with the next key."""
    desk = desk_at()
    phrase_review.propose(desk, ROW)
    async with walk(desk=desk) as person:
        screen = await review(person)

        async def edit() -> None:
            await person.key("ctrl+o")
            await person.until(lambda: isinstance(person.screen, (SitePhraseScreen, Confirm)), "the editor")
            await person.quiet()

        await edit()
        await fill(person, body_zh_cn="请带上取货码。")
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "the list")
        phrase_review.propose(desk, {**ROW, "body_zh_cn": "东西到店了。"})
        await person.sees("东西到店了。")
        await edit()
        await person.sees("上次没写完的内容")
        await person.key("escape" if goes_on else "f8")
        await person.until(lambda: isinstance(person.screen, SitePhraseScreen), "the editor")
        await person.quiet()
        text = person.screen.form.values()["body_zh_cn"]
        assert text == ("您的东西已经到店。请带上取货码。" if goes_on else "东西到店了。")
