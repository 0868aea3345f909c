"""A draft of an article from a resolved request: what solved it, and nothing of who asked."""

from __future__ import annotations

import pytest

from agentdesk.desk import article_review, article_sources, capture, resolve
from agentdesk.desk.context import Desk
from agentdesk.desk.views import ResolveForm
from agentdesk.domain.refusal import Refusal
from tests.unit.desk.conftest import ROW_B

ASKED = {
    **ROW_B,
    "customer_name": "欧阳小明",
    "place": "海淀区中关村大街一号",
    "product_service": "空调",
    "description": "欧阳小明住海淀区中关村大街一号，想了解空调的能效，回电13900000002或 021-62345678",
}


def test_the_matter_and_what_solved_it_are_taken_over_and_nobodys_data(desk: Desk) -> None:
    made = capture.record(desk, ASKED)
    with pytest.raises(Refusal, match=r"article\.unresolved"):
        article_sources.from_request(desk, made.request_id)
    form = ResolveForm(solution_text="欧阳小明您好，能效为一级，安装免费。", own_knowledge=True)
    resolve.resolve(desk, made.request_id, form)
    source = article_sources.from_request(desk, made.request_id)
    whole = "\n".join((source.title, source.problem, source.solution))
    assert "能效为一级，安装免费。" in source.solution and "想了解空调的能效" in source.problem
    assert source.product == "空调" and source.category == "product"
    for private in ("小明", "中关村", "13900000002", "0002", "62345678", "5678"):
        assert private not in whole
    fields = {"title": source.title, "body": source.solution}
    written = article_review.propose(desk, fields, source_request=source.request_id)
    assert written.versions[0].value["source_request"] == made.request_id
