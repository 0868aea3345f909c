"""Templates for frequent matters: the shipped ones in three languages, one's own, what they leave alone."""

from __future__ import annotations

import pytest

from agentdesk.desk import templates
from agentdesk.desk.context import Desk
from agentdesk.domain import vocabulary as words
from agentdesk.domain.intake import FIELD
from agentdesk.domain.refusal import Refusal

LANGUAGES = ("zh_CN", "zh_TW", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_templates_are_whole_in_each_language(language: str) -> None:
    found = templates.shipped(language)
    assert len(found) >= 12 and len({one.id for one in found}) == len(found)
    assert len({one.title for one in found}) == len(found)
    for one in found:
        assert one.values["request_type"] in words.REQUEST_TYPES and one.values["sub_type"] in words.SUB_TYPES
        assert one.values.get("attribution", "other") in words.ATTRIBUTIONS
        assert set(one.values.get("tags", ())) <= set(words.TAGS)
        assert all(len(value) <= FIELD[name].longest for name, value in one.values.items() if isinstance(value, str))
        assert len(one.values["description"]) >= 20


def test_english_has_no_chinese_and_taiwan_its_own_words() -> None:
    english = "".join(str(value) for one in templates.shipped("en") for value in (one.title, *one.values.values()))
    assert english.isascii()
    taiwan = {one.id: one.title for one in templates.shipped("zh_TW")}
    assert taiwan["installation-appointment"] == "預約到府安裝"


def test_only_empty_fields_and_placeholders_are_filled() -> None:
    one = templates.Template("x", "x", {"request_type": "consult", "description": "新的描述", "tags": ["policy"]})
    filled, left = templates.apply({"request_type": "complaint", "description": "无", "tags": ["policy"]}, one)
    assert filled == {"description": "新的描述"} and left == ("request_type",)


def test_ones_own_keeps_the_matter_without_the_customer(desk: Desk) -> None:
    values = {"customer_name": "张敏", "contact": "13800000009", "emotion": "calm", "request_type": "consult",
              "description": "证件 11010519491231002X 咨询空调", "tags": ["technical"]}  # fmt: skip
    templates.keep(desk, "  空调  ", values)
    templates.keep(desk, "空调", {**values, "request_type": "other"})
    (own,) = [one for one in templates.templates(desk, "zh_CN") if one.own]
    assert own.title == "空调" and own.values == {
        "request_type": "other", "description": "证件 [ID] 咨询空调", "tags": ["technical"]
    }  # fmt: skip
    templates.remove(desk, own)
    assert not any(one.own for one in templates.templates(desk, "zh_CN"))


def test_ones_own_names_no_contact(desk: Desk) -> None:
    kept = templates.keep(desk, "回拨13912344321", {"description": "请打13912344321或写 li.si@example.com"})
    assert (kept.title, kept.values) == (
        "回拨139****4321",
        {"description": "请打139****4321或写 l***@example.com"},
    )


@pytest.mark.parametrize(
    ("title", "values", "code"), [(" ", {"request_type": "consult"}, "title"), ("空", {"emotion": "calm"}, "empty")]
)
def test_what_is_no_template_is_refused(desk: Desk, title: str, values: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        templates.keep(desk, title, values)
    assert refused.value.code == f"template.{code}"


def test_shipped_ones_stay(desk: Desk) -> None:
    with pytest.raises(Refusal):
        templates.remove(desk, templates.shipped("en")[0])
