"""Picking a phrase with blanks: found by initials, filled one after another, put right, given up without a loss."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture
from agentdesk.screens.phrases import PhraseScreen
from agentdesk.screens.workspace import WorkspaceScreen
from agentdesk.widgets.composer import Composer
from tests.screens.conftest import ROW_A, ROW_B

BLANKS = "bccl"
"""Initials of 补充材料."""


@pytest.fixture
def row_a(desk_at: Any) -> Any:
    """A desk with row A recorded."""
    desk = desk_at()
    capture.record(desk, ROW_A)
    return desk


async def workspace(person: Any) -> Any:
    await person.until(lambda: person.screen._rows.row is not None, "a row")
    await person.key("enter")
    await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "the request")
    await person.quiet()
    return person.screen


async def find(person: Any, words: str, wanted: str) -> None:
    picker = person.screen.phrases.picker
    await person.key("f4")
    await person.until(lambda: picker._rows.has_focus, "the list")
    await person.type(words)
    await person.until(lambda: picker.item is not None and wanted in picker.item.title, wanted)
    await person.quiet()


def shown(screen: Any) -> str:
    return str(screen.phrases.asker.query_one("#variable-text").render())


async def asked(person: Any, *words: str) -> Any:
    screen = person.screen
    await person.until(lambda: screen.phrases.asker.display and screen.phrases.asker._field.has_focus, "the question")
    await person.sees(*words)
    return screen


async def test_two_blanks_are_filled_in_a_row_and_inserted(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a) as person:
        await workspace(person)
        await find(person, BLANKS, "补充材料")
        await person.key("enter")
        screen = await asked(person, "要补充的材料", "1/2")
        await person.type("购机发票")
        await person.until(lambda: "麻烦您补充购机发票，[补齐的日期]前发给我" in shown(screen), "the text while typing")
        await person.key("enter")
        await person.sees("补齐的日期", "2/2", "日期，如")
        await person.type("尽快")
        await person.key("enter")
        await person.sees("这里要填日期")
        await person.key("backspace", "backspace")
        await person.type("12月1日")
        await person.key("enter")
        await person.until(lambda: "麻烦您补充购机发票，12月1日前发给我" in screen.composer.text, "the phrase")
        await person.until(lambda: screen.composer.area.has_focus, "the reply")
        await person.quiet()


async def test_tab_goes_through_all_and_an_empty_one_is_not_left_out(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a) as person:
        await workspace(person)
        await find(person, BLANKS, "补充材料")
        await person.key("enter")
        screen = await asked(person, "1/2")
        await person.key("tab")
        await person.sees("2/2")
        await person.type("12-01")
        await person.key("enter")
        await person.sees("1/2")
        await person.key("enter")
        await person.sees("请填写“要补充的材料”")
        await person.type("发票")
        await person.key("shift+tab")
        await person.sees("2/2")
        assert screen.phrases.asker._field.text == "12-01"
        await person.key("enter")
        await person.until(lambda: "补充发票，12月1日前" in screen.composer.text, "the phrase")
        await person.quiet()


async def test_escape_loses_nothing(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a) as person:
        await workspace(person)
        await person.type("您好。")
        await find(person, BLANKS, "补充材料")
        await person.key("enter")
        screen = await asked(person, "1/2")
        await person.type("发票")
        await person.key("escape")
        await person.until(lambda: not screen.phrases.asker.display and screen.phrases.picker.display, "the list")
        assert screen.composer.text == "您好。"
        await person.key("enter")
        await asked(person, "2/2")
        await person.key("shift+tab")
        await person.sees("1/2")
        assert screen.phrases.asker._field.text == "发票", "what was typed stands there again"
        await person.key("escape", "escape")
        await person.quiet()
        assert screen.composer.text == "您好。"


async def test_what_is_known_stands_ready_and_can_be_put_right(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a) as person:
        await workspace(person)
        await find(person, "念订单编号", "订单编号")
        await person.key("enter")
        screen = await asked(person, "订单编号", "O-20240428-31")
        await person.key("backspace")
        await person.type("2")
        await person.key("enter")
        await person.until(lambda: "订单O-20240428-32，对吗" in screen.composer.text, "the phrase")
        await person.quiet()


async def test_a_private_number_never_stands_in_a_blank(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a) as person:
        await workspace(person)
        await find(person, BLANKS, "补充材料")
        await person.key("enter")
        screen = await asked(person, "1/2")
        await person.type("证件11010519491231002X")
        await person.until(lambda: "证件[ID]" in shown(screen), "the number replaced")
        assert "19491231" not in person.text()
        await person.quiet()


async def test_the_next_wording_is_one_key_away_and_is_the_one_that_is_taken(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a) as person:
        screen = await workspace(person)
        await find(person, "全力跟进", "安抚")
        await person.sees("第 1 种说法，共 3 种")
        screen.phrases.picker.take_focus()
        await person.key("right")
        await person.sees("第 2 种说法，共 3 种", "我明白您很着急")
        await person.key("right")
        await person.sees("第 3 种说法")
        await person.key("left", "enter")
        await person.until(lambda: "我明白您很着急" in screen.composer.text, "the second wording")
        await person.quiet()
        await find(person, "全力跟进", "安抚")
        await person.sees("第 1 种说法")


async def test_the_screen_of_all_phrases_turns_and_finds_too(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a, size=(140, 40)) as person:
        await person.key("f4")
        await person.until(lambda: isinstance(person.screen, PhraseScreen) and person.screen._pane.picker.items, "all")
        await person.quiet()
        pane = person.screen._pane
        await person.type("K7 gxfk")
        await person.until(lambda: pane.picker.item is not None and "感谢" in pane.picker.item.title, "thanks")
        await person.quiet()
        person.screen._pane.picker.take_focus()
        await person.key("right")
        await person.sees("第 2 种说法，共 2 种", "您的意见我们记下了")
        await person.quiet()


async def test_why_a_phrase_stands_first_is_said(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a) as person:
        await workspace(person)
        await person.key("f4")
        await person.sees("依据：符合下一步骤", "符合客户情绪")
        await person.quiet()


async def test_a_question_stays_with_its_own_request(walk: Any, row_a: Any) -> None:
    """The way to the next request while a blank is open: its answer must not go into another customer's reply."""
    capture.record(row_a, ROW_B)
    async with walk(desk=row_a) as person:
        screen = await workspace(person)
        first = screen.view.id
        await find(person, BLANKS, "补充材料")
        await person.key("enter")
        await asked(person, "1/2")
        await person.type("购机发票")
        await person.key("ctrl+down")
        await person.until(lambda: screen.view is not None and screen.view.id != first, "the other request")
        await person.quiet()
        assert not screen.phrases.asker.display
        await person.key("f4")
        await person.until(lambda: screen.phrases.picker._rows.has_focus, "the list")
        await person.key("escape", "ctrl+up")
        await person.until(lambda: screen.view is not None and screen.view.id == first, "the first request")
        await person.quiet()
        await find(person, BLANKS, "补充材料")
        await person.key("enter")
        await person.key("shift+tab")
        await asked(person, "1/2")
        assert screen.phrases.asker._field.text == "购机发票", "what was typed stands there again"


