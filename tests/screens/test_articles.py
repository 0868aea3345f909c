"""Knowledge management under the fingers: written, previewed, approved, returned, flagged, confirmed, retired."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agentdesk.desk import article_review, articles, capture, knowledge, resolve
from agentdesk.desk.site_articles import SiteArticle
from agentdesk.desk.views import ResolveForm
from agentdesk.domain.content import ARTICLE_KINDS, shipped_article_id
from agentdesk.screens.article_form import ArticleFormScreen, PreviewPanel
from agentdesk.screens.article_versions import ArticleVersionPanel
from agentdesk.screens.articles import ArticlesScreen
from agentdesk.screens.reason import ReasonPanel
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_B
from tests.unit.desk.test_article_review import ROW


async def management(person: Any) -> Any:
    await person.app.run_action("articles")
    await person.until(lambda: isinstance(person.screen, ArticlesScreen) and person.screen._rows, "the list")
    await person.quiet()
    return person.screen


async def form(person: Any, key: str) -> Any:
    await person.key(key)
    await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
    await person.quiet()
    return person.screen.form


async def fill(person: Any, **texts: str) -> None:
    for name, text in texts.items():
        person.screen.form.focus_field(name)
        await person.pilot.pause()
        await person.type(text)


def found(person: Any) -> list[str]:
    return [hit.title for hit in knowledge.search(person.desk, "吹雪机") if "吹雪机" in hit.title]


def only(person: Any) -> SiteArticle:
    (row,) = [row for row in article_review.every(person.desk) if row.stands != "shipped"]
    return article_review.site_article(person.desk, row.id)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_an_article_is_written_previewed_and_approved(walk: Any, desk_at: Any, size: Any) -> None:
    async with walk(desk=desk_at(), size=size) as person:
        screen = await management(person)
        written = await form(person, "ctrl+n")
        await person.sees("新写知识条目")
        written.focus_field("kind")
        await person.key("3", "enter")
        await fill(person, title="吹雪机打不着火", plain_summary="先看油箱。", steps="看油箱\n拉启动绳")
        await fill(
            person, body="证件 11010519491231002X 的客户说打不着。", tags="户外、冬季", effective_from="2026-02-30"
        )
        assert "[ID]" in written.values()["body"], "a private number is replaced at once"
        await person.key("ctrl+l")
        await person.until(lambda: isinstance(person.screen, PreviewPanel), "the preview")
        await person.sees("吹雪机打不着火", "1. 看油箱", "2. 拉启动绳")
        await person.key("escape")
        await person.quiet()
        await person.key("f8")
        await person.sees("生效日期：没有这个日期")
        await person.quiet()
        person.screen.form.set_value("effective_from", "2026-02-20")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("已提交，等待他人批准", "待批准", "解决方案")
        await person.quiet()
        assert found(person) == []
        await person.key("f8")
        await person.sees("“吹雪机打不着火”已生效", "应于")
        await person.quiet()
        assert found(person) == ["吹雪机打不着火"]
        value = only(person).versions[-1].value
        assert value["kind"] == "solution" and value["words"]["tags"] == ["冬季", "户外"]


async def test_a_change_is_shown_line_by_line_returned_chosen_and_retired(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    made = article_review.propose(desk, ROW)
    article_review.approve(desk, made.entity_id)
    article_review.propose(desk, {**ROW, "body": "第一，看油箱。\n第二，拉绳三次。\n第三，换火花塞。"}, made.entity_id)
    async with walk(desk=desk) as person:
        screen = await management(person)
        await person.sees("- 第二，拉启动绳。", "+ 第二，拉绳三次。")
        await person.key("ctrl+r")
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the reason")
        await person.type("少了安全提示")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("已退回", "原因：少了安全提示")
        await person.quiet()
        await person.key("ctrl+t")
        await person.until(lambda: isinstance(person.screen, ArticleVersionPanel), "the versions")
        await person.sees("+ 第二，拉绳三次。")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("已生效")
        await person.quiet()
        assert only(person).in_force == only(person).versions[-1]
        await person.key("shift+f8")
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the reason")
        await person.type("停产")
        await person.key("enter")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("已停用")
        await person.quiet()
        assert found(person) == []


@pytest.mark.parametrize("ships", [False, True])
async def test_a_flag_stands_first_and_goes_with_a_confirmation(walk: Any, desk_at: Any, ships: bool) -> None:
    desk = desk_at()
    made = article_review.propose(desk, ROW)
    article_review.approve(desk, made.entity_id)
    wanted = shipped_article_id("emergency-list") if ships else made.entity_id
    async with walk(desk=desk) as person:
        screen = await management(person)
        screen._picker.mark(wanted)
        await person.quiet()
        await person.key("shift+f5")
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the reason")
        await person.type("第二步不对")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("有疑问", "有人提出疑问：第二步不对")
        await person.quiet()
        assert screen._rows[0].id == wanted
        await person.key("shift+f4")
        await person.sees("已确认", gone=("有人提出疑问",))
        await person.quiet()
        assert only(person).state == "published"


async def test_what_is_overdue_is_marked_and_shown_alone(walk: Any, desk_at: Any, monkeypatch: Any) -> None:
    desk = desk_at()
    made = article_review.propose(desk, ROW)
    article_review.approve(desk, made.entity_id)
    later = desk.now() + timedelta(days=91)
    monkeypatch.setattr(desk, "now", lambda: later)
    async with walk(desk=desk) as person:
        screen = await management(person)
        await person.sees("逾期未复核", "复核已逾期")
        await person.key(*["ctrl+l"] * 5)
        await person.sees("只看：逾期未复核")
        await person.quiet()
        assert [row.id for row in screen._rows] == [made.entity_id]


async def test_what_was_typed_waits_also_over_a_newer_version_and_a_warning_asks(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    made = article_review.propose(desk, ROW)
    async with walk(desk=desk) as person:
        screen = await management(person)
        await form(person, "ctrl+o")
        person.screen.form.set_value("audience", "internal")
        person.screen.form.set_value("body", "旧页面写着我们是全网最好的。")
        await fill(person, title="！")
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "the list")
        await person.quiet()
        article_review.propose(desk, {**ROW, "body": "先断电。"}, made.entity_id)
        await person.quiet()
        written = await form(person, "ctrl+o")
        await person.sees("条目有了新版本")
        assert written.values()["body"] == "旧页面写着我们是全网最好的。"
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the question")
        await person.key("y")
        await person.until(lambda: person.screen is screen, "the list")
        await person.quiet()
        assert only(person).versions[-1].value["body"] == "旧页面写着我们是全网最好的。"


async def test_from_the_workspace_an_article_is_written_fixed_and_flagged_and_the_reply_stays(
    walk: Any, desk_at: Any
) -> None:
    desk = desk_at()
    request = capture.record(desk, {**ROW_B, "product_service": "吹雪机"}).request_id
    made = article_review.propose(desk, ROW)
    article_review.approve(desk, made.entity_id)
    async with walk(desk=desk, size=(140, 40)) as person:
        person.app.open_request(request)
        await person.quiet()
        workspace = person.screen
        await person.type("写到一半")
        await person.app.run_action("flag_article", workspace)
        await person.sees("先在知识列表里选中一条")
        await person.app.run_action("add_article", workspace)
        await person.sees("还没有解决方案")
        await person.quiet()

        await person.key("f5")
        await person.until(lambda: workspace.articles.picker.has_focus_within, "the panel")
        picker = workspace.articles.picker
        await person.until(lambda: any(item.id == made.entity_id for item in picker.items), "the hit")
        await person.quiet()
        picker.mark(made.entity_id)
        await person.app.run_action("flag_article", workspace)
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the reason")
        await person.type("第二步不对")
        await person.key("f8")
        await person.until(lambda: person.screen is workspace, "the workspace")
        await person.sees("作者会看到")
        await person.quiet()
        assert only(person).flag == "第二步不对" and workspace.articles.picker.has_focus_within

        await person.app.run_action("fix_article", workspace)
        await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
        await person.quiet()
        person.screen.form.set_value("body", "先断电。")
        await person.key("f8")
        await person.until(lambda: person.screen is workspace, "the workspace")
        await person.sees("已提交，等待他人批准", "写到一半")
        await person.quiet()
        assert only(person).stands == "waiting" and workspace.composer.text == "写到一半"

        form = ResolveForm(solution_text="能效为一级，安装免费。", own_knowledge=True)
        resolve.resolve(desk, request, form)
        await person.quiet()
        await person.app.run_action("add_article", workspace)
        await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
        await person.quiet()
        await person.sees("新写知识条目", "能效为一级，安装免费。")
        await person.key("f8")
        await person.until(lambda: person.screen is workspace, "the workspace")
        await person.quiet()
        (new,) = [row for row in article_review.every(desk, stands="waiting") if row.id != made.entity_id]
        assert article_review.find(desk, new.id).value["source_request"] == request
        assert workspace.composer.text == "写到一半"


async def test_a_case_has_its_shape_and_what_was_typed_stays(walk: Any) -> None:
    async with walk() as person:
        await person.app.run_action("articles")
        await person.quiet()
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
        await person.quiet()
        form = person.screen.form
        form.focus_field("kind")
        await person.key(str(ARTICLE_KINDS.index("case") + 1))
        await person.sees("正文已放入这类条目的框架")
        shape = str(form.values()["body"])
        assert [line for line in shape.splitlines() if line.startswith("## ")] == [
            "## 背景", "## 问题", "## 处理", "## 结果", "## 经验",
        ]  # fmt: skip
        form.focus_field("kind")
        await person.key(str(ARTICLE_KINDS.index("faq") + 1))
        await person.quiet()
        assert form.values()["body"] == "", "an untouched shape goes with its kind"
        form.set_value("body", "我写的")
        form.focus_field("kind")
        await person.key(str(ARTICLE_KINDS.index("case") + 1))
        await person.quiet()
        assert form.values()["body"] == "我写的"


async def test_a_solved_request_becomes_a_case_and_a_template_each_with_its_own_draft(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request = capture.record(desk, ROW_B).request_id
    resolve.resolve(desk, request, ResolveForm(solution_text="能效为一级，安装免费。", own_knowledge=True))
    async with walk(desk=desk, size=(140, 40)) as person:
        person.app.open_request(request)
        await person.quiet()
        workspace = person.screen
        for action, kind, words in (("add_case", "case", "## 经验"), ("add_template", "template", "## 什么时候用")):
            await person.app.run_action(action, workspace)
            await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
            await person.quiet()
            values = person.screen.form.values()
            assert values["kind"] == kind and words in values["body"] and "能效为一级" in values["body"]
            assert ("outcome:solved" in values["tags"]) == (kind == "template")
            person.screen.form.set_value("title", f"{kind} 标题")
            await person.key("escape")
            await person.quiet()
        await person.app.run_action("add_case", workspace)
        await person.until(lambda: isinstance(person.screen, ArticleFormScreen), "the form")
        await person.quiet()
        assert person.screen.form.values()["title"] == "case 标题"


async def test_broken_links_are_shown_alone_and_said(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    articles.import_articles(
        desk, [{"id": "a", "title": "甲", "body": "见 [[b|乙]]"}, {"id": "c", "title": "丙", "body": "好"}]
    )
    async with walk(desk=desk) as person:
        screen = await management(person)
        await screen.run_action("broken")
        await person.until(lambda: [row.title for row in screen._rows] == ["甲"], "the one with a broken link")
        await person.sees("只看：链接断开", "链接断开：没有编号为 b 的条目")
