"""The linter: spans of the original, merging, quotations, context, and incremental checks equal to whole ones."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.text.lexicon import Rule, rule_from
from agentdesk.text.lint import Context, Linter, LintSession, OpenRequest
from agentdesk.text.synthetic import synthetic_reply, synthetic_rules

from .numbers import luhn_complete, with_check

ID = with_check("11010519491231002")
CARD = luhn_complete("622202123456789012")
PIECES = st.sampled_from(
    [
        "不知道",
        "沒辦法",
        "您",
        "，",
        "。",
        "\n",
        "保本",
        "不",
        " ",
        "“",
        "”",
        "\u200b",
        "㎏",
        "请提供",
        "密码",
        "13800005678",
        ID,
        "随便",
        "✓",
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@given(TEXTS)
def test_findings_index_the_input_and_do_not_overlap(linter: Linter, text: str) -> None:
    found = linter.check(text)
    last = 0
    for item in found:
        assert last <= item.start < item.end <= len(text)
        last = item.end
        if item.category != "privacy":
            assert text[item.start : item.end] == item.text


@settings(max_examples=60)
@given(TEXTS, st.lists(st.tuples(st.integers(0, 200), st.integers(0, 12), PIECES), max_size=12))
def test_session_equals_whole_check_after_any_edits(
    linter: Linter, text: str, edits: list[tuple[int, int, str]]
) -> None:
    session = LintSession(linter)
    assert session.check(text) == linter.check(text)
    for place, removed, typed in edits:
        text = text[:place] + typed + text[place + removed :]
        assert session.check(text) == linter.check(text)


def test_span_covers_what_stands_between(linter: Linter) -> None:
    [found] = linter.check("我  不 知\u200b 道 了")
    assert (found.start, found.end, found.text) == (3, 9, "不 知\u200b 道")


def test_longest_and_gravest_wins(linter: Linter) -> None:
    assert [item.rule for item in linter.check("我们也没办法")] == ["FP-08"]
    assert [item.rule for item in linter.check("随你便吧")] == ["FP-07"]


def test_numbers_are_never_repeated_in_a_finding(linter: Linter) -> None:
    found = linter.check(f"证件{ID}卡{CARD}电话13800005678")
    assert [(item.rule, item.kind, item.text) for item in found] == [
        ("PV-01", "id_card", "[ID]"),
        ("PV-02", "bank_card", "[CARD]"),
        ("PV-05", "mobile", "138****5678"),
    ]
    assert [item.severity for item in found] == ["block", "block", "hint"]
    assert [item.replacement for item in found] == ["[ID]", "[CARD]", ""]


def test_quotation_excuses_tone_but_not_privacy_nor_an_own_red_line(linter: Linter) -> None:
    assert linter.check("您说的“随便”我理解") == []
    assert linter.check("> 你们就是不知道\n我来查询") == []
    assert linter.check("您说的“保本”我们做不到承诺") == []
    assert [item.rule for item in linter.check("这款“保本”产品很好")] == ["RL-02"]
    assert [item.rule for item in linter.check(f"您说的“{ID}”")] == ["PV-01"]


def test_a_number_over_two_lines_is_found_whole(linter: Linter) -> None:
    [found] = linter.check(f"{CARD[:8]}\n{CARD[8:]}")
    assert (found.start, found.end, found.rule) == (0, 20, "PV-02")


def test_foreign_numbers_only_where_a_request_is_open(linter: Linter) -> None:
    text = "张先生的电话是13900000002，订单号O-20240428-99"
    own = OpenRequest(frozenset({"139-0000-0002"}), frozenset({"o-20240428-99", "AD-K7-20260128-0007"}))
    other = OpenRequest(frozenset({"13800005678"}), frozenset({"O-20240428-31"}))
    assert "PV-03" not in {item.rule for item in linter.check(text)}
    assert "PV-03" not in {item.rule for item in linter.check(text, Context(open_request=own))}
    found = [item for item in linter.check(text, Context(open_request=other)) if item.rule == "PV-03"]
    assert [(item.kind, item.severity) for item in found] == [("mobile", "block"), ("order_no", "block")]
    models = "型号KFR-35GW-26，编号AD-K7-20260128-0007，订单尾号0428-99"
    assert linter.check(models, Context(open_request=own)) == []


def test_site_sets_the_severity(rules: list[Rule]) -> None:
    [found] = Linter(rules, {"FP-01": "block"}).check("不知道")
    assert found.severity == "block"


def test_channel_and_industry_of_a_rule() -> None:
    base = {"id": "X-1", "category": "cold", "severity": "warn", "why": "-", "patterns": ["亲亲"]}
    linter = Linter([rule_from({**base, "channels": ["phone"], "industries": ["finance"]})])
    assert linter.check("亲亲")
    assert linter.check("亲亲", Context(channel="phone", industry="finance"))
    assert not linter.check("亲亲", Context(channel="email"))
    assert not linter.check("亲亲", Context(industry="retail"))


def test_latin_terms_stand_alone() -> None:
    linter = Linter([rule_from({"id": "X", "category": "jargon", "severity": "hint", "why": "-", "patterns": ["API"]})])
    assert [item.text for item in linter.check("请调用ＡＰＩ，RAPID 和 apis 不算")] == ["ＡＰＩ"]


def test_collapsing_makes_no_other_word() -> None:
    linter = Linter(
        [rule_from({"id": "X", "category": "cold", "severity": "warn", "why": "-", "patterns": ["他妈的"]})]
    )
    assert not linter.check("他妈妈的手机")
    assert linter.check("他妈妈妈妈的")


def test_thousands_of_rules_find_the_same(rules: list[Rule], linter: Linter) -> None:
    many = Linter([*rules, *synthetic_rules(2_000)])
    text = "这个不知道，" + synthetic_reply(300) + "，保本"
    shipped = {(item.rule, item.start) for item in many.check(text) if not item.rule.startswith("SYN")}
    assert shipped == {(item.rule, item.start) for item in linter.check(text)}


NOTICE = {
    "id": "X-1", "category": "finance_yield", "severity": "warn", "why": "-", "patterns": ["理财", "基金"],
    "needs": ["风险"], "industries": ["finance"],
}  # fmt: skip


def test_words_that_are_needed_silence_a_rule_wherever_they_stand() -> None:
    linter = Linter([rule_from(NOTICE)])
    assert [one.text for one in linter.check("这款理财不错。那只基金也好。")] == ["理财"], "told once a text"
    assert linter.check("这款理财不错。理財有風險，請留意。") == []
    assert linter.check("理财", Context(industry="retail")) == []


@pytest.mark.parametrize(
    "text",
    ["预计{eta}完成", "预计｛ eta ｝完成", "{customer_title|客户}您好", "{?order_no}", "【姓名】您好", "XX先生，您好",
     "赔您xx元", "尊敬的，您好", "您好\n亲爱的：", "Dear , hello", "[date] at noon", "{姓名}您好", "｛订单号｝已发出",
     "{{customer_name}}您好", "{?快递单号 (选填)}", "{eta:date|今天}",
     "{ETA}前到", "${order_no}已发出", "%order_no%已发出", "<customer_name>您好",
     "[agent_name]", "尊敬的 先生，您好", " 女士您好", "Dear Mr. , hello", "Hello Ms., good morning", "敬愛的，",
     "您的【产品】已经发出", "按《》办理", "我是客服XX，很高兴为您服务", "○○先生您好", "OO小姐您好",
     "某某公司会联系您", "尊敬的某某，您好", "工号：XXXX", "预计____前完成", "原因是＿＿＿", "（待填写）"],
)  # fmt: skip
def test_what_was_not_filled_in_never_leaves(linter: Linter, text: str) -> None:
    assert ("TX-01", "block") in {(one.rule, one.severity) for one in linter.check(text)}
    assert not [one for one in linter.check(text, Context(template=True)) if one.rule == "TX-01"]


@pytest.mark.parametrize(
    "text", ["尊敬的王先生，您好", "型号XX-90和X先生", "{}", "【重要】您好", "a {b c} d", "亲爱的顾客，",
     "先生您好", "尊敬的 先生/女士，您好", "Hello, how are you", "【时间】明天下午三点", "请按“姓名+XX小区”的格式填写",
     "请填写：姓名____，电话____", "二〇〇〇年生产的", "一〇〇元", "尺码有XXL和XL", "文件名a___b",
     "请看《三包政策》", "$100"]
)  # fmt: skip
def test_what_only_looks_unfilled_passes(linter: Linter, text: str) -> None:
    assert linter.check(text) == []


def test_a_full_stop_ends_an_english_sentence() -> None:
    base = {"id": "X", "category": "cold", "severity": "warn", "why": "-", "patterns": ["cannot help", "not my job"]}
    linter = Linter([rule_from({**base, "allow": [{"before": ["never say"], "within": 12}]})])
    assert linter.check("We never say not my job") == []
    assert [one.text for one in linter.check("I never say. Not my job")] == ["Not my job"], (
        "excused by another sentence"
    )
    assert linter.check("I wish I could, but I cannot. Help is near") == []
    assert [one.text for one in linter.check("e.g. Not my job, v1.2 cannot help")] == ["Not my job", "cannot help"]


def test_an_expression_keeps_to_its_sentence_though_all_are_searched_at_once() -> None:
    """A class that takes whatever is not a letter, the end of a sentence, a look that sees the border."""
    base = {"id": "X", "category": "cold", "severity": "warn", "why": "-", "match": {"gaps": 40}}
    for expression, text, found in (
        ("保证[^不]{0,6}没事", "保证。都没事。保证都没事", ["保证都没事"]),
        ("保证[^不]{0,6}没事", "保证；保证都没事", ["保证都没事"]),
        ("密码是$", "密码是。您的密码是多少？密码是\n", ["密码是", "密码是"]),
        ("^随便", "您随便看。随便", ["随便"]),
        ("没事(?![^了])", "没事。没事啊。没事了！没事", ["没事", "没事", "没事"]),
        ("(?<![^我])没事", "没事。啊没事。我没事", ["没事", "没事"]),
        ("一.二", "一。二。一三二", ["一三二"]),
    ):
        linter = Linter([rule_from({**base, "regex": [expression]})])
        assert [one.text for one in linter.check(text)] == found, expression
        assert LintSession(linter).check(text) == linter.check(text)


def test_a_request_and_its_object_are_of_one_sentence() -> None:
    pair = {"verb": "(?:发我|报一下)", "noun": "(?<!改)密码", "within": 12}
    rule = {"id": "X", "category": "privacy", "severity": "block", "why": "-", "pair": pair}
    linter = Linter([rule_from(rule)])
    assert [one.text for one in linter.check("请报一下。密码发我！报一下您的密码。改密码发我")] == [
        "密码发我",
        "报一下您的密码",
    ]


def test_a_request_that_goes_on_asks_for_what_stands_there() -> None:
    pair = {"verb": "(?:发我|报一下)", "noun": "密码", "within": 12, "instead": ["订单", "尾号"]}
    rule = {"id": "X", "category": "privacy", "severity": "block", "why": "-", "pair": pair}
    linter = Linter([rule_from(rule)])
    for text in ("密码不用，发我订单号", "密码您留着：报一下尾号就行"):
        assert linter.check(text) == []
    for empty in ({**pair, "instead": [""]}, {**pair, "between": [""]}):
        assert Linter([rule_from({**rule, "pair": empty})]).check("密码，发我微信")
    spelled = Linter([rule_from({**rule, "pair": {**pair, "instead": ["訂單", "APP"]}})])
    assert spelled.check("密碼不用，發我訂單號。密码不用，发我app号") == []
    for text in ("密码，发我微信", "密码，发我", "密码发我订单号也发我", "发我密码，订单号", "报一下密码和尾号"):
        assert [one.rule for one in linter.check(text)] == ["X"], text


QUOTED, CLOSED = "客户“说过的话没人”管我，", "客户说过的话没人”管我，"


@pytest.mark.parametrize("times", [3, 40, 70, 200])
def test_a_quotation_is_looked_at_wherever_a_hit_stands(times: int) -> None:
    """The same letters around a hit are another thing where a quotation begins further back."""
    rule = {"id": "X", "category": "cold", "severity": "block", "why": "-", "patterns": ["没人管我"]}
    linter = Linter([rule_from(rule)])
    assert len(linter.check(QUOTED * times + CLOSED + QUOTED)) == 1
    assert len(linter.check(CLOSED * times + QUOTED + CLOSED)) == times + 1


@pytest.mark.parametrize("before", ["他说“好的。", '他说"好的！', "他说「好的\n", "他说“好的?", "他说“好的；", ""])
@pytest.mark.parametrize("mark", ["”", '"', "」"])
def test_a_quotation_of_another_sentence_ends_in_none(before: str, mark: str) -> None:
    rule = {"id": "X", "category": "cold", "severity": "block", "why": "-", "patterns": ["没人管我"]}
    linter = Linter([rule_from(rule)])
    session = LintSession(linter)
    session.check(before)
    text = f"{before}没人{mark}管我。"
    assert len(session.check(text)) == len(linter.check(text)) == 1


SENTENCES = st.sampled_from(
    ["保证", "[不]", "没事", "我不知道", "不归我管", "。", "！", "?", "\n", "，", "ok. and", "o1", "zhi",
     "dao", "乾隆", "發", "｡", "；", "“", "”", "不", "ﷺ", "㎏", "请提供", "密码", "是", "银行卡号是", "收益"]
)  # fmt: skip


def test_repeats_of_one_sentence_are_none_of_another() -> None:
    rule = {"id": "X", "category": "cold", "severity": "warn", "why": "-", "patterns": ["呵呵呵"]}
    linter = Linter([rule_from(rule)])
    assert linter.check("呵。不不知道。呵") == []
    assert [one.text for one in linter.check("呵呵，不不知道。呵，呵呵呵")] == ["呵呵", "呵，呵呵呵"]


@settings(max_examples=200)
@given(st.lists(SENTENCES, max_size=40).map("".join))
def test_sentences_judged_together_are_judged_as_if_alone(linter: Linter, text: str) -> None:
    """Word rules alone: quotations and numbers may span sentences."""
    hits = [(hit.start, hit.end, hit.rule.id, hit.lane) for hit in linter._matcher.match(text)]
    alone = []
    start = 0
    for part in re.findall("[^。！？!?；;\n]*[。！？!?；;\n]+|[^。！？!?；;\n]+", text):
        alone += [(start + one.start, start + one.end, one.rule.id, one.lane) for one in linter._matcher.match(part)]
        start += len(part)
    assert sorted(hits) == sorted(alone)
