"""Sentences that sound like a forbidden wording are hinted at: never more, at exact places, the same every time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.desk.library import shipped_linter, shipped_rules, yielding
from agentdesk.text.lexicon import rule_from
from agentdesk.text.likeness import LEAST, Model, features, parts, shipped
from agentdesk.text.lint import Context, Linter, LintSession

RULE = {
    "id": "X-1",
    "category": "evasion",
    "severity": "block",
    "why": "-",
    "patterns": ["不归我管"],
    "replace": ["我来跟进"],
}
LINTER = Linter([rule_from(RULE)])
ON = Context(likeness=True)
LIKE = "这种事情您应该去问厂家"
"""Sounds like an evasion, and the one rule here does not hold it."""


def small(threshold: int = 0) -> Model:
    """A model that knows one pair of neighbours."""
    return Model({"": (-900, "a10"), "甩 锅": (9_000, "b4000"), "我": (-10, "")}, threshold)


def test_what_weighs_most_is_named_with_its_category() -> None:
    found = small().judge("我先说一句甩锅了吧！！")
    assert found is not None
    assert ("我先说一句甩锅了吧！！"[found.start : found.end], found.category) == ("甩锅", "cold")


def test_below_the_threshold_nothing_is_said() -> None:
    assert small(9_000).judge("我先说一句甩锅了吧") is None


def test_short_fragments_and_other_languages_are_not_judged() -> None:
    assert len("先甩锅了吧") < LEAST
    assert small(-9_000).judge("先甩锅了吧") is None
    assert small(-9_000).judge("Please ask somebody else about it.") is None


def test_a_hint_takes_the_place_of_no_finding_and_speaks_for_its_category() -> None:
    text = f"您好。{LIKE}！不归我管。"
    found = LINTER.check(text, ON)
    assert [(one.rule, one.severity, one.lane) for one in found] == [
        ("X-1", "hint", "likeness"),
        ("X-1", "block", "text"),
    ]
    hint = found[0]
    assert text[hint.start : hint.end] == hint.text
    assert hint.text in LIKE
    assert (hint.category, hint.replacement) == ("evasion", "我来跟进")


def test_a_sentence_in_which_something_was_found_is_not_judged_again() -> None:
    assert [one.lane for one in LINTER.check(f"{LIKE}，不归我管", ON)] == ["text"]


def test_it_can_be_turned_off() -> None:
    assert LINTER.check(LIKE, ON)
    assert LINTER.check(LIKE, Context()) == []


def test_no_rule_of_the_category_no_hint() -> None:
    assert Linter([]).check(LIKE, ON) == []
    elsewhere = Linter([rule_from({**RULE, "industries": ["finance"]})])
    assert elsewhere.check(LIKE, Context(likeness=True, industry="retail")) == []


GOOD = "不归我管也得先给您问明白，我现在就去问，下午回您"
"""Sounds right, though a rule's words stand in it."""


def warning(**more: object) -> Linter:
    """The one rule as a warning."""
    return Linter([rule_from({**RULE, "severity": "warn", **more})], yielding=["X-1"])


def test_a_warning_is_a_hint_where_what_is_around_sounds_right() -> None:
    text = f"{GOOD}。这事儿不归我管，您找厂家去。"
    found = warning().check(text, ON)
    assert [(one.text, one.severity, one.lane) for one in found] == [
        ("不归我管", "hint", "eased"),
        ("不归我管", "warn", "text"),
    ]
    assert LintSession(warning(), ON).check(text) == found


BAD = "这事儿不归我管，您找厂家去"
AROUND = "您的订单我已经查到了，包裹今天下午会送到，师傅到之前给您打电话，请您保持手机畅通，签收时请您看一下外包装"


@pytest.mark.parametrize("text", [f"{AROUND}，{BAD}", f"{BAD}，{AROUND}", f"{AROUND}，{BAD}，{AROUND}"])
def test_good_clauses_around_a_violation_do_not_make_it_milder(text: str) -> None:
    assert [one.severity for one in warning().check(text, ON)] == ["warn"]
    assert shipped().is_fine(AROUND, 0, 4), "they do sound right"


def test_what_is_around_is_a_clause_before_and_one_behind() -> None:
    model = Model({"": (0, ""), "坏": (9_000, "")}, 0, 0)
    clause = "今天下午回您"
    assert not model.is_fine(f"这{clause}坏，{clause}", 0, 1)
    assert not model.is_fine(f"{clause}，{clause}坏", 0, 1)
    assert not model.is_fine(f"{clause}坏，{clause}", 9, 10)
    assert model.is_fine(f"{clause}，{clause}，{clause}坏", 0, 1)
    assert model.is_fine(f"{clause}坏，{clause}，{clause}", 16, 17)
    assert not model.is_fine("不行", 0, 2), "too short to be judged"


@pytest.mark.parametrize(
    ("linter", "context"),
    [
        (LINTER, ON),
        (Linter([rule_from({**RULE, "severity": "warn"})]), ON),
        (Linter([rule_from(RULE)], {"X-1": "warn"}, ["X-1"]), ON),
        (warning(), Context()),
    ],
    ids=["a block", "a rule that does not yield", "a severity of the site's", "turned off"],
)
def test_nothing_else_is_milder(linter: Linter, context: Context) -> None:
    before = [one._replace(severity="") for one in LINTER.check(GOOD)]
    found = linter.check(GOOD, context)
    assert [one._replace(severity="") for one in found] == before
    assert found[0].severity in ("warn", "block")


def test_a_rule_of_the_site_does_not_yield() -> None:
    shipped = next(rule for rule in shipped_rules() if rule.id == "FP-02")
    assert "FP-02" in yielding(shipped_rules())
    assert "FP-02" not in yielding([replace(shipped, why="-")])


def test_what_the_customer_said_is_not_judged() -> None:
    assert LINTER.check(f"“{LIKE}”", ON) == []


def test_a_traditional_text_is_answered_in_its_script() -> None:
    rule = rule_from({**RULE, "replace": ["我来为您处理"]})
    (hint,) = Linter([rule]).check("這種事情您應該去問廠家", ON)
    assert (hint.lane, hint.replacement) == ("likeness", "我來為您處理")


@pytest.mark.parametrize("text", ["您的包裹预计后天送到，请留意短信", "我帮您问一下仓库，十分钟后回复您"])
def test_good_sentences_pass(text: str) -> None:
    assert shipped_linter().check(text, ON) == []


def test_each_feature_is_told_once() -> None:
    names = features(parts("问问问问问问问"))
    assert len(names) == len(set(names))
    assert {"问", "问 问", "问  问", "^ 问", "问 $"} <= set(names)


PIECES = st.sampled_from(
    [LIKE, "不归我管", "您好", "。", "，", "！", "\n", "“", "”", "ok ", "１２", "🙂", "這種事您自己處理", "\u200b"]
)


@settings(max_examples=200)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=12).map("".join))
def test_never_above_a_hint_and_nothing_else_changes(text: str) -> None:
    plain, found = LINTER.check(text), LINTER.check(text, ON)
    alike = [one for one in found if one.lane == "likeness"]
    assert [one for one in found if one.lane != "likeness"] == plain
    assert {one.severity for one in alike} <= {"hint"}
    assert all(text[one.start : one.end] == one.text != "" for one in alike)
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
    session = LintSession(LINTER, ON)
    session.check(text[: len(text) // 2])
    assert session.check(text) == found == LINTER.check(text, ON)
