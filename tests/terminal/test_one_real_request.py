"""The main job in a real terminal: first run, two requests to closed, knowledge, words, sync to a second desk.

The tests send bytes and read the screen. What they saw after each key is kept under `test-artefacts/terminal/`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.terminal import rows
from tests.terminal.centre import Centre
from tests.terminal.sitting import NARROW, WIDE, Sitting
from tests.terminal.tmux import run, there

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.serial,
    pytest.mark.skipif(not there(), reason="tmux is not installed"),
]

BUDGET = 17
"""Command keys from the focused queue to the next request focused, for a routine enquiry of a known customer."""

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=lambda size: f"{size[0]}x{size[1]}")

WALKED_A = (
    "接入", "已应答", "建立", "草稿", "已记录", "分析中", "答复", "已告知", "临时措施", "已核实", "方案", "方案待确认",
    "客户同意方案", "已分派", "处理中", "处理结果", "待确认", "回访", "客户反馈", "评价邀请", "已发送", "已完成",
)  # fmt: skip
"""T1 T2 T4, the greeting, T5 with interim and verification, T7 T8 T12 T13 T17, as the timeline names them."""
WALKED_B = (
    "接入", "建立", "草稿", "已记录", "答复", "处理结果", "待确认", "客户反馈",
    "免回访", "当次已确认", "评价邀请", "已发送", "已完成",
)  # fmt: skip
"""T1 T2, the greeting, T3 T13 with the exemption, T17."""

EARLIER = (
    {
        "channel": "online", "customer_name": "王*", "contact": "13900000002", "unregistered": True,
        "request_type": "consult", "sub_type": "usage", "product_service": "电风扇",
        "description": "想问电风扇怎么定时关机", "emotion": "calm",
    },
    {
        "channel": "online", "customer_name": "李*", "contact": "13700000003", "unregistered": True,
        "request_type": "consult", "sub_type": "usage", "product_service": "手环",
        "description": "想问手环怎么和手机同步", "emotion": "calm",
    },
)  # fmt: skip
"""What is in the queue before the keys are counted: an earlier matter of the customer of row B, and somebody else's."""


@SIZES
def test_one_real_request_from_first_run_to_a_second_desk(size: tuple[int, int], tmp_path: Path) -> None:
    """Capture, phrase, warning, knowledge, plan, resolve, follow-up, close; then join, sync, and read it elsewhere."""
    mine, hers = tmp_path / "desk-1", tmp_path / "desk-2"
    with Sitting("first-desk", mine, size, network=False) as desk:
        rows.first_run(desk)
        told = [_row_a(desk), _row_b(desk)]
        told = [rows.Done(done.number, _history(desk, done.number)) for done in told]
        desk.quit()
    _in_order(WALKED_A, told[0].history)
    _in_order(WALKED_B, told[1].history)

    with Centre(tmp_path / "centre") as centre:
        joined = run("join", centre.url, centre.enrol(rows.TEAM, "super_agent"), home=mine)
        assert rows.TEAM in joined.stdout
        assert _exchanged(mine)["pushed"] > 0, "what was made before joining did not go along"
        run("setup", "--name", "李雷", "--work-no", "8022", "--team", rows.TEAM, home=hers)
        run("join", centre.url, centre.enrol(rows.TEAM, "rep"), home=hers)
        assert _exchanged(hers)["pulled"] > 0
        _exchanged(mine)
        digests = {home: run("doctor", "--digest", home=home).stdout.strip() for home in (mine, hers)}
        assert len(digests[mine]) == 64
        assert digests[mine] == digests[hers]
        with Sitting("second-desk", hers, size) as desk:
            desk.queue()
            desk.wait("李雷 8022", rows.TEAM, "已同步", "待发 0")
            for done in told:
                assert _history(desk, done.number) == done.history
            desk.quit()
        digests = {home: run("doctor", "--digest", home=home).stdout.strip() for home in (mine, hers)}
        assert digests[mine] == digests[hers], "looking changed something"


