"""What fills the variables of a phrase reads well in the language in which the phrase speaks."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from agentdesk.desk import capture, knowledge, own_phrases, phrases, plan, reply, variables
from agentdesk.desk.context import Desk
from agentdesk.desk.views import Citation, PlanStep
from agentdesk.domain.content import VARIABLES
from tests.unit.desk.conftest import Clock


def speaking(desk: Desk, language: str) -> Desk:
    desk.spoken = language
    return desk


@pytest.mark.parametrize(
    ("language", "anomaly", "description", "product", "need"),
    [
        ("zh-CN", "机身底部漏水", "洗衣机漏水", "洗衣机", "机身底部漏水"),
        ("zh-CN", "", "想了解空调的能效等级和安装费用", "空调", "能效等级和安装费用"),
        ("zh-CN", "", "问题很多，没有人管", "", "问题很多"),
        ("zh-TW", "", "想了解空调的能效等级和安装费用", "空调", "能效等級和安裝費用"),
        ("zh-TW", "", "想詢問冷氣的安裝費用，謝謝", "冷氣", "安裝費用"),
        ("zh-CN", "", "想詢問冷氣的安裝費用，謝謝", "冷氣", "安装费用"),
        (
            "en",
            "",
            "I would like to know about the energy class of the unit. Thanks",
            "unit",
            "the energy class of the unit",
        ),
        ("en", "Water leaks from the bottom", "", "washer", "Water leaks from the bottom"),
        ("en", "机身底部漏水", "洗衣机漏水", "洗衣机", ""),
        ("zh-CN", "", "The washer leaks, nobody answers", "washer", ""),
        ("zh-TW", "", "", "", ""),
    ],
)
def test_the_need_is_of_the_language_or_is_asked_for(
    language: str, anomaly: str, description: str, product: str, need: str
) -> None:
    assert variables.need(anomaly, description, product, language) == need


def test_a_long_english_need_is_cut_between_words() -> None:
    text = "The drum makes a very loud noise whenever it spins and the whole floor shakes a lot with it"
    assert (
        variables.need("", text, "", "en")
        == "The drum makes a very loud noise whenever it spins and the whole floor shakes a"
    )


@pytest.mark.parametrize(
    ("language", "name", "title"),
    [
        ("zh_CN", "张*", "尊敬的客户"),
        ("zh_CN", "李女士", "李女士"),
        ("zh_CN", "先生", "尊敬的客户"),
        ("zh_TW", "王先生", "王先生"),
        ("zh_TW", "王小明", "親愛的顧客"),
        ("en", "Ms Smith", "Dear Ms Smith"),
        ("en", "李女士", "Dear customer"),
    ],
)
def test_the_customer_is_addressed_politely(
    desk: Desk, row_b: dict[str, Any], language: str, name: str, title: str
) -> None:
    request_id = capture.record(desk, row_b | {"customer_name": name}).request_id
    assert phrases.known(speaking(desk, language), request_id)["customer_title"] == title


@pytest.mark.parametrize(
    ("language", "eta"), [("zh_CN", "1月28日14:30"), ("zh_TW", "1月28日14:30"), ("en", "28 January, 14:30")]
)
def test_times_are_written_as_the_language_writes_them(desk: Desk, request_a: str, language: str, eta: str) -> None:
    step = PlanStep("上门检查", "", desk.now() + timedelta(hours=2))
    plan.tell(
        desk,
        request_a,
        steps=[step],
        finish=desk.now() + timedelta(hours=4),
        verified_how="asked",
        interim="请先关水。",
    )
    known = phrases.known(speaking(desk, language), request_a)
    assert known["eta"] == eta
    assert known.get("action") == {"zh_CN": "上门检查", "zh_TW": "上門檢查"}.get(language)


def test_the_next_update_is_what_was_promised_while_it_is_to_come(desk: Desk, request_a: str, clock: Any) -> None:
    reply.send(desk, request_a, "正在核实。", told=("progress",), promised_at=desk.now() + timedelta(hours=1))
    assert phrases.known(desk, request_a)["next_update"] == "1月28日11:30"
    clock.go(7200)
    assert "next_update" not in phrases.known(desk, request_a)


@pytest.mark.parametrize(
    ("language", "name", "version", "date"),
    [
        ("zh_CN", "会员积分规则", "第3", "2026年10月15日"),
        ("zh_TW", "會員積分規則", "第3", "2026年10月15日"),
        ("en", "Member points rules", "3", "15 October 2026"),
    ],
)
def test_a_cited_policy_says_its_name_version_and_date(
    desk: Desk, clock: Clock, request_a: str, language: str, name: str, version: str, date: str
) -> None:
    clock.go(280 * 86_400)  # past the day on which the shipped version takes effect
    found = next(hit for hit in knowledge.search(desk, "会员积分规则") if hit.source_id == "points-policy")
    cited = Citation(found.id, found.version, found.title)
    reply.send(desk, request_a, found.plain_summary, articles=[cited], confirmed=True)
    known = phrases.known(speaking(desk, language), request_a)
    assert (known["policy_name"], known["policy_version"], known["effective_date"]) == (name, version, date)


def test_channel_feeling_and_order_are_known(desk: Desk, request_a: str) -> None:
    known = phrases.known(speaking(desk, "en"), request_a)
    assert (known["channel"], known["feeling"], known["order_no"]) == ("telephone", "worried", "O-20240428-31")
    assert not {"product", "need"} & known.keys()
    assert known.keys() <= VARIABLES


@pytest.mark.parametrize("language", ["zh_CN", "zh_TW", "en"])
def test_no_inserted_text_holds_braces(desk: Desk, request_a: str, language: str) -> None:
    speaking(desk, language)
    for view in phrases.search(desk, "", request_a, limit=99):
        filled = phrases.fill(desk, view.id, dict.fromkeys(view.open, "{x}"), request_a)
        assert filled.open == () and not set("{}") & set(filled.text)


def test_phrases_follow_the_desk_and_a_contact_may_have_its_own(desk: Desk, request_a: str, request_b: str) -> None:
    assert "客服张敏" in phrases.search(desk, "greeting", request_b)[0].text
    assert own_phrases.next_language(desk, request_b) == "zh-TW"
    assert "客服人員张敏" in phrases.search(desk, "greeting", request_b)[0].text
    assert own_phrases.next_language(desk, request_b) == "en"
    assert phrases.search(desk, "greeting", request_b)[0].text.startswith("Hello")
    assert "客服张敏" in phrases.search(desk, "greeting", request_a)[0].text
    assert own_phrases.next_language(desk, request_b) == "zh-CN"
    speaking(desk, "en")
    assert phrases.search(desk, "greeting", request_a)[0].text.startswith("Hello")


def test_a_date_without_a_time_is_empty() -> None:
    words = {"months": ["January"]}
    at = datetime(2026, 1, 3, 9, 5, tzinfo=timezone(timedelta(hours=8)))
    assert variables.written(at, "{day} {month} {year} {hour:02}:{minute:02}", words) == "3 January 2026 09:05"
    assert variables.written(None, "{day}", words) == ""
