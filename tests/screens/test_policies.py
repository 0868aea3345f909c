"""Policies through the screens: the notice in the top line, the page of policies, the text that is out of date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentdesk.changes import stamp_time
from agentdesk.desk import articles, capture, knowledge, policies, setup, workspace
from agentdesk.desk.context import Desk, open_desk
from agentdesk.domain.content import article_id
from agentdesk.screens.knowledge import KnowledgeScreen
from agentdesk.screens.policies import PolicyScreen
from agentdesk.screens.policy_notice import NoticeScreen
from agentdesk.screens.reason import ReasonPanel
from agentdesk.store import entities, queries
from agentdesk.widgets.confirm import Confirm
from tests.screens.conftest import ROW_B, Walk
from tests.screens.test_workspace import open_request
from tests.unit.desk.test_policies import NEW, OLD, row

RULE = article_id("exchange-rule")


class Clock:
    """A wall clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def go(self, hours: float) -> None:
        self.at += timedelta(hours=hours)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def announced(agentdesk_home: Any, clock: Clock) -> Any:
    """A desk with a request, a policy in force and its change announced for 73 hours on."""
    desk = open_desk(None, now=clock.now)
    setup.first_run(desk, "张敏", "8021", "客服一组")
    capture.record(desk, ROW_B)
    articles.import_articles(desk, [row(OLD)])
    clock.go(0.1)
    articles.import_articles(desk, [row(NEW, effective_from=stamp_time(clock.now() + timedelta(hours=73)))])
    yield desk
    desk.close()


async def to_policies(person: Walk) -> PolicyScreen:
    await person.key("ctrl+f5")
    await person.until(lambda: isinstance(person.screen, PolicyScreen), "the policies")
    await person.quiet()
    screen: PolicyScreen = person.screen
    return screen


async def test_a_notice_is_marked_in_the_top_line_until_it_is_acknowledged(
    walk: Any, announced: Desk, clock: Clock
) -> None:
    async with walk(desk=announced, size=(100, 40)) as person:
        await person.sees("政策通知 1")
        await to_policies(person)
        await person.sees(
            "换货期限规则  V1", "有通知待知悉", "现行 V1", "已公告新版本", "下一版 V2", "待知悉", "生效前知悉 0/1 人"
        )
        await person.key("f8")
        await person.sees("已知悉：换货期限规则", "生效前知悉 1/1 人", gone=("政策通知 1",))
        assert policies.count_unread(announced) == 0
        await person.key("f8")
        await person.sees("没有待知悉的通知")
        clock.go(73)
        await person.sees("换货期限规则  V2", "历史版本", gone=("下一版 V2",))


async def test_a_picked_policy_goes_into_the_reply_and_the_customer_text_too(walk: Any, announced: Desk) -> None:
    async with walk(desk=announced) as person:
        workspace_screen = await open_request(person)
        await to_policies(person)
        await person.key("enter")
        await person.until(lambda: workspace_screen.composer.text == OLD, "the text in force")
        assert [one.title for one in workspace_screen.reply_so_far().articles] == ["换货期限规则"]
        await to_policies(person)
        await person.key("ctrl+t")
        await person.until(lambda: NEW in workspace_screen.composer.text, "the customer text")


async def test_without_a_reply_the_text_is_copied(walk: Any, announced: Desk) -> None:
    async with walk(desk=announced) as person:
        await to_policies(person)
        await person.key("enter")
        await person.sees("已复制")
        assert person.app.clipboard == OLD
        await person.type("没有这样的")
        await person.sees("没有这样的政策")
        await person.key("f8")
        await person.sees("没有待知悉的通知")


