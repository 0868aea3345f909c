"""A phrase with two blanks in a real terminal: found by initials, filled with Tab between, edited, sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.terminal import rows
from tests.terminal.sitting import NARROW, WIDE, Sitting
from tests.terminal.tmux import run, there

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.serial,
    pytest.mark.skipif(not there(), reason="tmux is not installed"),
]

COMPLAINT = {
    "channel": "phone", "customer_name": "张*", "contact": "13800005678", "customer_no": "C-5678",
    "request_type": "complaint", "sub_type": "after_sales", "product_service": "洗衣机", "order_no": "O-20240428-31",
    "occurred_at": "2024-04-28", "attribution": "product_quality", "anomaly": "机身底部漏水", "emotion": "anxious",
    "description": "购买的洗衣机用了三天就漏水，联系售后一直没人答复", "expected_outcome": "尽快上门维修",
}  # fmt: skip
"""Invented; what is in the queue before anybody sits down."""


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_phrase_is_found_by_initials_filled_edited_and_sent(size: tuple[int, int], tmp_path: Path) -> None:
    """Three keys find it; Tab goes through both blanks; what is wrong is one sentence; the text stays editable."""
    home = tmp_path / "desk"
    run("setup", "--name", rows.ME, "--work-no", rows.WORK_NO, "--team", rows.TEAM, home=home)
    run("request", "add", "-", home=home, stdin=json.dumps(COMPLAINT, ensure_ascii=False) + "\n")
    with Sitting("phrase-blanks", home, size, network=False) as desk:
        desk.queue()
        desk.key("Enter")
        desk.wait("下一步", "输入回复")
        desk.key("F4")
        desk.wait("搜索话术", "问候")
        desk.type("bccl")
        desk.wait(">1 追问：请客户补充材料")
        desk.key("Enter")
        desk.wait("请填写：要补充的材料", "1/2", "[要补充的材料]")
        desk.type("购机发票")
        desk.wait("麻烦您补充购机发票")
        desk.key("Tab")
        desk.wait("请填写：补齐的日期", "2/2")
        desk.type("尽快")
        desk.key("Enter")
        desk.wait("这里要填日期")
        desk.keys_of("BSpace", "BSpace")
        desk.type("１２月１日")
        desk.key("Enter")
        said = "麻烦您补充购机发票，12月1日前发给我就可以。"
        desk.wait(until=lambda _: said in desk.composer())
        desk.type("谢谢您！")
        desk.wait(until=lambda _: f"{said}谢谢您！" in desk.composer())
        desk.key("F8")
        desk.wait("已发送", "输入回复", "为了尽快为您办理")
        assert not any(brace in desk.screen() for brace in "{}")
        desk.quit()
