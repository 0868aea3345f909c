"""The form: keys only, live marks, gaps, notices, and every field reachable and in sight at 80x24."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from textual.geometry import Offset

from agentdesk.domain import vocabulary
from agentdesk.text.privacy import redact
from agentdesk.widgets.choice import CheckBox, ChoiceRow, Option
from agentdesk.widgets.fields import AreaField, LineField
from agentdesk.widgets.guards import Guarded
from agentdesk.widgets.record_form import FieldSpec, Marks, RecordForm, Value

REQUIRED = ("customer_name", "contact", "request_type", "product_service", "description", "emotion")


def options(kind: str, codes: tuple[str, ...]) -> tuple[Option, ...]:
    """Options of a vocabulary."""
    return tuple(Option(code, f"{kind}.{code}") for code in codes)


SPECS = [
    FieldSpec("channel", "choice", "column.type", options("channel", vocabulary.CHANNELS)),
    FieldSpec("customer_name", "text", "column.customer", limit=40),
    FieldSpec("contact", "text", "column.number"),
    FieldSpec("unregistered", "check", "column.state", hint="confirm.yes"),
    FieldSpec("request_type", "choice", "column.type", options("request_type", vocabulary.REQUEST_TYPES)),
    FieldSpec(
        "sub_type", "choice", "column.type", options("sub_type", vocabulary.SUB_TYPES), advance="gap", optional=True
    ),
    FieldSpec("product_service", "text", "column.title"),
    FieldSpec("description", "lines", "column.title", rows=2),
    FieldSpec("emotion", "choice", "column.state", options("emotion", vocabulary.EMOTIONS), advance="stay"),
    FieldSpec("recorder", "shown", "column.title"),
    *(FieldSpec(f"extra_{index}", "text", "column.title", column=2) for index in range(12)),
    FieldSpec("order_no", "text", "column.number", column=2, private="ask"),
    FieldSpec("anomaly", "lines", "column.title", column=2),
]


def judge(values: Mapping[str, Value]) -> Marks:
    """Required fields as above; a contact of letters is a problem."""
    wrong = {"contact": "号码不对"} if str(values["contact"]).isalpha() else {}
    return Marks(frozenset(REQUIRED), frozenset(name for name in REQUIRED if not values[name]), wrong)


def guard(text: str, caret: int) -> Guarded:
    """The real detection, with a notice."""
    clean, moved, found = redact(text, caret)
    return Guarded(clean, moved, "已替换为掩码" if found else "")


def made(values: dict[str, Value] | None = None) -> RecordForm:
    """A form of our fields."""
    return RecordForm(SPECS, values or {}, judge=judge, guard=guard)


SIZES = [(80, 24), (140, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_field_is_reached_by_tab_and_in_sight(host: Callable[..., Any], size: tuple[int, int]) -> None:
    form = made()
    app = host(form)
    async with app.run_test(size=size) as pilot:
        form.focus_first()
        await pilot.pause()
        seen = []
        for _ in SPECS:
            seen.append(form.focused_field)
            editor = form.editor(form.focused_field)
            assert app.screen.region.contains_region(editor.region), form.focused_field
            await pilot.press("tab")
            await pilot.pause()
        assert seen[: len(SPECS) - 1] == [spec.name for spec in SPECS if spec.kind != "shown"]
        assert form.has_class("-two") == (size[0] == 140)


async def test_a_known_customer_is_captured_with_digits_and_tab(host: Callable[..., Any]) -> None:
    form = made({"channel": "phone", "customer_name": "王*", "contact": "13900000002"})
    app = host(form)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        form.focus_field("request_type")
        await pilot.press("1")
        assert form.focused_field == "sub_type"
        await pilot.press("1")
        assert form.focused_field == "product_service"
        await pilot.press("空", "调", "tab", *"想了解能效等级", "tab", "1")
        await pilot.pause()
        assert form.values()["request_type"] == "consult" and form.values()["sub_type"] == "product"
        assert form.values()["description"] == "想了解能效等级" and form.values()["emotion"] == "calm"
        assert form.marks.missing == frozenset() and form.focused_field == "emotion"
        assert [(event.field, event.code) for event in app.heard(RecordForm.ChoiceMade)] == [
            ("request_type", "consult"),
            ("sub_type", "product"),
            ("emotion", "calm"),
        ]


async def test_nothing_is_chosen_unless_told(host: Callable[..., Any]) -> None:
    form = made({"channel": "phone"})
    async with host(form).run_test(size=(80, 24)) as pilot:
        form.focus_field("emotion")
        await pilot.press("tab", "shift+tab", "right", "right")
        assert form.values()["emotion"] == "" and form.values()["channel"] == "phone"
        await pilot.press("enter")
        assert form.values()["emotion"] == "dissatisfied"


async def test_the_next_gap_goes_round(host: Callable[..., Any]) -> None:
    form = made({"customer_name": "王*"})
    async with host(form).run_test(size=(80, 24)) as pilot:
        form.focus_field("description")
        await pilot.pause()
        visited = []
        for _ in range(5):
            assert form.next_gap()
            await pilot.pause()
            visited.append(form.focused_field)
        assert visited == ["emotion", "contact", "request_type", "product_service", "description"]
        for name, value in zip(REQUIRED, ("王*", "1", "consult", "空调", "描述", "calm"), strict=True):
            form.set_value(name, value)
        assert not form.next_gap()


async def test_marks_follow_what_is_typed(host: Callable[..., Any], text_of: Any) -> None:
    form = made()
    async with host(form).run_test(size=(80, 24)) as pilot:
        form.focus_field("customer_name")
        await pilot.pause()
        assert "* 客户" in text_of(pilot.app)
        await pilot.press("王")
        await pilot.pause()
        assert "* 客户" not in text_of(pilot.app) and "  客户" in text_of(pilot.app)


async def test_problems_and_notices_stand_below_their_field(host: Callable[..., Any], text_of: Any) -> None:
    form = made()
    async with host(form).run_test(size=(80, 24)) as pilot:
        form.focus_field("contact")
        await pilot.press("a")
        await pilot.pause()
        shown = text_of(pilot.app).splitlines()
        below = next(index for index, row in enumerate(shown) if "号码不对" in row)
        assert "a" in shown[below - 1]
        await pilot.press("backspace", "1")
        form.note("contact", "查无此号")
        await pilot.pause()
        assert "查无此号" in text_of(pilot.app) and "号码不对" not in text_of(pilot.app)


@pytest.mark.parametrize("name", ["customer_name", "description", "anomaly"])
async def test_private_numbers_are_replaced_with_a_notice_that_goes_again(
    host: Callable[..., Any], text_of: Any, name: str
) -> None:
    form = made()
    app = host(form)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        form.focus_field(name)
        await pilot.press(*"11010519491231002X")
        await pilot.pause()
        assert form.values()[name] == "[ID]" and "已替换为掩码" in text_of(app)
        assert not any("11010519491231002" in str(event.value) for event in app.heard(RecordForm.FieldChanged)[-1:])
        await pilot.press("好")
        await pilot.pause()
        assert form.values()[name] == "[ID]好" and "已替换为掩码" not in text_of(app)


async def test_an_order_number_is_held_until_it_is_answered(host: Callable[..., Any]) -> None:
    form = made()
    app = host(form)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        form.focus_field("order_no")
        await pilot.press(*"4111111111111111", "tab")
        await pilot.pause()
        assert form.held() == {"order_no"} and app.heard(RecordForm.PrivateQuestion)[-1].field == "order_no"
        form.answer_private("order_no", keep=True)
        assert form.held() == frozenset() and form.checked() == {"order_no"}
        form.answer_private("order_no", keep=False)
        assert form.values()["order_no"] == ""


async def test_the_terminal_cursor_follows_a_form_that_scrolls(host: Callable[..., Any]) -> None:
    form = made()
    app = host(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus_first()
        for name in ("anomaly", "customer_name", "order_no"):
            form.focus_field(name)
            await pilot.pause()
            await pilot.press("好")
            await pilot.pause()
            editor = form.editor(name)
            assert isinstance(editor, (LineField, AreaField))
            await pilot.pause()
            assert app.cursor_position == Offset(editor.region.x + 3, editor.region.y), name


async def test_growing_text_keeps_the_caret_in_sight(host: Callable[..., Any]) -> None:
    form = made()
    app = host(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus_field("anomaly")
        for _ in range(12):
            await pilot.press("长", "enter")
        await pilot.pause()
        assert app.screen.region.contains_point(app.cursor_position) and form.editor("anomaly").size.height == 8


async def test_the_caret_stays_in_sight_where_a_region_is_asked_for_before_the_growth_is_laid_out(
    host: Callable[..., Any],
) -> None:
    form = made()
    app = host(form)
    async with app.run_test(size=(80, 24)) as pilot:
        form.focus_field("anomaly")
        await pilot.pause()
        area = form.editor("anomaly")
        assert isinstance(area, AreaField)
        area.insert_text_at_caret("长\n" * 7)
        while area.size.height < 8:
            app.screen._compositor._full_map_invalidated = True  # as after scrolling
            assert form.editor("channel").region  # out of sight: the whole map is made anew
            await asyncio.sleep(0)
        await pilot.pause()
        assert app.screen.region.contains_region(area.region)
        assert app.screen.region.contains_point(app.cursor_position)


async def test_hidden_fields_are_left_out_of_the_way_but_keep_their_value(host: Callable[..., Any]) -> None:
    form = made({"sub_type": "usage"})
    async with host(form).run_test(size=(80, 24)) as pilot:
        form.show_field("sub_type", False)
        form.focus_field("request_type")
        await pilot.press("1")
        assert form.focused_field == "product_service" and form.values()["sub_type"] == "usage"


async def test_values_can_be_set_from_code(host: Callable[..., Any], text_of: Any) -> None:
    form = made()
    async with host(form).run_test(size=(80, 24)) as pilot:
        form.set_values(
            {"customer_name": "李*", "request_type": "complaint", "unregistered": True, "nobody": "x", "emotion": "?"}
        )
        form.set_value("recorder", "张敏 8021")
        await pilot.pause()
        values = form.values()
        assert (values["customer_name"], values["request_type"], values["unregistered"]) == ("李*", "complaint", True)
        assert values["emotion"] == "" and "recorder" not in values and "张敏 8021" in text_of(pilot.app)


async def test_enter_goes_on_or_submits(host: Callable[..., Any]) -> None:
    form = RecordForm(
        [FieldSpec("lookup", "text", "column.number", submits=True), FieldSpec("next", "text", "column.title")]
    )
    app = host(form)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        form.focus_field("lookup")
        await pilot.press("1", "enter")
        await pilot.pause()
        assert [event.value for event in app.heard(RecordForm.Submitted)] == ["1"] and form.focused_field == "lookup"
        form.focus_field("next")
        await pilot.press("enter")
        assert form.focused_field == "lookup"


def test_two_fields_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        RecordForm([FieldSpec("a", "check", "column.title"), FieldSpec("a", "check", "column.title")])


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_values_are_harmless(
    host: Callable[..., Any], hostile: list[str], harmless: Any, size: tuple[int, int]
) -> None:
    form = made()
    app = host(form)
    async with app.run_test(size=size) as pilot:
        for text in hostile:
            for name in ("customer_name", "description", "recorder", "order_no"):
                form.set_value(name, text)
                form.note(name, text)
            await pilot.pause()
            harmless(app)


async def test_choice_rows_stay_put_and_wrap(host: Callable[..., Any], text_of: Any) -> None:
    row = ChoiceRow(options("sub_type", vocabulary.SUB_TYPES))
    async with host(row).run_test(size=(64, 8)) as pilot:
        row.focus()
        await pilot.pause()
        before = text_of(pilot.app)
        await pilot.press("3")
        after = text_of(pilot.app)
        assert "[3 使用方法]" in after and before.index("4 售后") == after.index("4 售后")
        await pilot.press("0")
        assert row.value == "attitude"
        await pilot.press("end", "enter")
        assert row.value == "safety"
        await pilot.press("backspace")
        assert row.value == "safety", "this row is not optional"


async def test_a_full_width_digit_of_an_input_method_chooses_too(host: Callable[..., Any]) -> None:
    row = ChoiceRow(options("emotion", vocabulary.EMOTIONS), optional=True)
    async with host(row).run_test(size=(64, 8)) as pilot:
        row.focus()
        await pilot.press("２")
        assert row.value == "anxious"
        await pilot.press("9")
        assert row.value == "anxious"
        await pilot.press("backspace")
        assert row.value == ""


async def test_a_box_turns_by_space(host: Callable[..., Any], text_of: Any) -> None:
    box = CheckBox("confirm.yes")
    app = host(box)
    async with app.run_test(size=(40, 3), message_hook=app.hear) as pilot:
        box.focus()
        await pilot.press("space")
        assert box.value and "[x] 是" in text_of(app)
        await pilot.press("1")
        assert not box.value and [event.value for event in app.heard(CheckBox.Toggled)] == [True, False]