async def test_the_key_of_the_list_brings_it_up_while_a_blank_is_open(walk: Any, row_a: Any) -> None:
    async with walk(desk=row_a) as person:
        screen = await workspace(person)
        await find(person, BLANKS, "补充材料")
        await person.key("enter")
        await asked(person, "1/2")
        await person.key("f4")
        await person.until(lambda: screen.phrases.picker._rows.has_focus, "the list")
        assert screen.phrases.picker.display and not screen.phrases.asker.display


async def test_a_question_about_a_wording_goes_with_the_reply_that_it_was_about(walk: Any, row_a: Any) -> None:
    """A wording with blanks is asked about, then the reply becomes another: the answer has no place any more."""
    capture.record(row_a, ROW_B)
    async with walk(desk=row_a) as person:
        screen = await workspace(person)
        first = screen.view.id
        await person.type("您好，请稍等。")
        await person.quiet()

        async def ask() -> None:
            screen.composer.post_message(Composer.VariablesWanted(screen.composer, "请在{eta:date}前等候", 3, 6))
            await person.until(lambda: screen.asker.display and screen.asker._field.has_focus, "the question")

        await ask()
        await person.type("12月")
        screen.composer.focus_text()
        await person.type("谢谢。")
        await person.until(lambda: not screen.asker.display, "the reply is another")
        assert screen.composer.text == "您好，请稍等。谢谢。"
        await ask()
        assert screen.asker._field.text == "12月", "what was typed stands there again"
        await person.key("ctrl+down")
        await person.until(lambda: screen.view is not None and screen.view.id != first, "the other request")
        await person.quiet()
        assert not screen.asker.display
        await ask()
        assert screen.asker._field.text == "", "what was typed for one customer is not offered for another"


async def test_the_sending_key_goes_on_with_the_blanks_while_they_are_asked(walk: Any, row_a: Any) -> None:
    """The reply so far must not leave without the phrase that is being filled."""
    async with walk(desk=row_a) as person:
        screen = await workspace(person)
        await person.type("您好。")
        await find(person, BLANKS, "补充材料")
        await person.key("enter")
        await asked(person, "1/2")
        await person.type("购机发票")
        await person.key("f8")
        await asked(person, "2/2")
        await person.type("12月1日")
        await person.key("f8")
        said = "您好。为了尽快为您办理，麻烦您补充购机发票，12月1日前发给我就可以。"
        await person.until(lambda: screen.composer.text == said, "the phrase is in the reply")
        assert not [item for item in screen.view.timeline if item.kind == "message_sent"]
        await person.key("f8")
        await person.sees("已发送")
        await person.quiet()
