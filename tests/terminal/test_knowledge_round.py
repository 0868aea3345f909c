"""Knowledge in a real terminal, at two desks and a centre: found in five ways, cited, written, approved, flagged."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentdesk.desk import capture, resolve
from agentdesk.desk.context import open_desk
from agentdesk.desk.views import ResolveForm
from tests.terminal import rows
from tests.terminal.centre import Centre
from tests.terminal.sitting import NARROW, Sitting
from tests.terminal.tmux import run, there

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.serial,
    pytest.mark.skipif(not there(), reason="tmux is not installed"),
]

LEAK = "洗衣机底部漏水怎么办"
WAYS = {
    "two characters": "漏水",
    "initials": "xyjdbls",
    "pinyin": "xiyiji",
    "a typo": "洗衣机漏睡",
    "as Taiwan writes it": "洗衣機漏水",
}
ASKED = {
    "channel": "online", "contact": "13900000002", "unregistered": True, "request_type": "consult",
    "sub_type": "usage", "emotion": "calm",
}  # fmt: skip
SOLVED = {
    **ASKED,
    "customer_name": "王*",
    "product_service": "可视门铃",
    "description": "想问可视门铃夜里总是误报怎么办",
}
OPEN = {
    **ASKED,
    "customer_name": "李*",
    "contact": "13700000003",
    "product_service": "空调",
    "description": "想问空调怎么预约清洗",
}
"""Invented."""


def _prepare(home: Path, name: str, number: str, role: str, centre: Centre) -> None:
    run("setup", "--name", name, "--work-no", number, "--team", rows.TEAM, home=home)
    run("join", centre.url, centre.enrol(rows.TEAM, role), home=home)


def _palette(desk: Sitting, words: str) -> None:
    desk.key("F9")
    desk.type(words)
    desk.wait(words)
    desk.key("Enter")


def _find_in_every_way(desk: Sitting) -> None:
    desk.key("F5")
    desk.wait("搜索知识")
    for way, words in WAYS.items():
        desk.mark(way)
        desk.type(words)
        desk.wait(f">1 {LEAK}")
        desk.keys_of("Escape")
        desk.wait(gone=words)
    desk.type("漏水")
    desk.wait(f">1 {LEAK}")
    desk.key("Enter")
    desk.wait("已引用", LEAK, until=lambda _: "请先关闭进水阀" in desk.composer())


def test_found_cited_written_approved_elsewhere_found_here_and_flagged(tmp_path: Path) -> None:
    """Nothing is restarted: each desk has the other's work with the next exchange."""
    here, there_ = tmp_path / "desk-1", tmp_path / "desk-2"
    with Centre(tmp_path / "centre") as centre:
        _prepare(here, rows.ME, rows.WORK_NO, "specialist", centre)
        _prepare(there_, "周主管", "8100", "supervisor", centre)
        desk_here = open_desk(here)
        made = capture.record(desk_here, SOLVED)
        form = ResolveForm(solution_text="把移动侦测的灵敏度调到低档，避开路灯直射。", own_knowledge=True)
        resolve.resolve(desk_here, made.request_id, form)
        other = capture.record(desk_here, OPEN)
        desk_here.close()
        with Sitting("knowledge-here", here, NARROW) as mine, Sitting("knowledge-there", there_, NARROW) as hers:
            mine.queue()
            mine.to_row(other.number[-4:])
            mine.key("Enter")
            mine.wait("输入回复")
            _find_in_every_way(mine)
            _write_from(mine, made.number[-4:])
            _approve(hers)
            _find_and_flag(mine, other.number[-4:])
            hers.wait("有疑问", "要写明在哪里调")
            mine.key("C-q")
            mine.wait("1 条答复还没有发送")
            mine.key("1")
            assert mine.wait_exit() == 0
            hers.quit()


def _write_from(desk: Sitting, number: str) -> None:
    desk.mark("an article from the resolved request")
    desk.keys_of("Escape", "Escape")
    desk.queue()
    desk.to_row(number)
    desk.key("Enter")
    desk.wait("待确认")
    _palette(desk, "写成知识")
    desk.wait("新写知识条目", "灵敏度调到低档")
    desk.key("F8")
    desk.wait("已提交，等待他人批准")


def _approve(desk: Sitting) -> None:
    desk.mark("approved by somebody else")
    desk.queue()
    _palette(desk, "知识管理")
    desk.wait("待批准", "可视门铃")
    desk.key("F8")
    desk.wait("已生效")


def _find_and_flag(desk: Sitting, number: str) -> None:
    desk.mark("found at the first desk, and doubted")
    desk.keys_of("Escape", "Escape")
    desk.queue()
    desk.to_row(number)
    desk.key("Enter")
    desk.wait("请先关闭进水阀")
    desk.key("F5")
    desk.wait("搜索知识")
    desk.type("ksml")
    desk.wait(">1", "可视门铃")
    _palette(desk, "知识有误")
    desk.wait("”有什么问题？")  # the palette says the words before it without the quotation
    desk.type("要写明在哪里调")
    desk.key("F8")
    desk.wait("作者会看到")
