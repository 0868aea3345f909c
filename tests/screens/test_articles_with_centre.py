"""Two desks without a line change one article; on a third screen the reviewer sees both versions and chooses."""

from __future__ import annotations

from typing import Any

from agentdesk.desk import article_review
from agentdesk.screens.article_versions import ArticleVersionPanel
from tests.screens.test_articles import management
from tests.screens.test_rules_with_centre import centre as centre
from tests.screens.test_rules_with_centre import joined as joined
from tests.sync.joined_desks import sync
from tests.unit.desk.test_article_review import ROW


async def test_the_reviewer_chooses_between_two_versions_that_wait(walk: Any, joined: Any) -> None:  # noqa: F811
    one, two, reviewer = joined("张三", "specialist"), joined("李四", "specialist"), joined("王五", "supervisor")
    made = article_review.propose(one, ROW)
    sync(one, two, reviewer)
    article_review.approve(reviewer, made.entity_id)
    sync(reviewer, one, two)
    article_review.propose(one, {**ROW, "body": "先断电，等十分钟。"}, made.entity_id)
    article_review.propose(two, {**ROW, "body": "先断电，等半小时。"}, made.entity_id)
    sync(one, two, reviewer)
    async with walk(desk=reviewer) as person:
        screen = await management(person)
        await person.sees("2 版待选", "2 个版本同时待批准（张三、李四）", "+ 先断电，等半小时。", gone=("生效日期",))
        await person.key("ctrl+t")
        await person.until(lambda: isinstance(person.screen, ArticleVersionPanel), "the versions")
        person.screen._picker.mark(article_review.site_article(reviewer, made.entity_id).rivals[0].id)
        await person.sees("+ 先断电，等十分钟。")
        await person.key("f8")
        await person.until(lambda: person.screen is screen, "the list")
        await person.sees("已生效（待送达中心）")
        await person.quiet()
    sync(reviewer, one, two)
    for desk in (one, two):
        found = article_review.site_article(desk, made.entity_id)
        assert found.in_force is not None and found.in_force.value["body"] == "先断电，等十分钟。"
        assert found.proposed is not None and found.proposed.value["body"] == "先断电，等半小时。", "it goes on waiting"
