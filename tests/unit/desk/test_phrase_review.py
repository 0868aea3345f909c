"""The life of a site's phrase at one desk: checked on writing, waiting until approved, returned, retired, put back."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import library, phrase_review, phrases, rules
from agentdesk.desk.context import Desk
from agentdesk.desk.phrase_values import BETWEEN, fields_of, read_toml
from agentdesk.domain.refusal import Refusal
from tests.unit.desk.test_rules import SOURCE

ROW = {
    "code": "shop.pickup",
    "scenario": "progress",
    "title_zh_cn": "到店自提",
    "body_zh_cn": "您的{product}已经到店，{eta}前都可以来取。",
    "title_en": "Ready for pick-up",
    "body_en": "Your {product} is in the shop; you can fetch it until {eta}.",
    "channels": "online,phone",
    "tags": "自提",
    "actions": "tag 自提",
}


def two(zh_cn: str, en: str) -> dict[str, str]:
    """Bodies with a second wording."""
    return {"body_zh_cn": ROW["body_zh_cn"] + BETWEEN + zh_cn, "body_en": ROW["body_en"] + BETWEEN + en}


def offered(desk: Desk, code: str = "shop.pickup") -> list[str]:
    return [one.body for one in phrases.search(desk, "", None, 500) if one.code == code]


def test_a_phrase_is_offered_once_approved_and_an_earlier_version_comes_back(desk: Desk) -> None:
    proposed = phrase_review.propose(desk, ROW)
    assert proposed.stands == "waiting" and offered(desk) == []
    first = phrase_review.approve(desk, "shop.pickup")
    assert first.stands == "published" and offered(desk) == [ROW["body_zh_cn"]]
    (view,) = [one for one in phrases.search(desk, "自提", None, 500) if one.code == "shop.pickup"]
    assert (view.step, view.actions[0].as_line()) == ("K5", "tag 自提")

    phrase_review.propose(desk, {**ROW, "body_zh_cn": "{product}到店了，{eta}前来取就行。"})
    assert offered(desk) == [ROW["body_zh_cn"]], "the version in force stays until then"
    second = phrase_review.approve(desk, "shop.pickup")
    assert offered(desk) == ["{product}到店了，{eta}前来取就行。"]
    changed = phrase_review.compared(second.versions[0].value, second.versions[1].value)
    assert changed == [("body_zh_cn", ROW["body_zh_cn"], "{product}到店了，{eta}前来取就行。")]
    back = phrase_review.put_back(desk, "shop.pickup", first.versions[0].id)
    assert offered(desk) == [ROW["body_zh_cn"]]
    assert back.stands == "published" and back.proposed is None, "what was replaced does not wait for approval"
    retired = phrase_review.retire(desk, "shop.pickup", "不再自提")
    assert (retired.stands, retired.why, offered(desk)) == ("retired", "不再自提", [])
    phrase_review.propose(desk, ROW)
    assert phrase_review.approve(desk, "shop.pickup").stands == "published"


def test_a_returned_phrase_and_a_returned_change_wait_for_nobody(desk: Desk) -> None:
    phrase_review.propose(desk, ROW)
    returned = phrase_review.send_back(desk, "shop.pickup", "语气太硬")
    assert (returned.stands, returned.why, returned.proposed) == ("returned", "语气太硬", None)
    phrase_review.propose(desk, ROW)
    phrase_review.approve(desk, "shop.pickup")
    phrase_review.propose(desk, {**ROW, "title_zh_cn": "自提"})
    returned = phrase_review.send_back(desk, "shop.pickup", "标题太短")
    assert (returned.stands, returned.state, returned.why) == ("returned", "published", "标题太短")
    assert offered(desk) == [ROW["body_zh_cn"]], "what is in force stays in force"
    with pytest.raises(Refusal, match=r"phrase\.nothing_proposed"):
        phrase_review.approve(desk, "shop.pickup")


def test_a_site_may_write_over_a_phrase_that_ships_and_take_one_away(desk: Desk) -> None:
    shipped = offered(desk, "soothing")
    place = [one.value["code"] for one in library.phrases(desk).values()].index("soothing")
    phrase_review.propose(desk, {**ROW, "code": "soothing", "scenario": "soothing", "actions": ""})
    phrase_review.approve(desk, "soothing")
    assert offered(desk, "soothing") == [ROW["body_zh_cn"]]
    assert [one.value["code"] for one in library.phrases(desk).values()].index("soothing") == place
    phrase_review.retire(desk, "soothing", "还是原来的好")
    assert offered(desk, "soothing") == shipped
    assert phrase_review.retire(desk, "soothing", "不要这一条").stands == "withdrawn"
    assert offered(desk, "soothing") == []
    assert all(one.value.get("code") != "soothing" for one in library.phrases(desk).values())
    phrase_review.retire(desk, "soothing", "放回来")
    assert offered(desk, "soothing") == shipped


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"code": ""}, "code", "missing"),
        ({"code": "有 空格"}, "code", "phrase_code"),
        ({"scenario": "nothing"}, "scenario", "not_a_value"),
        ({"step": "K9"}, "step", "not_a_value"),
        ({"body_zh_cn": "", "body_en": "", "title_en": ""}, "body_zh_cn", "missing"),
        ({"body_zh_cn": "长" * 1001}, "body_zh_cn", "too_long"),
        ({"body_zh_cn": "证件 11010519491231002X {product}{eta}"}, "body_zh_cn", "private"),
        ({"body_zh_cn": "您好{nobody}"}, "body_zh_cn", "phrase_variables"),
        ({"body_zh_cn": "您好{product"}, "body_zh_cn", "phrase_braces"),
        ({"body_en": "Your {product} is here."}, "body_en", "phrase_languages"),
        ({"body_zh_cn": "请您冷静点，{product}{eta}"}, "body_zh_cn", "phrase_blocked"),
        ({"channels": "pigeon"}, "channels", "not_a_value"),
        ({"body_zh_cn": "{product}在{eta:hour}前到"}, "body_zh_cn", "phrase_formats"),
        ({"body_zh_cn": "{product}{eta}{?}"}, "body_zh_cn", "phrase_braces"),
        ({"body_zh_cn": "{product}{eta}\n---\n{product}到了，{eta}"}, "body_en", "phrase_variants"),
        (two("{product}{eta}", "{product}"), "body_en", "phrase_languages"),
        (two("{nobody}", "{product}"), "body_zh_cn", "phrase_variables"),
        (two("请您冷静点", "Well"), "body_zh_cn", "phrase_blocked"),
        (two("11010519491231002X", "Well"), "body_zh_cn", "private"),
        (two("长" * 1001, "Well"), "body_zh_cn", "too_long"),
        ({"body_zh_cn": "\n---\n".join(["{product}{eta}"] * 11)}, "body_zh_cn", "phrase_variants"),
    ],
)
def test_a_faulty_phrase_is_refused_by_its_field(desk: Desk, change: dict[str, Any], field: str, problem: str) -> None:
    with pytest.raises(Refusal) as refused:
        phrase_review.propose(desk, {**ROW, **change})
    assert refused.value.code == "phrase.wrong"
    assert (refused.value.args["phrase_field"], refused.value.args["problem"]) == (field, problem)
    assert phrase_review.site_phrases(desk) == []


WITH_BLANKS = """
[[phrase]]
code = "shop.pickup"
scenario = "progress"
title.zh-CN = "到店自提"
body.zh-CN = "您的{product|东西}已经到店，{eta:date}前可以来取，单号{?快递单号}。"
variants.zh-CN = [
  "{product|东西}到店了，{eta:date}前来取就行。",
  "到店了：{product|东西}，请在{eta:moment|这几天}前来取。",
]
title.en = "Ready for pick-up"
body.en = "Your {product|order} is here until {eta:date}; number {?tracking number}."
variants.en = ["Your {product|order} is here until {eta:date}.", "Here now: {product|your order}, until {eta:moment}."]
"""


def test_blanks_with_formats_and_fallbacks_and_variants_are_proposed_and_take_turns(desk: Desk) -> None:
    row = read_toml(WITH_BLANKS)
    proposed = phrase_review.propose(desk, row).proposed
    assert proposed is not None and proposed.value["variables"] == ["product", "eta"]
    phrase_review.approve(desk, "shop.pickup")
    (view,) = [one for one in phrases.search(desk, "自提", None, 500) if one.code == "shop.pickup"]
    assert (view.variants, view.body) == (3, row["body_zh_cn"].split(BETWEEN)[0])
    with pytest.raises(Refusal, match=r"phrase\.same"):
        phrase_review.propose(desk, row)
    fewer = row | {name: BETWEEN.join(row[name].split(BETWEEN)[:2]) for name in ("body_zh_cn", "body_en")}
    changed = phrase_review.propose(desk, fewer).proposed
    assert changed is not None
    compared = phrase_review.compared(proposed.value, changed.value)
    assert [field for field, _, _ in compared] == ["body_zh_cn", "body_en"], "who approves sees what takes turns"
    assert fields_of(changed.value, ()) | fewer == fields_of(changed.value, ()), "and a form shows it as it was typed"
    dashed = row | {
        "body_zh_cn": fewer["body_zh_cn"].replace(BETWEEN, "\n\n -----\n") + BETWEEN,
        "body_en": fewer["body_en"],
    }
    with pytest.raises(Refusal, match=r"phrase\.same"):
        phrase_review.propose(desk, dashed)
    single = row | {name: row[name].split(BETWEEN)[0] for name in ("body_zh_cn", "body_en")}
    left = phrase_review.propose(desk, single).proposed
    assert left is not None and left.value["variants"] == {}


@pytest.mark.parametrize(
    "variants", ['["甲"]', '{ "zh-CN" = "甲" }', '{ "zh-CN" = [1] }', '{ en = ["a"] }', '{ fr = ["a"] }']
)
def test_variants_of_a_file_that_belong_to_no_body_are_refused(variants: str) -> None:
    with pytest.raises(Refusal, match=r"phrase\.toml"):
        read_toml(f'[[phrase]]\ncode = "x"\nbody = "您好"\nvariants = {variants}\n')


def test_a_warning_wants_a_second_look(desk: Desk) -> None:
    row = {**ROW, "body_zh_cn": "这个我不清楚，{product}{eta}"}
    with pytest.raises(Refusal, match=r"phrase\.confirm"):
        phrase_review.propose(desk, row)
    assert phrase_review.propose(desk, row, confirmed=True).stands == "waiting"
    with pytest.raises(Refusal, match=r"phrase\.same"):
        phrase_review.propose(desk, row, confirmed=True)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda desk: phrase_review.approve(desk, "x"), "phrase.no_site"),
        (lambda desk: phrase_review.retire(desk, "x", "why"), "phrase.no_code"),
        (lambda desk: phrase_review.retire(desk, "soothing", " "), "phrase.why"),
        (lambda desk: phrase_review.retire(desk, "shop.pickup", "why"), "phrase.state"),
        (lambda desk: phrase_review.put_back(desk, "shop.pickup", "zz"), "phrase.no_version"),
    ],
)
def test_what_is_not_there_is_said(desk: Desk, act: Any, code: str) -> None:
    phrase_review.propose(desk, ROW)
    with pytest.raises(Refusal, match=code):
        act(desk)


def test_rules_and_phrases_walk_the_same_way(desk: Desk) -> None:
    rules.propose(desk, SOURCE)
    first = rules.approve(desk, "FP-06.site")
    rules.propose(desk, SOURCE.replace("不得指责客户", "不得责怪客户"))
    back = rules.send_back(desk, "FP-06.site", "原来的说法更清楚")
    assert back.proposed is None and back.state == "published"
    rules.propose(desk, SOURCE.replace("不得指责客户", "请勿指责客户"))
    rules.approve(desk, "FP-06.site")
    assert rules.put_back(desk, "FP-06.site", first.versions[0].id).proposed is None
    rules.retire(desk, "FP-06.site", "误报")
    rules.propose(desk, SOURCE)
    assert rules.approve(desk, "FP-06.site").state == "published"


def test_what_is_withdrawn_is_never_said_even_where_it_stands_on_the_shipped_one_itself(desk: Desk) -> None:
    shipped = next(one for one in library.phrases(desk).values() if one.value["code"] == "soothing")
    with desk.journal.transaction() as txn:
        value = {**shipped.value, "body": {"zh-CN": "没人看过的话"}, "withdrawn": True, "at": txn.now()}
        version = txn.write("phrase", shipped.id, root=shipped.id, patch={"version": value})
        txn.transition("phrase", shipped.id, "status", "publish", {"current": version})
    assert offered(desk, "soothing") == []


def test_a_reason_is_cleaned_and_kept_short_and_nothing_but_invisible_signs_is_none(desk: Desk) -> None:
    phrase_review.propose(desk, ROW)
    with pytest.raises(Refusal, match=r"phrase\.why"):
        phrase_review.send_back(desk, "shop.pickup", "\u200b")
    returned = phrase_review.send_back(desk, "shop.pickup", "第一行\n证件 11010519491231002X" + "长" * 300)
    assert returned.why.startswith("第一行 证件 [ID]") and len(returned.why) == 200