async def test_the_old_text_is_refused_after_the_change_and_one_key_takes_the_new_one(
    walk: Any, announced: Desk, clock: Clock
) -> None:
    async with walk(desk=announced) as person:
        screen = await open_request(person)
        await to_policies(person)
        await person.key("enter")
        await person.until(lambda: screen.composer.text == OLD, "the text in force")
        await person.quiet()
        clock.go(73)
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the refusal")
        await person.sees("旧版不再引用", "十五天")
        await person.key("f8")
        await person.until(lambda: screen.composer.text == NEW, "the new text")
        await person.quiet()
        await person.key("f8")
        await person.until(lambda: screen.composer.text == "", "it is sent")
        sent = [one for one in workspace.view(announced, screen.view.id).timeline if one.kind == "message_sent"]
        assert len(sent) == 1


async def test_a_hit_found_before_the_change_is_not_put_in_after_it(walk: Any, announced: Desk, clock: Clock) -> None:
    async with walk(desk=announced) as person:
        screen = await open_request(person)
        await person.key("f5")
        await person.quiet()
        await person.type("换货期限规则")
        await person.until(lambda: any(hit.title == "换货期限规则" for hit in screen.articles._hits), "the policy")
        await person.quiet()
        hit = next(hit for hit in screen.articles._hits if hit.title == "换货期限规则")
        clock.go(73)
        screen.articles.cite(hit)
        await person.until(lambda: isinstance(person.screen, Confirm), "the refusal")
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "the workspace")
        assert screen.composer.text == "" and screen.reply_so_far().articles == ()
        screen.articles.cite(hit)
        await person.until(lambda: isinstance(person.screen, Confirm), "the refusal again")
        await person.key("f8")
        await person.until(lambda: screen.composer.text == NEW, "the new text")


async def test_a_policy_that_is_over_keeps_no_other_back(walk: Any, announced: Desk, clock: Clock) -> None:
    (hit, *_) = [one for one in knowledge.search(announced, "换货期限规则") if one.id == RULE]
    other = replace(hit, id="another", title="运费政策", plain_summary="运费由我们承担。")
    clock.go(73)
    async with walk(desk=announced) as person:
        screen = await open_request(person)
        screen.use_articles([hit, other])
        await person.until(lambda: isinstance(person.screen, Confirm), "the refusal")
        await person.until(lambda: screen.composer.text == "运费由我们承担。", "the one in force")
        await person.key("escape")
        await person.until(lambda: person.screen is screen, "the workspace")
        assert [one.title for one in screen.reply_so_far().articles] == ["运费政策"]


async def test_what_a_draft_cites_is_known_after_the_desk_was_opened_anew(
    walk: Any, announced: Desk, clock: Clock
) -> None:
    async with walk(desk=announced) as person:
        screen = await open_request(person)
        await to_policies(person)
        await person.key("enter")
        await person.until(lambda: screen.composer.text == OLD, "the text in force")
        screen.composer.set_text("您可以申请换货。")
        await person.quiet()
        screen.store_draft()
        await person.quiet()
    async with walk(desk=announced) as person:
        screen = await open_request(person)
        assert [one.title for one in screen.reply_so_far().articles] == ["换货期限规则"]
        clock.go(73)
        await person.key("f8")
        await person.until(lambda: isinstance(person.screen, Confirm), "the refusal")


async def test_an_old_copy_says_so_beside_the_text(walk: Any, announced: Desk, clock: Clock, monkeypatch: Any) -> None:
    old = stamp_time(clock.now() - timedelta(hours=25))
    monkeypatch.setattr(queries, "last_exchange", lambda conn: old)
    monkeypatch.setattr("agentdesk.store.identity.Identity.joined", property(lambda self: True))
    async with walk(desk=announced, size=(100, 40)) as person:
        await to_policies(person)
        await person.sees("没有和中心核对")
        await person.key("escape")
        await person.quiet()
        await person.key("f5")
        await person.until(lambda: isinstance(person.screen, KnowledgeScreen), "knowledge")
        await person.type("换货期限规则")
        await person.sees("没有和中心核对")


