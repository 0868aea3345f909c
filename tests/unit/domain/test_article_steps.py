"""Steps of an article: who and within what time at their end, numbers of a text where an article names none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.domain.article_steps import Step, numbered, parse, span_of, steps_of, written


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("告知技术 @主管 +10m", Step("告知技术", "主管", timedelta(minutes=10))),
        ("告知技术 +2h @主管", Step("告知技术", "主管", timedelta(hours=2))),
        ("立即安抚 +0m", Step("立即安抚", "", timedelta(0))),
        ("观察 +2D", Step("观察", "", timedelta(days=2))),
        ("写信到 a@b.example", Step("写信到 a@b.example")),
        ("加 +3 分", Step("加 +3 分")),
        ("@主管", Step("@主管")),
        ("+10m", Step("+10m")),
    ],
)
def test_what_stands_at_the_end_says_who_and_when(line: str, step: Step) -> None:
    assert parse(line) == step


@given(
    st.text("甲乙丙丁abc", min_size=1, max_size=20),
    st.sampled_from(["", "主管", "8021"]),
    st.one_of(st.none(), st.integers(0, 999).map(lambda count: timedelta(minutes=count))),
)
def test_what_is_written_is_read_again(text: str, actor: str, within: timedelta | None) -> None:
    assert parse(written(Step(text, actor, within))) == Step(text, actor, within)


@pytest.mark.parametrize(("minutes", "said"), [(0, "0m"), (30, "30m"), (120, "2h"), (90, "90m"), (2880, "2d")])
def test_a_span_is_written_in_its_largest_unit(minutes: int, said: str) -> None:
    assert span_of(timedelta(minutes=minutes)) == said


def test_an_articles_own_steps_come_before_the_numbers_of_its_text() -> None:
    body = "前言\n1. 打开**设置**\n   再点关于\n2) 见 [[a|另一篇]]\n```\n3. 代码\n```\n4、最后\n- 5. 不是\n"
    assert numbered(body) == ["打开设置再点关于", "见 另一篇", "最后"]
    assert steps_of(["  ", "自己的 +1h"], body) == (Step("自己的", "", timedelta(hours=1)),)
    assert [step.text for step in steps_of([], body)] == numbered(body)
    assert steps_of([], "没有编号") == ()


def test_a_step_is_said_without_marks_and_keeps_its_words() -> None:
    assert steps_of(["`set__mode__on` 后看[[a.b|固件页]]**更新** @主管"], "") == (
        Step("set__mode__on 后看固件页更新", "主管"),
    )
    assert steps_of(["输入 set__mode__on，2**10"], "")[0].text == "输入 set__mode__on，2**10"
