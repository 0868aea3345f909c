"""The phases of a contact: what was said in each, and what lint makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import contacts, phases, phrases, reading, reply
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import REQUIRED_STEPS

CURT = "炒锅要斜放进去，经常用大锅就选十三套的那一款，两款的尺寸和价格都在商品页面的参数表里，按厨房的宽度挑选"
AGAIN = "我正在核对这笔订单的记录。"


def rules(desk: Desk, request_id: str, text: str) -> list[str]:
    return [one.rule for one in reply.findings(desk, request_id, text)]


def test_a_message_belongs_to_its_phrase_or_to_the_step_that_came_next(desk: Desk, request_b: str) -> None:
    (thanks,) = [one for one in phrases.search(desk, "谢谢您把情况", request_b) if one.code == "thanks"]
    reply.send(desk, request_b, "第一句")
    reply.tick(desk, request_b, "K1")
    reply.send(desk, request_b, "第二句")
    reply.send(desk, request_b, thanks.text, phrases=[thanks.version])
    said = phases.said(desk, reading.load(desk, request_b))
    assert {step: texts for step, texts in said.items() if texts} == {
        "K1": ["第一句"],
        "K2": ["第二句"],
        "K7": [thanks.text],
    }


def test_a_phase_without_a_polite_word_is_hinted_at_until_it_has_one(desk: Desk, request_b: str) -> None:
    assert rules(desk, request_b, CURT) == ["TX-02"]
    reply.send(desk, request_b, "您好，请讲")
    assert rules(desk, request_b, CURT) == [], "the phase has one"
    reply.tick(desk, request_b, "K1")
    assert rules(desk, request_b, CURT) == ["TX-02"], "the next phase has none yet"


def test_a_hint_neither_asks_nor_counts(desk: Desk, request_b: str) -> None:
    sent = reply.send(desk, request_b, CURT)
    assert sent.confirmed == 0
    counted = desk.store.raw().execute("SELECT count(*) FROM log_fact WHERE lint_counted IS NOT NULL").fetchone()
    assert counted[0] == 0


def test_the_end_of_a_contact_names_the_steps_that_were_curt(desk: Desk, request_b: str) -> None:
    reply.send(desk, request_b, "您好，很高兴为您服务")
    reply.tick(desk, request_b, "K1")
    reply.send(desk, request_b, CURT)
    with pytest.raises(Refusal) as told:
        contacts.end(desk, request_b)
    assert told.value.args["curt"] == ("K2",) == contacts.curt(desk, request_b)
    for step in REQUIRED_STEPS:
        reply.tick(desk, request_b, step)
    assert contacts.end(desk, request_b) == (), "a hint holds up nobody"


def test_the_emotion_of_the_record_decides_what_comfort_takes(desk: Desk, request_a: str, request_b: str) -> None:
    text = "非常抱歉，洗衣机漏水给您添了麻烦，这是我们的问题"
    (found,) = reply.findings(desk, request_a, text)
    assert (found.rule, found.missing) == ("TX-03", ("action", "follow"))
    assert rules(desk, request_b, text) == [], "a calm customer"


def test_a_sentence_typed_for_the_third_time_is_remarked(desk: Desk, clock: Any, request_b: str) -> None:
    for _ in range(2):
        assert rules(desk, request_b, AGAIN) == []
        reply.send(desk, request_b, AGAIN)
    assert rules(desk, request_b, AGAIN) == ["TX-05"]
    contacts.end(desk, request_b, confirmed=True)
    clock.go(60)
    contacts.hear(desk, request_b, "我又来了")
    assert rules(desk, request_b, AGAIN) == [], "a new contact counts anew"
