"""An emergency list: a step is known by its words, who does it and within what time."""

from __future__ import annotations

import pytest

from agentdesk.desk import article_page, articles, checklists
from agentdesk.desk.context import Desk
from agentdesk.domain.content import article_id
from agentdesk.domain.refusal import Refusal

STEPS = ["确认恢复 @技术", "确认恢复 @客服", "再看一次", "再看一次"]


def test_each_step_has_its_own_tick(desk: Desk, request_b: str) -> None:
    row = {"id": "e.list", "title": "停电清单", "kind": "emergency", "body": "停电时", "steps": STEPS}
    articles.import_articles(desk, [row])
    page = article_page.read(desk, article_id("e.list"))
    for of in ("", request_b):
        for place in (0, 2):
            checklists.tick(desk, page, place, of, note="已做")
        assert sorted(checklists.ticks(desk, page, of)) == [0, 2]
        checklists.tick(desk, page, 3, of, note="已做")
        assert sorted(checklists.ticks(desk, page, of)) == [0, 2, 3]
        with pytest.raises(Refusal, match=r"checklist\.ticked"):
            checklists.tick(desk, page, 0, of, note="已做")
