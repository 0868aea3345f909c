"""Phrase variables: filled as data, never left as braces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentdesk.text.templates import fill, open_variables, variables


def test_known_and_open_variables() -> None:
    greeting = "您好，这里是客服{agent_name}，工号{work_no}，{agent_name}为您服务"
    assert variables(greeting) == ["agent_name", "work_no"]
    assert open_variables(greeting, {"agent_name": "张敏", "work_no": " "}) == ["work_no"]
    assert fill(greeting, {"agent_name": "张敏", "work_no": "8021"}) == "您好，这里是客服张敏，工号8021，张敏为您服务"


def test_values_are_data() -> None:
    assert fill("{need}", {"need": "{work_no}", "work_no": "8021"}) == "（work_no）"


@given(st.text(alphabet="{}ab_1您 ", max_size=40), st.dictionaries(st.sampled_from("ab"), st.text(max_size=8)))
def test_never_a_brace(template: str, values: dict[str, str]) -> None:
    assert not set(fill(template, values)) & set("{}")
