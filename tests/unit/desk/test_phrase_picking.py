"""Phrases under the fingers: found by what is typed, ordered by what is said, worded in turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.desk import own_phrases, phrase_rank, phrases, plan, reply, variables
from agentdesk.desk.context import Desk
from agentdesk.desk.library import Published
from agentdesk.desk.phrase_search import PhraseIndex
from agentdesk.desk.views import PlanStep
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import EMOTIONS, SCENARIOS, STEPS
from agentdesk.present import labels

NAMES = {
    f"{kind}:{code}": labels.label(kind, code)
    for kind, codes in (("scenario", SCENARIOS), ("step", STEPS), ("emotion", EMOTIONS))
    for code in codes
}


def found(desk: Desk, words: str, request_id: str | None = None) -> list[str]:
    return [one.code for one in phrases.search(desk, words, request_id, 99, NAMES)]


# -- finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "道歉", "daoqian", "dq", "DQ", "daoq", "dao qian", "ｄｑ", "apology", "Apology: name",
        "K3 道歉", "k3 dq", "费心", "費心", "让您受累",
    ],
)  # fmt: skip
def test_an_apology_is_found_by_whatever_one_types(desk: Desk, words: str) -> None:
    assert "apology" in found(desk, words)


def test_every_word_must_hold(desk: Desk) -> None:
    assert "apology" not in found(desk, "K5 道歉")
    assert {one.step for one in phrases.search(desk, "K6", None, 99, NAMES)} == {"K6"}


def test_an_emotion_is_found_by_its_word_and_its_code(desk: Desk) -> None:
    for words in (labels.label("emotion", "angry"), "angry"):
        assert "boundary" in found(desk, words)


def test_a_character_of_several_readings_is_found_by_each(desk: Desk) -> None:
    for words in ("单曾", "danceng", "shanzeng", "chanceng", "dc", "sz"):
        index = PhraseIndex([_phrase("1", "单曾的说法")], {})
        assert [one.id for _, one in index.find(words)] == ["1"], words
    assert index.find("anceng") == [], "a syllable is not begun in its middle"


def test_the_title_stands_before_its_pinyin_before_the_scenario_before_the_text() -> None:
    index = PhraseIndex(
        [
            _phrase("body", "甲", body="这里说 dq 二字"),
            _phrase("about", "乙", scenario="apology"),
            _phrase("pinyin", "道歉一下"),
            _phrase("title", "dq 模板"),
        ],
        {"scenario:apology": "道歉"},
    )
    assert [one.id for _, one in sorted(index.find("dq"), key=lambda hit: hit[0])] == [
        "title",
        "pinyin",
        "about",
        "body",
    ]


def test_what_is_found_no_other_way_is_asked_of_the_index(desk: Desk) -> None:
    assert found(desk, "漏水断电") != [], "words in any order"
    assert found(desk, "\ud800") == []


def test_a_new_personal_phrase_is_found_at_once(desk: Desk) -> None:
    assert "" not in found(desk, "bxk")
    own_phrases.save(desk, "保修卡", "保修卡请您保留好。")
    assert found(desk, "bxk") == [""]


def _phrase(name: str, title: str, *, body: str = "文", scenario: str = "", **more: Any) -> Published:
    value = {"title": {"zh-CN": title}, "body": {"zh-CN": body}, "scenario": scenario, **more}
    return Published(name, f"v-{name}", value, (), (), None, 0)  # type: ignore[arg-type]


# -- ordering ---------------------------------------------------------------------------------------------------------


def test_what_is_said_often_stands_before_its_like_and_says_why(desk: Desk, request_a: str) -> None:
    def order() -> list[str]:
        return [one.code for one in phrases.fitting(desk, request_a, step="K7", limit=99)]

    before = order()
    late = next(one for one in phrases.fitting(desk, request_a, step="K7", limit=99) if one.code == before[-1])
    for _ in range(2):
        reply.send(desk, request_a, "感谢您的反馈。", phrases=(late.version,))
    assert order().index(late.code) < before.index(late.code)
    (now,) = [one for one in phrases.fitting(desk, request_a, step="K7", limit=99) if one.id == late.id]
    assert ("own", 2) in now.reasons


def test_what_the_contact_heard_three_times_sinks_but_stays(desk: Desk, request_a: str) -> None:
    first = phrases.fitting(desk, request_a)[0]
    own_phrases.favour(desk, first.id)
    for _ in range(own_phrases.OFTEN):
        reply.send(desk, request_a, "您好，请讲。", phrases=(first.version,))
    listed = phrases.fitting(desk, request_a, limit=999)
    assert listed[-1].id == first.id and listed[-1].reasons[0] == ("often", 3)


def test_favourites_keep_the_digit_that_they_were_given(desk: Desk, request_b: str) -> None:
    chosen = [phrases.fitting(desk, request_b, step=step, limit=99)[-1].id for step in ("K7", "K1", "K6")]
    for one in chosen:
        own_phrases.favour(desk, one)
    assert [one.id for one in phrases.fitting(desk, request_b)][:3] == chosen


def test_a_phrase_without_the_language_stands_behind_those_that_have_it(desk: Desk) -> None:
    kept = own_phrases.save(desk, "保修卡", "保修卡请您保留好。")
    desk.spoken = "en"
    assert phrases.fitting(desk, limit=999)[-1].id == kept


@given(st.lists(st.tuples(st.sampled_from(["", *STEPS]), st.integers(0, 4), st.booleans(), st.booleans()), max_size=12))
def test_ordering_hides_nothing(rows: list[tuple[str, int, bool, bool]]) -> None:
    known = [_phrase(str(at), "题", step=step, personal=own) for at, (step, _, own, _) in enumerate(rows)]
    uses = {f"v-{at}": phrase_rank.Use(count, count, count) for at, (_, count, _, _) in enumerate(rows)}
    favoured = {str(at): at for at, (_, _, _, favourite) in enumerate(rows) if favourite}
    now = phrase_rank.Setting(None, "K3", "zh-CN", {}, favoured, {"v-0": 3}, uses, {})
    ordered = sorted(known, key=lambda one: phrase_rank.rank(one, now))
    assert {one.id for one in ordered} == {one.id for one in known}
    kept = [one.id for one in ordered if one.id in favoured and one.id != "0"]
    assert kept == sorted(kept, key=int), "favourites in their own order"


def test_uses_are_counted_once_and_for_the_one_who_said_it(desk: Desk, request_b: str) -> None:
    first = phrases.fitting(desk, request_b)[0]
    reply.send(desk, request_b, "您好，请讲。", phrases=(first.version,))
    conn = desk.store.raw()
    assert conn.execute("SELECT version, person, uses FROM phrase_tally").fetchall() == [
        (first.version, desk.me.person_id, 1)
    ]
    now = phrase_rank.setting(desk, request_b)
    assert now.uses[first.version].own == 1 and now.uses[first.version].team == 0
    assert abs(now.uses[first.version].last - desk.now().timestamp() * 1000) < 1000


# -- wordings ---------------------------------------------------------------------------------------------------------


def wording(desk: Desk, code: str, request_id: str) -> tuple[int, str]:
    (one,) = [one for one in phrases.fitting(desk, request_id, limit=999) if one.code == code]
    return one.variant, one.body


def test_wordings_take_turns_in_a_contact(desk: Desk, request_a: str, request_b: str) -> None:
    (view,) = [one for one in phrases.fitting(desk, request_a, limit=999) if one.code == "soothing"]
    assert view.variants == 3
    seen = []
    for _ in range(4):
        variant, body = wording(desk, "soothing", request_a)
        own_phrases.used(desk, request_a, view.id, view.version, variant)
        seen.append(body)
    assert len(set(seen[:3])) == 3 and seen[3] == seen[0]


def test_the_contact_counts_before_the_agent(desk: Desk, request_a: str, request_b: str) -> None:
    (view,) = [one for one in phrases.fitting(desk, request_a, limit=999) if one.code == "thanks"]
    assert view.variants == 2
    own_phrases.used(desk, request_a, view.id, view.version, 0)
    own_phrases.used(desk, request_b, view.id, view.version, 1)
    assert wording(desk, "thanks", request_a)[0] == 1, "this customer heard the first"
    assert wording(desk, "thanks", request_b)[0] == 0


def test_another_wording_is_one_of_them(desk: Desk, request_a: str) -> None:
    (view,) = [one for one in phrases.fitting(desk, request_a, limit=999) if one.code == "thanks"]
    turns = [phrases.fill(desk, view.id, {}, request_a, number) for number in (0, 1, 2, -1)]
    assert [one.variant for one in turns] == [0, 1, 0, 1]
    assert turns[0].text != turns[1].text


# -- blanks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "typed", "language", "said"),
    [
        ("date", "明天", "zh-CN", "1月29日"),
        ("date", "2027-01-03", "zh-TW", "2027年1月3日"),
        ("date", "tomorrow", "en", "29 January"),
        ("time", "下午3点", "en", "15:00"),
        ("moment", "明天 9:00", "zh-CN", "1月29日09:00"),
        ("number", "１５", "zh-CN", "15"),
        ("money", "50", "zh-CN", "50元"),
        ("money", "50.5", "en", "50.50 yuan"),
        ("", " 材料 ", "zh-CN", "材料"),
    ],
)
def test_what_is_typed_is_written_as_the_language_writes_it(
    desk: Desk, form: str, typed: str, language: str, said: str
) -> None:
    assert variables.said_as(form, typed, language, desk.now()) == said


@pytest.mark.parametrize("form", ["date", "time", "moment", "number", "money"])
def test_what_is_none_is_refused_by_its_kind(desk: Desk, form: str) -> None:
    with pytest.raises(Refusal) as refused:
        variables.said_as(form, "尽快", "zh-CN", desk.now())
    assert refused.value.code == f"blank.{form}"


def test_an_instant_that_is_known_has_its_faces(desk: Desk, request_a: str) -> None:
    steps = [PlanStep("上门检查", "", desk.now() + timedelta(hours=2))]
    plan.tell(
        desk, request_a, steps=steps, finish=desk.now() + timedelta(hours=4), verified_how="asked", interim="请关水。"
    )
    known = phrases.known(desk, request_a)
    assert (known["eta"], known["eta:date"], known["eta:time"]) == ("1月28日14:30", "1月28日", "14:30")


def test_what_is_known_stands_ready_for_a_question(desk: Desk, request_a: str) -> None:
    (view,) = [
        one for one in phrases.search(desk, "订单编号请客户确认", request_a) if one.code == "identity_check.order"
    ]
    assert view.open == ("?order_no",) and "O-20240428-31" in view.text
    assert view.known == {"?order_no": "O-20240428-31"}
    done = phrases.fill(desk, view.id, {"?order_no": "O-2"}, request_a)
    assert done.open == () and "O-2" in done.text and "O-20240428" not in done.text
