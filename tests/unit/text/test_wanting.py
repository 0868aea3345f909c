"""What a text lacks: parts by name, asked of whom they are meant for, once a phase, and what was said too often."""

from __future__ import annotations

import pytest

from agentdesk.domain import vocabulary
from agentdesk.text.lexicon import EMOTIONS, rule_from
from agentdesk.text.lint import Context, Finding, Linter, LintSession
from agentdesk.text.repeats import said_often

UPSET = Context(emotion="angry")
APOLOGY = "非常抱歉，洗衣机漏水给您添了麻烦，这是我们的问题"
LONG = "炒锅要斜放进去，经常用大锅就选十三套的那一款，两款的尺寸和价格都在商品页面的参数表里，按厨房的宽度挑选"
POLITE = frozenset(("TX-02",))


def only(found: list[Finding], rule: str) -> Finding:
    """The one finding, which must be of this rule."""
    assert [one.rule for one in found] == [rule]
    return found[0]


def test_the_emotions_are_those_of_the_record() -> None:
    assert EMOTIONS == vocabulary.EMOTIONS


def test_the_missing_parts_are_named_and_a_sentence_stands_ready_for_them(linter: Linter) -> None:
    found = only(linter.check(APOLOGY, UPSET), "TX-03")
    assert (found.text, found.missing, found.severity) == ("非常抱歉", ("action", "follow"), "hint")
    assert found.adds and found.template == "接下来我们会{action}。这件事全程由我跟进。" and found.replacement == ""
    half = only(linter.check(APOLOGY + "。接下来我们会安排师傅上门", UPSET), "TX-03")
    assert half.missing == ("follow",) and half.replacement == "这件事全程由我跟进。"
    assert linter.check(APOLOGY + "。接下来我们会安排师傅上门，由我跟进。", UPSET) == []


@pytest.mark.parametrize("emotion", ["", "calm"])
def test_who_is_not_upset_needs_no_comfort(linter: Linter, emotion: str) -> None:
    assert linter.check(APOLOGY, Context(emotion=emotion)) == []


def test_the_words_of_taiwan_are_answered_in_its_script(linter: Linter) -> None:
    text = "非常抱歉，這次造成您的困擾，是因為倉庫貼錯了標籤，我會請倉庫補寄"
    assert only(linter.check(text, UPSET), "TX-03").replacement == "這件事全程由我跟進。"


def test_english_is_answered_in_english(linter: Linter) -> None:
    text = "I am very sorry for the trouble the leak caused you. We will send a technician tomorrow."
    found = only(linter.check(text, UPSET), "TX-03.en")
    assert found.missing == ("follow",) and found.replacement == "I will follow it all the way."
    both = only(linter.check(text.partition(". ")[0], UPSET), "TX-03.en")
    assert both.template == "Next we will {action}. I will follow it all the way."


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("您的包裹会延误", ("reason", "time", "action")),
        ("因为暴雨，您的包裹会延误，我会继续跟进", ("time",)),
        ("您的訂單會延後出貨，預計下週三到，這段時間我會為您追蹤", ("reason",)),
        ("Your parcel is delayed because of heavy rain", ("time", "action")),
    ],
)
def test_a_notice_of_delay_says_which_part_it_lacks(linter: Linter, text: str, missing: tuple[str, ...]) -> None:
    [found] = linter.check(text, Context(emotion="calm"))
    assert (found.category, found.severity, found.missing) == ("delay", "hint", missing)
    [upset] = linter.check(text, UPSET)
    assert upset.missing == (*missing, "compensation"), "who is upset is offered one"


def test_a_phrase_is_a_part_of_a_message_and_lacks_none(linter: Linter) -> None:
    assert linter.check(APOLOGY, Context(emotion="angry", template=True)) == []


@pytest.mark.parametrize(
    ("text", "rule", "notice"),
    [
        ("这款基金很受欢迎", "RL-02.notice", "投资有风险"),
        ("這檔基金很受歡迎", "RL-02.notice", "投資有風險"),
        ("目前的殖利率約百分之四", "RL-02.notice.tw", "投資有風險"),
        ("Your portfolio is ready", "RL-02.notice.en", "Investing carries risk"),
    ],
)
def test_talk_of_yield_wants_its_notice_in_finance_alone(linter: Linter, text: str, rule: str, notice: str) -> None:
    found = only(linter.check(text, Context(industry="finance")), rule)
    assert found.severity == "warn" and found.adds and found.replacement.startswith(notice)
    assert linter.check(f"{text}. {found.replacement}", Context(industry="finance")) == []
    assert linter.check(text, Context(industry="retail")) == []


def test_a_polite_word_is_asked_for_once_a_phase(linter: Linter) -> None:
    found = only(linter.check(LONG, Context(due=POLITE)), "TX-02")
    assert (found.severity, found.start, found.end) == ("hint", 0, 1)
    assert linter.check(LONG + "，麻烦您看一下", Context(due=POLITE)) == []
    assert linter.check(LONG) == [], "nobody knows the phase"
    for short in ("O-20240428-31", "下午三点前送到", "   ", "。"):
        assert linter.check(short, Context(due=POLITE)) == []
    assert linter.due([]) == linter.due([LONG]) == linter.unmet([LONG]) == POLITE
    assert linter.due([LONG, "好的，谢谢您"]) == frozenset() == linter.unmet([LONG, "好的，谢谢您"])
    assert linter.unmet([]) == linter.unmet(["下午三点前送到"]) == frozenset(), "too little was written to judge"
    assert linter.due(["已经提交加急申请"]) == POLITE, "申请 is no 请"


def test_what_was_said_twice_is_remarked_the_third_time(linter: Linter) -> None:
    said = ["我正在为您核对记录，大约五分钟。", "好的。 我正在為您核對記錄，大約五分鐘！", "好的。"]
    often = said_often(said)
    text = "好的。\n 我正在为您核对记录 ，大约五分钟 。谢谢您"
    found = only(linter.check(text, Context(often=often)), "TX-05")
    assert (found.text, found.severity) == ("我正在为您核对记录 ，大约五分钟", "hint")
    assert linter.check(text, Context(often=said_often(said[:1]))) == []
    assert said_often(["您好您好您好您好。" * 5]) == frozenset(), "within one message it counts once"


def test_a_session_tells_the_same(linter: Linter) -> None:
    where = Context(emotion="anxious", due=POLITE, often=said_often([APOLOGY, APOLOGY]), industry="finance")
    session = LintSession(linter, where)
    for text in ("", APOLOGY, APOLOGY + "。" + LONG, LONG + "\n这款理财", APOLOGY):
        assert session.check(text) == linter.check(text, where)


def test_a_latin_word_that_is_needed_stands_alone_and_a_pattern_may_have_a_slot() -> None:
    rule = rule_from(
        {
            "id": "X-1", "category": "delay", "severity": "hint", "why": "-", "patterns": ["late"],
            "needs": [
                {"part": "when", "words": ["by {1,8}day"]},
                {"part": "why", "words": ["rain"], "unless": ["rain check"]},
            ],
        }
    )  # fmt: skip
    linter = Linter([rule])

    def missing(text: str) -> tuple[str, ...]:
        return next((one.missing for one in linter.check(text)), ())

    assert missing("late by Friday, rain") == ()
    assert missing("late, a baby sees the day, trains") == ("when", "why")
    assert missing("late by Monday, a rain check") == ("why",)
