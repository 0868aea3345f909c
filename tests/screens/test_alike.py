"""What stands beside a request without typing: how others were solved, articles and why, what may be a duplicate."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import articles, capture, knowledge, resolve
from agentdesk.desk.context import Desk
from agentdesk.desk.views import ResolveForm
from agentdesk.screens.alike_panel import AlikePanel
from agentdesk.screens.article_form import ArticleFormScreen
from agentdesk.screens.intake_card import AroundPanel
from agentdesk.screens.knowledge import KnowledgeScreen
from agentdesk.screens.reason import ReasonPanel
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.widgets.ask import Ask
from tests.screens.conftest import ROW_B, Walk
from tests.screens.test_intake import open_intake
from tests.screens.test_intake_panels import panel
from tests.screens.test_knowledge import searched

PHONE = "13912344321"
FREE = "您好，能效为一级，安装免费，详情可致电客服。"


def solved(desk: Desk, contact: str, solution: str = FREE, **more: Any) -> str:
    made = capture.record(desk, {**ROW_B, "contact": contact, "category": "simple", "order_no": "O-2024-7777"})
    form = ResolveForm(solution_text=solution, **{"own_knowledge": True, "verdict": "satisfied", **more})
    resolve.resolve(desk, made.request_id, form, confirmed=True)
    return made.request_id


@pytest.fixture
def desk(desk_at: Any) -> Desk:
    """A desk at which the same question was answered three times, twice citing an article."""
    desk: Desk = desk_at()
    rows = [{"id": "a-1", "title": "空调安装收费", "body": "安装免费。", "plain_summary": "安装费用全免。",
             "audience": "may_quote"}]  # fmt: skip
    articles.import_articles(desk, rows)
    (hit, *_) = [one for one in knowledge.search(desk, "空调安装收费") if one.source_id == "a-1"]
    for contact in (PHONE, "13912344322"):
        solved(desk, contact, articles=(hit.citation,), own_knowledge=False)
    solved(desk, "13912344323", "这款要现场测量，已为您登记。")
    return desk


@pytest.fixture
def here(desk: Desk) -> str:
    """The same question once more."""
    return capture.record(desk, {**ROW_B, "contact": "13912344329", "category": "simple"}).request_id


async def opened(person: Walk, request_id: str) -> WorkspaceScreen:
    person.app.open_request(request_id)
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "workspace")
    await person.quiet()
    screen: WorkspaceScreen = person.screen
    return screen


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_it_is_counted_without_typing_read_and_taken_into_the_reply(
    walk: Any, desk: Desk, here: str, size: tuple[int, int]
) -> None:
    async with walk(desk=desk, size=size) as person:
        screen = await opened(person, here)
        await person.sees("像这样解决过 3 次 Ctrl+F7")
        await person.type("您好。")
        await person.key("ctrl+f7")
        await person.sees("2 次", "1 次", "2 位满意", "像这样解决过 3 次")
        await person.quiet()
        await panel(person, "enter", AlikePanel)
        await person.sees("这样解决过 2 次", "安装免费", "引用 空调安装收费", "共 2 条")
        await person.key("f8")
        await person.quiet()
        await person.sees("已放入解决说明")
        assert screen.composer.text == f"您好。\n{FREE}" and screen.composer.area.has_focus
        assert [one.title for one in screen.reply_so_far().articles] == ["空调安装收费"]


async def test_its_articles_are_cited_by_one_key_and_the_request_opened_by_another(
    walk: Any, desk: Desk, here: str
) -> None:
    async with walk(desk=desk) as person:
        screen = await opened(person, here)
        await person.key("ctrl+f7")
        await person.quiet()
        await panel(person, "enter", AlikePanel)
        await person.key("ctrl+t")
        await person.until(lambda: screen.composer.text == "安装费用全免。", "its plain words")
        await person.quiet()
        await person.key("ctrl+f7")
        await person.quiet()
        await person.key("2")
        await person.until(lambda: isinstance(person.screen, AlikePanel), "the other way")
        await person.key("ctrl+t")
        await person.until(lambda: "没有引用" in str([one.message for one in person.app._notifications]), "why not")
        await person.key("ctrl+o")
        await person.until(lambda: screen.view is not None and screen.view.id != here, "the request that was alike")


async def test_the_side_follows_the_record_but_not_under_the_fingers(walk: Any, desk: Desk, here: str) -> None:
    async with walk(desk=desk, size=(140, 40)) as person:
        screen = await opened(person, here)
        assert screen.alike.way is not None and screen.articles.hit is not None
        before = [item.id for item in screen.articles.picker.items]
        await person.key("f5")
        await person.quiet()
        write_over(desk, here)
        await person.until(lambda: "路由器" in str(screen.view.value("product_service")), "the change")  # type: ignore[union-attr]
        await person.quiet()
        assert [item.id for item in screen.articles.picker.items] == before, "the list is in hand"
        assert screen.alike.way is None
        await person.key("escape")
        await person.until(lambda: [item.id for item in screen.articles.picker.items] != before, "the new list")


def write_over(desk: Desk, request_id: str) -> None:
    """A colleague finds out what it is about."""
    with desk.journal.transaction() as txn:
        patch = {"product_service": {"product_service": "路由器"}, "description": "路由器晚上总是断网要重启"}
        txn.write("request", request_id, root=request_id, patch=patch)


async def test_articles_beside_the_reply_say_why_and_that_none_fits(walk: Any, desk: Desk, here: str) -> None:
    async with walk(desk=desk) as person:
        await opened(person, here)
        await person.key("f5")
        await person.quiet()
        await person.key("ctrl+o")
        await person.sees("第 1 条", "文字命中")
        await person.key("ctrl+l")
        await person.until(lambda: searched(person), "the log fact")
        assert [(fact["opened"], fact["solved"]) for fact in searched(person)] == [("", False)]
        assert isinstance(person.screen, WorkspaceScreen)


@pytest.mark.parametrize(("action", "kind"), [("fix_article", ArticleFormScreen), ("flag_article", ReasonPanel)])
async def test_the_knowledge_screen_corrects_and_flags_too(walk: Any, desk: Desk, action: str, kind: type[Any]) -> None:
    async with walk(desk=desk) as person:
        await person.key("f5")
        await person.until(lambda: isinstance(person.screen, KnowledgeScreen), "the screen")
        await person.quiet()
        await person.app.run_action(action, person.screen)
        await person.sees("没有")
        await person.type("空调安装收费")
        await person.quiet()
        await person.app.run_action(action, person.screen)
        await person.until(lambda: isinstance(person.screen, kind), "the form")
        await person.key("escape")
        await person.until(lambda: isinstance(person.screen, KnowledgeScreen), "the same place")
        assert person.screen._pane.picker.words == "空调安装收费"


async def test_a_capture_tells_of_the_same_order_and_matter_and_blocks_nothing(
    walk: Any, desk: Desk, here: str
) -> None:
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        form.set_value("order_no", "o-2024-7777")
        await person.sees("[重复?] 同一订单", "已确认")
        form.set_values({**ROW_B, "contact": "13912340000", "order_no": ""})
        await person.sees("[重复?] 同类问题", "15 分钟 内已有 5 件同类需求")
        around = await panel(person, "ctrl+r", AroundPanel)
        await person.sees("可能重复的需求", "共 4 条")
        assert PHONE not in person.text()
        around._picker.mark(here)
        await panel(person, "enter", Ask)
        await person.key("1")
        await person.quiet()
        number = capture.open_requests(desk, {"contact": "13912344329"})[0].number
        assert form.values()["related_request"] == number
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "recorded")
        assert person.screen.view.value("related_request") == (number,)


async def test_what_may_be_a_duplicate_leaves_the_customers_to_choose_from_in_sight(
    walk: Any, desk: Desk, here: str
) -> None:
    capture.record(desk, {**ROW_B, "customer_name": "王小明", "contact": "13912344330", "product_service": "电视"})
    async with walk(desk=desk) as person:
        form = await open_intake(person)
        finder = person.screen._finder
        form.focus_field("lookup")
        await person.type("王")
        await person.sees("> 王小明", "回车取用")
        form.set_value("contact", "13912344329")
        await person.until(lambda: finder._near.near, "the request of the same customer")
        await person.quiet()
        await person.sees("> 王小明", "回车取用", gone=("[重复?]",))
        form.set_value("lookup", "")
        await person.sees("[重复?] 同一客户")


async def test_every_policy_of_a_way_is_cited(walk: Any, desk: Desk, here: str) -> None:
    rows = [{"id": one, "kind": "policy", "title": title, "body": f"{title}。", "plain_summary": f"{title}的说明。",
             "audience": "may_quote"} for one, title in (("p-1", "退货政策"), ("p-2", "运费政策"))]  # fmt: skip
    articles.import_articles(desk, rows)
    hits = [
        next(hit for hit in knowledge.search(desk, title) if hit.title == title) for title in ("退货政策", "运费政策")
    ]
    async with walk(desk=desk) as person:
        screen = await opened(person, here)
        screen._cite_all(hits)
        await person.until(lambda: screen.composer.text == "退货政策的说明。\n运费政策的说明。", "both in the reply")
        assert [one.title for one in screen.reply_so_far().articles] == ["退货政策", "运费政策"]
