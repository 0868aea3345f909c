"""Tags on many requests at once need the right to edit each of them; one refusal holds up no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agentdesk.desk import capture, reading, tagging
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.store.identity import save_identity
from tests.unit.desk.test_undo import code_of


def become(desk: Desk, **changes: Any) -> None:
    """Sit down at this desk with another right or as somebody else."""
    with desk.store.plain_write() as conn:
        save_identity(conn, replace(desk.me, **changes))


def tags_of(desk: Desk, request_id: str) -> list[str]:
    return reading.load(desk, request_id).request.elements("tags")


def test_whoever_may_not_edit_a_request_may_not_tag_it(desk: Desk, row_b: dict[str, Any], request_b: str) -> None:
    mine = capture.record(desk, {**row_b, "contact": "13900000088"}).request_id
    become(desk, roles=("analyst",))
    done = tagging.tag(desk, [request_b, mine], "物流")
    assert done.changed == 0 and [refusal.code for _, refusal in done.refused] == ["role.denied", "role.denied"]
    assert tags_of(desk, request_b) == []


def test_one_refusal_holds_up_no_other(desk: Desk, request_b: str) -> None:
    done = tagging.tag(desk, ["nobody", request_b], "物流")
    assert done.changed == 1 and [number for number, _ in done.refused] == ["nobody"]
    assert tags_of(desk, request_b) == ["物流"]


def test_taking_back_needs_the_same_right(desk: Desk, request_b: str) -> None:
    tagging.tag(desk, [request_b], "物流")
    become(desk, roles=("analyst",))
    assert code_of(desk, request_b) == "role.denied"
    assert tags_of(desk, request_b) == ["物流"]


def test_a_tag_is_no_contact(desk: Desk, request_b: str) -> None:
    for word in ("13912344321", "找li.si@example.com", "座机021-65432198"):
        with pytest.raises(Refusal) as refused:
            tagging.tag(desk, [request_b], word)
        assert refused.value.code == "tag.contact"
    assert tags_of(desk, request_b) == []
