"""Triage: the two rows, the twelve scenarios, each rule, negations, modifiers, categories, overrides."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain import vocabulary
from agentdesk.domain.intake import Intake
from agentdesk.domain.settings import SHIPPED, Settings
from agentdesk.domain.triage import RULES, override_problem, paired_category, parse_words, propose

CONTENT = Path(__file__).parents[3] / "agentdesk" / "content" / "triage.toml"
WORDS = parse_words(tomllib.loads(CONTENT.read_text("utf-8")))

ROW_A = Intake(
    channel="phone",
    request_type="complaint",
    sub_type="after_sales",
    product_service="洗衣机",
    description="购买的洗衣机用了三天就漏水，联系售后一直没人答复",
    anomaly="机身底部漏水",
    expected_outcome="尽快上门维修",
    emotion="anxious",
)
ROW_B = Intake(
    channel="online",
    request_type="consult",
    sub_type="product",
    product_service="空调",
    description="想了解空调的能效等级和安装费用",
    emotion="calm",
)


def rules(proposal):
    return [reason.rule for reason in proposal.reasons]


def test_row_a_is_urgent_by_the_hazard_and_the_silence_is_the_second_reason():
    proposal = propose(ROW_A, WORDS)
    assert (proposal.category, proposal.priority, proposal.rule) == ("urgent", "P1", "PR-01")
    assert rules(proposal) == ["PR-01", "PR-04"]
    assert proposal.reasons[0].matched == ("漏水",)
    assert proposal.reasons[1].matched == ("没人答复",)
    assert proposal.also_complex and proposal.modifiers == ()


def test_row_b_is_simple_and_routine():
    proposal = propose(ROW_B, WORDS)
    assert (proposal.category, proposal.priority, rules(proposal)) == ("simple", "P3", ["PR-12"])
    assert proposal.category_reason == "answerable" and not proposal.also_complex


# (id, record, circumstances, category, priority, rules, modifiers) as §10 states them
SCENARIOS = [
    (
        "SC-01",
        Intake(
            request_type="complaint",
            sub_type="after_sales",
            description="洗衣机漏水，之前联系过售后没有回应",
            anomaly="底部漏水,地面有插座",
            emotion="anxious",
            expected_outcome="今天有人上门",
            tags=("technical",),
        ),
        {},
        ("urgent", True, "P1", ["PR-01", "PR-04"], ()),
    ),
    (
        "SC-02",
        Intake(request_type="consult", sub_type="product", description="询问能效等级与安装费用", emotion="calm"),
        {},
        ("simple", False, "P3", ["PR-12"], ()),
    ),
    (
        "SC-03",
        Intake(
            request_type="complaint",
            sub_type="logistics",
            product_service="儿童书桌",
            description="儿童书桌三天没有动静，想知道什么时候能到",
            anomaly="运输信息三天未更新",
            emotion="dissatisfied",
            expected_outcome="明确到货时间",
            tags=("logistics",),
        ),
        {},
        ("complex", False, "P2", ["PR-07", "PR-09"], ()),
    ),
    (
        "SC-04",
        Intake(
            request_type="complaint",
            sub_type="policy",
            description="积分兑换比例变了没人通知",
            anomaly="原比例可兑换,现不足",
            emotion="dissatisfied",
            segment="active",
            tags=("policy",),
        ),
        {},
        ("complex", False, "P2", ["PR-07"], ()),
    ),
    (
        "SC-05",
        Intake(
            request_type="after_sales",
            sub_type="usage",
            product_service="智能手环",
            description="手机系统升级以后，手环每天的数据都传不到手机",
            anomaly="数据不同步到手机APP",
            emotion="anxious",
            tags=("technical",),
        ),
        {},
        ("complex", False, "P2", ["PR-08", "PR-10"], ()),
    ),
    (
        "SC-06",
        Intake(
            request_type="complaint",
            sub_type="repair",
            product_service="电饭煲",
            description="电饭煲修了两次还是不行，你们到底会不会修",
            anomaly="维修两次仍跳闸",
            emotion="angry",
        ),
        {"repeat_count": 2, "risk_index": 65},
        ("urgent", True, "P1", ["PR-01"], ()),
    ),
    (
        "SC-06 without the hazard",
        Intake(
            request_type="complaint",
            sub_type="repair",
            description="电饭煲修了两次还是不行，你们到底会不会修",
            anomaly="维修两次饭仍夹生",
            emotion="angry",
        ),
        {"repeat_count": 2, "risk_index": 65},
        ("urgent", True, "P1", ["PR-07"], ("PM-3",)),
    ),
    (
        "SC-07",
        Intake(
            request_type="complaint",
            sub_type="refund",
            description="蓝牙音箱退款被拒绝了，我要见你们经理",
            anomaly="退款被拒",
            emotion="dissatisfied",
            expected_outcome="见经理,全额退款",
        ),
        {},
        ("complex", False, "P2", ["PR-07"], ()),
    ),
    (
        "SC-08",
        Intake(request_type="consult", sub_type="product", description="问一年能赚多少,是否保本", emotion="calm"),
        {},
        ("simple", False, "P3", ["PR-12"], ()),
    ),
    (
        "SC-09",
        Intake(request_type="consult", sub_type="usage", description="换绑手机号 [ID] [CARD]", emotion="calm"),
        {},
        ("simple", False, "P3", ["PR-12"], ()),
    ),
    (
        "SC-09 stolen",
        Intake(request_type="consult", sub_type="usage", description="换绑手机号，我的账号被盗了", emotion="calm"),
        {},
        ("urgent", False, "P1", ["PR-03"], ()),
    ),
    (
        "SC-10",
        Intake(
            request_type="consult",
            sub_type="usage",
            product_service="智能电视",
            description="不会找到戏曲频道",
            emotion="anxious",
            preferred_channel="phone",
            segment="new",
        ),
        {},
        ("simple", False, "P3", ["PR-12"], ()),
    ),
    (
        "SC-11 in the incident",
        Intake(
            request_type="consult", description="APP登录失败，换了手机也不行", emotion="anxious", tags=("technical",)
        ),
        {"in_batch": True},
        ("urgent", True, "P1", ["PR-02", "PR-10"], ()),
    ),
    (
        "SC-11 before it, a complaint",
        Intake(request_type="complaint", description="APP登录失败，换了手机也不行", emotion="dissatisfied"),
        {},
        ("complex", False, "P2", ["PR-07", "PR-10"], ()),
    ),
    (
        "SC-12",
        Intake(
            request_type="after_sales",
            sub_type="warranty",
            product_service="打印机 ×46",
            description="附清单，46台打印机的保修日期有误",
            emotion="calm",
            tier="enterprise",
            segment="enterprise",
        ),
        {},
        ("complex", False, "P2", ["PR-08", "PR-11"], ()),
    ),
]


@pytest.mark.parametrize(("name", "intake", "around", "expected"), SCENARIOS, ids=[row[0] for row in SCENARIOS])
def test_scenario_comes_out_as_the_standard_states(name, intake, around, expected):
    proposal = propose(intake, WORDS, **around)
    got = (proposal.category, proposal.also_complex, proposal.priority, rules(proposal), proposal.modifiers)
    assert got == expected


def test_abuse_alone_is_no_p1():
    proposal = propose(Intake(request_type="complaint", description="你们都是骗子，废物", emotion="angry"), WORDS)
    assert proposal.priority == "P2"


def test_an_enquiry_about_a_technical_fault_before_the_incident_is_p2_or_p3():
    intake = Intake(request_type="consult", description="APP登录失败怎么办", emotion="anxious")
    assert propose(intake, WORDS).priority in ("P2", "P3")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("洗衣机漏電了，碰到會觸電", "PR-01"),
        ("洗衣机漏水", "PR-01"),
        ("插座冒烟还有焦味", "PR-01"),
        ("手机电池鼓包了", "PR-01"),
        ("厨房里燃气味道很重", "PR-01"),
        ("不停漏水，擦都擦不完", "PR-01"),
        ("不是没有漏水，是漏得慢", "PR-01"),
        ("上次说没有漏水，今天又漏水了", "PR-01"),
        ("漏水一直没有解决", "PR-01"),
        ("你们系统瘫痪了吗", "PR-02"),
        ("所有人都登录不上", "PR-02"),
        ("同一笔订单重复扣款", "PR-03"),
        ("銀行卡被盜刷了", "PR-03"),
        ("再不解决我就打12315", "PR-05"),
        ("我要找媒体曝光", "PR-05"),
        ("那就起诉你们", "PR-05"),
        ("我会向监管部门反映", "PR-05"),
        ("打印机完全不能用，明天就要交标书", "PR-06"),
        ("快递还没到，已经一周了", "PR-09"),
        ("手环闪退", "PR-10"),
    ],
)
def test_words_reach_their_rule(text, rule):
    assert rule in rules(propose(Intake(request_type="consult", description=text), WORDS))


@pytest.mark.parametrize(
    "text",
    [
        "洗衣机没有漏水，只是想问保养",
        "这款不漏水吧",
        "这款不會漏水嗎",
        "检查过了，没有再出现漏水",
        "并没有任何漏电",
        "会不会漏电",
        "带漏电保护的插座有吗",
        "防漏水的垫子多少钱",
        "如何防止触电",
        "多媒体音箱怎么连接",
        "自媒体账号怎么认证",
        "订单号20261231590是哪天的",
        "燃气热水器的能效等级是多少",
        "质保还没到期，可以延长吗",
        "相机的长曝光怎么设置",
        "打不开包装，有没有视频教程",
    ],
)
def test_negations_and_look_alikes_raise_nothing(text):
    proposal = propose(Intake(request_type="consult", description=text), WORDS)
    assert all(reason.rule in ("PR-10", "PR-12") for reason in proposal.reasons)


def test_a_word_split_over_two_fields_is_no_word():
    assert rules(propose(Intake(description="地上有点漏", anomaly="水很多"), WORDS)) == ["PR-12"]


def test_only_complaints_can_have_been_ignored():
    silence = "联系过三次一直没人答复"
    assert "PR-04" not in rules(propose(Intake(request_type="consult", description=silence), WORDS))
    assert propose(Intake(request_type="complaint", description=silence), WORDS).rule == "PR-04"
    assert propose(Intake(request_type="complaint", description="很慢"), WORDS, unanswered=True).rule == "PR-04"


def test_a_deadline_needs_both_lists():
    assert "PR-06" not in rules(propose(Intake(request_type="consult", description="明天就要交标书，怎么排版"), WORDS))
    assert "PR-06" not in rules(propose(Intake(request_type="consult", description="打印机完全不能用"), WORDS))


@pytest.mark.parametrize(
    ("change", "around", "priority", "modifiers"),
    [
        ({"emotion": "angry"}, {}, "P2", ("PM-1",)),
        ({"emotion": "anxious"}, {}, "P3", ()),
        ({"tier": "vip"}, {}, "P2", ("PM-2",)),
        ({"tier": "enterprise"}, {}, "P2", ("PM-2",)),
        ({}, {"repeat_count": 2}, "P2", ("PM-3",)),
        ({}, {"repeat_count": 1}, "P3", ()),
        ({}, {"risk_index": 70}, "P2", ("PM-4",)),
        ({}, {"risk_index": 69}, "P3", ()),
        (
            {"emotion": "angry", "tier": "vip"},
            {"repeat_count": 5, "risk_index": 99},
            "P2",
            ("PM-1", "PM-2", "PM-3", "PM-4"),
        ),
        ({"request_type": "after_sales", "tier": "vip", "emotion": "angry"}, {}, "P2", ()),
        ({"request_type": "after_sales"}, {"risk_index": 80}, "P1", ("PM-4",)),
    ],
)
def test_modifiers(change, around, priority, modifiers):
    proposal = propose(dataclasses.replace(ROW_B, **change), WORDS, **around)
    assert (proposal.priority, proposal.modifiers) == (priority, modifiers)


def test_second_contact_and_work_for_others_make_an_enquiry_complex():
    assert propose(ROW_B, WORDS, repeat_count=1).category == "complex"
    asks_refund = Intake(request_type="consult", sub_type="refund", description="我要退款，不想要了")
    assert propose(asks_refund, WORDS).category_reasons == ("needs_others",)


def test_settings_move_the_thresholds():
    strict = Settings({"triage.repeat_step_up": 1})
    assert propose(ROW_B, WORDS, repeat_count=1, settings=strict).priority == "P2"


def test_override_needs_a_reason_of_five_characters():
    assert override_problem("P1", "P1", "") == ""
    assert override_problem("P1", "P2", "不急 ") == "priority_why"
    assert override_problem("P1", "P2", "客户说不急") == ""


def test_urgent_and_p1_go_together():
    assert paired_category("P1", "simple", False) == "urgent"
    assert paired_category("P2", "urgent", True) == "complex"
    assert paired_category("P3", "urgent", False) == "simple"
    assert paired_category("P2", "complex", True) == "complex"


def test_rule_codes_are_the_standard_s_in_order():
    assert [rule.code for rule in RULES] == [f"PR-{number:02}" for number in range(1, 13)]


_STEP = {"P3": 0, "P2": 1, "P1": 2}


@given(
    text=st.lists(
        st.sampled_from(
            ["漏水", "没有", "12315", "快递丢了", "闪退", "明天就要交", "打不开", "，", "多媒体", "没人理", "空调", "a"]
        ),
        max_size=8,
    ).map("".join),
    request_type=st.sampled_from(("", *vocabulary.REQUEST_TYPES)),
    emotion=st.sampled_from(("", *vocabulary.EMOTIONS)),
    tier=st.sampled_from(("", *vocabulary.TIERS)),
    repeat_count=st.integers(0, 5),
    risk_index=st.integers(0, 100),
    in_batch=st.booleans(),
)
def test_modifiers_raise_by_at_most_one_step_and_never_lower(
    text, request_type, emotion, tier, repeat_count, risk_index, in_batch
):
    intake = Intake(request_type=request_type, description=text, emotion=emotion, tier=tier)
    proposal = propose(intake, WORDS, repeat_count, risk_index, in_batch=in_batch)
    assert 0 <= _STEP[proposal.priority] - _STEP[proposal.base] <= 1
    assert (proposal.priority != proposal.base) == bool(proposal.modifiers)
    assert (proposal.category == "urgent") == (proposal.priority == "P1")
    order = [rule.code for rule in RULES]
    assert rules(proposal) == sorted(rules(proposal), key=order.index) and proposal.rule == rules(proposal)[0]


def test_every_word_list_is_used_and_every_default_declared_once():
    assert set(WORDS.lists) == {
        "PR-01", "PR-02", "PR-03", "PR-04", "PR-05", "PR-06.unusable", "PR-06.deadline", "PR-09", "PR-10",
        "PR-11", "complex",
    }  # fmt: skip
    assert SHIPPED.get("triage.risk_step_up") == 70