@SIZES
def test_a_routine_enquiry_of_a_known_customer_takes_at_most_seventeen_keys(
    size: tuple[int, int], tmp_path: Path
) -> None:
    """From the focused queue to closed and the next request focused; phrase and article included."""
    home = tmp_path / "desk"
    run("setup", "--name", rows.ME, "--work-no", rows.WORK_NO, "--team", rows.TEAM, home=home)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in EARLIER)
    run("request", "add", "-", home=home, stdin=lines)
    with Sitting("known-customer", home, size, network=False) as desk:
        desk.queue()
        desk.wait("王*", "李*", "下一步")
        waits = desk.focused()
        assert "王*" in waits
        desk.keys.clear()
        _known_b(desk)
        desk.wait(until=lambda _: _number(desk.focused()) == _number(waits))
        counted = list(desk.keys)
        desk.quit()
    sys.stdout.write(f"{len(counted)} command keys: {' '.join(counted)}\n")
    assert len(counted) <= BUDGET, counted


def _row_a(desk: Sitting) -> rows.Done:
    number = rows.capture_a(desk)
    rows.greet(desk)
    rows.lint(desk)
    rows.cite(desk, "漏水", "洗衣机底部漏水怎么办？", "请先关闭进水阀")
    desk.key("F8")
    desk.wait("已发送", "输入回复")
    rows.plan_a(desk)
    rows.resolve_a(desk)
    rows.follow_a(desk)
    return rows.Done(number)


def _row_b(desk: Sitting) -> rows.Done:
    number = rows.capture_b(desk)
    rows.greet(desk)
    rows.cite(desk, "空调安装费", "空调的能效等级怎么看", "空调能效分为一到五级")
    rows.resolve_b(desk)
    desk.wait("没有待办需求")
    return rows.Done(number)


def _known_b(desk: Sitting) -> None:
    """Row B with the fewest keys; every wait stands for an agent who looks before the next key."""
    desk.key("F2")
    desk.wait("客户等待", "查找客户")
    desk.holds("接入渠道", "[2 在线客服]")
    for label in ("需求类型", "子类", "情绪状态"):
        assert "[" not in desk.row(label), f"{label} is preset"
    desk.type("13900000002")
    desk.wait("回车取用")
    desk.key("Enter")
    desk.holds("联系方式", "13900000002")
    desk.keys_of("1", "1")
    desk.type("空调")
    desk.key("Tab")
    desk.type("想了解空调的能效等级和安装费用")
    desk.keys_of("Tab", "1")
    desk.wait("可记录", "P3 常规", "PR-12")
    for label, text in (("需求类型", "[1 咨询]"), ("子类", "[1 产品]"), ("情绪状态", "[1 平和]")):
        desk.holds(label, text)
    desk.key("F8")
    desk.wait("产品咨询", "已记录", "输入回复")
    desk.keys_of("F4", "Enter")
    desk.wait(until=lambda _: f"工号{rows.WORK_NO}" in desk.composer())
    desk.keys_of("F5", "Enter")
    desk.wait("已引用", until=lambda _: "空调能效分为一到五级" in desk.composer())
    rows.resolve_b(desk)


def _history(desk: Sitting, number: str) -> tuple[str, ...]:
    """Open a closed request from the list of all requests and read its timeline."""
    desk.mark(f"history of {number}")
    desk.queue()
    desk.show_all()
    desk.to_row(number)
    desk.key("F3")
    desk.wait(number, "已完成", "没有待办，不再答复")
    told = desk.history("接入", "已完成")
    desk.key("Escape")
    desk.queue()
    return tuple(told)


def _in_order(words: tuple[str, ...], history: tuple[str, ...]) -> None:
    """Each word stands in the history after the one before it."""
    text = "\n".join(history)
    at = 0
    for word in words:
        found = text.find(word, at)
        assert found >= 0, f"{word} does not follow in\n{text}"
        at = found + len(word)


def _exchanged(home: Path) -> dict[str, object]:
    """One full exchange without an error, nothing refused."""
    done = json.loads(run("sync", "--once", "--json", home=home).stdout)
    assert (done["error"], done["parked"], done["stopped"]) == ("", 0, [])
    return dict(done)


def _number(row: str) -> str:
    return next((word for word in row.split() if word.startswith("AD-")), "")