async def test_a_notice_is_written_for_what_was_proposed_and_what_is_typed_survives(
    walk: Any, announced: Desk, clock: Clock
) -> None:
    with announced.journal.transaction() as txn:
        value = {**row("换货期限改为三十天，两天内上门取件。"), "source_id": "exchange-rule", "at": txn.now()}
        value["effective_from"] = stamp_time(clock.now() + timedelta(hours=200))
        del value["id"]
        txn.write("article", RULE, root=RULE, patch={"version": value})
    async with walk(desk=announced) as person:
        await to_policies(person)
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, NoticeScreen), "the form")
        await person.quiet()
        await person.sees("V3", "三十天")
        await person.key("f8")
        await person.sees("还没有写内容")
        await person.type("换货期限放宽，旧单按旧规则")
        await person.key("escape")
        await person.until(lambda: isinstance(person.screen, PolicyScreen), "the policies")
        await person.key("ctrl+n")
        await person.until(lambda: isinstance(person.screen, NoticeScreen), "the form again")
        await person.quiet()
        assert person.screen.form.values()["internal_text"] == "换货期限放宽，旧单按旧规则"
        person.screen.form.focus_field("topics")
        await person.type("换货、运费")
        await person.key("f8")
        await person.sees("已发布变更通知")
    [_, notice] = policies.notices(announced)
    assert (notice.number, notice.internal_text, notice.topics) == (3, "换货期限放宽，旧单按旧规则", ("换货", "运费"))
    assert notice.customer_text == "换货期限改为三十天，两天内上门取件。"


async def test_a_manager_waives_the_notice_with_a_reason(walk: Any, announced: Desk) -> None:
    async with walk(desk=announced) as person:
        screen = await to_policies(person)
        screen.action_waive()
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the question")
        await person.type("监管要求当天执行")
        await person.key("f8")
        await person.sees("已免提前公告")
    with announced.store.read() as conn:
        lane = entities.load(conn, [("article", RULE)])["article", RULE].lane("status")
    assert lane is not None and lane["why"] == "监管要求当天执行"


async def test_an_announced_change_is_recalled_with_a_reason(walk: Any, announced: Desk) -> None:
    async with walk(desk=announced, size=(100, 40)) as person:
        screen = await to_policies(person)
        screen.action_recall()
        await person.until(lambda: isinstance(person.screen, ReasonPanel), "the question")
        await person.type("方案取消")
        await person.key("f8")
        await person.sees("已撤回", "变更撤回：原定", "方案取消", "现行 V1", gone=("下一版 V2", NEW))
        await person.key("ctrl+t")
        await person.sees("没有变更通知")
        screen.action_recall()
        await person.sees("没有已公告、还没生效的版本")


async def test_a_first_version_that_is_only_announced_is_retired_not_recalled(
    walk: Any, agentdesk_home: Any, clock: Clock
) -> None:
    desk = open_desk(None, now=clock.now)
    setup.first_run(desk, "张敏", "8021", "客服一组")
    articles.import_articles(desk, [row(NEW, effective_from=stamp_time(clock.now() + timedelta(hours=73)))])
    async with walk(desk=desk, size=(100, 40)) as person:
        screen = await to_policies(person)
        await person.type("换货期限")
        await person.sees("还没有生效")
        screen.action_recall()
        await person.sees("这是第一版", "在知识管理中停用")
    desk.close()


async def test_knowledge_management_says_from_when_an_announced_version_holds(walk: Any, announced: Desk) -> None:
    async with walk(desk=announced, size=(100, 40)) as person:
        await person.app.run_action("articles")
        await person.sees("换货期限规则", "已公告，", "在此之前仍执行上一版")
        await person.key("ctrl+t")
        await person.sees("起生效")


async def test_nothing_is_announced_where_nothing_changes(walk: Any, announced: Desk, clock: Clock) -> None:
    clock.go(73)
    async with walk(desk=announced) as person:
        await to_policies(person)
        await person.key("ctrl+n")
        await person.sees("没有待公告的版本")
