"""The picker: passive until asked, digits and Enter pick, other characters search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.geometry import Offset
from textual.selection import Selection

from agentdesk.widgets.composer import Composer
from agentdesk.widgets.picker import Picker, PickItem, PickRows

ITEMS = [
    PickItem(f"id{index}", f"话术{index}", (f"第{index}条的正文，很长" * 4, "第二行"), "K1") for index in range(1, 13)
]


async def test_showing_takes_no_focus_and_digits_pick_once_it_has_it(host: Callable[..., Any], text_of: Any) -> None:
    composer, picker = Composer(), Picker(title="key.phrases")
    app = host(composer, picker)
    async with app.run_test(size=(80, 24), message_hook=app.hear) as pilot:
        composer.focus_text()
        picker.show(ITEMS)
        await pilot.press("3")
        assert composer.text == "3" and not app.heard(Picker.Picked) and ">1 话术1" in text_of(app)
        picker.take_focus()
        await pilot.press("3")
        await pilot.pause()
        assert [event.item.id for event in app.heard(Picker.Picked)] == ["id3"]


async def test_enter_picks_what_stands_ready(host: Callable[..., Any]) -> None:
    picker = Picker()
    app = host(picker)
    async with app.run_test(size=(60, 20), message_hook=app.hear) as pilot:
        picker.show(ITEMS)
        picker.take_focus()
        await pilot.press("enter", "down", "enter")
        await pilot.pause()
        assert [event.item.id for event in app.heard(Picker.Picked)] == ["id1", "id2"]
        assert [event.item.id for event in app.heard(Picker.Marked)][-1] == "id2"


async def test_letters_go_on_into_the_search_and_arrows_stay_with_the_list(
    host: Callable[..., Any], text_of: Any, typing: Any
) -> None:
    picker = Picker()
    app = host(picker)
    async with app.run_test(size=(60, 20), message_hook=app.hear) as pilot:
        picker.show(ITEMS)
        picker.take_focus()
        await typing(pilot, "漏水1")
        assert picker.words == "漏水1"
        assert [event.words for event in app.heard(Picker.SearchChanged)] == ["漏", "漏水", "漏水1"]
        picker.show(ITEMS[5:7], words="漏水")
        assert len(picker.items) == 12, "results of words typed over are dropped"
        picker.show(ITEMS[5:7], words="漏水1")
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.heard(Picker.Picked)[-1].item.id == "id7"


async def test_escape_empties_the_search_then_leaves(host: Callable[..., Any], typing: Any) -> None:
    picker = Picker()
    app = host(picker)
    async with app.run_test(size=(60, 20), message_hook=app.hear) as pilot:
        picker.focus_search()
        await typing(pilot, "退款")
        await pilot.press("escape")
        await pilot.pause()
        assert picker.words == "" and not app.heard(Picker.Escaped)
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.heard(Picker.Escaped)) == 1


async def test_the_marked_item_is_always_in_sight(host: Callable[..., Any], text_of: Any) -> None:
    picker = Picker(preview_rows=2)
    app = host(picker)
    async with app.run_test(size=(60, 12)) as pilot:
        picker.show(ITEMS)
        picker.take_focus()
        for _ in range(11):
            await pilot.press("down")
        await pilot.pause()
        assert "话术12" in text_of(app) and "第12条" in text_of(app)
        await pilot.press("home")
        await pilot.pause()
        assert ">1 话术1 " in text_of(app)


async def test_nothing_fits_is_said_and_picks_nothing(host: Callable[..., Any], text_of: Any) -> None:
    picker = Picker(search="")
    app = host(picker)
    async with app.run_test(size=(60, 8), message_hook=app.hear) as pilot:
        picker.show([])
        picker.take_focus()
        await pilot.press("enter", "1", "down", "x")
        await pilot.pause()
        assert "没有匹配的内容" in text_of(app) and not app.heard(Picker.Picked)
        picker.say("离线：只有本机的话术")
        await pilot.pause()
        assert "离线" in text_of(app)


@pytest.mark.parametrize("cells", [24, 40, 80])
async def test_hostile_items_are_harmless(
    host: Callable[..., Any], hostile: list[str], harmless: Any, cells: int
) -> None:
    picker = Picker(preview_rows=1)
    app = host(picker)
    async with app.run_test(size=(cells, 60)) as pilot:
        picker.show(
            [
                PickItem(str(index), text[:2000], (text[:2000],), text[:9], ((0, 3),))
                for index, text in enumerate(hostile)
            ]
        )
        await pilot.pause()
        harmless(app)


async def test_enter_waits_for_the_list_of_the_words_just_typed(host: Callable[..., Any], typing: Any) -> None:
    picker = Picker()
    app = host(picker)
    async with app.run_test(size=(60, 20), message_hook=app.hear) as pilot:
        picker.show(ITEMS)
        picker.take_focus()
        await typing(pilot, "大约")
        await pilot.press("enter")
        await pilot.pause()
        assert not app.heard(Picker.Picked), "the list is that of other words"
        picker.show(ITEMS[4:6], words="大约")
        await pilot.pause()
        assert [event.item.id for event in app.heard(Picker.Picked)] == ["id5"]
        picker.show(ITEMS, words="大约")
        await pilot.pause()
        assert len(app.heard(Picker.Picked)) == 1, "one Enter picks once"


async def test_words_typed_after_enter_take_it_back(host: Callable[..., Any], typing: Any) -> None:
    picker = Picker()
    app = host(picker)
    async with app.run_test(size=(60, 20), message_hook=app.hear) as pilot:
        picker.show(ITEMS)
        picker.focus_search()
        await typing(pilot, "大")
        await pilot.press("enter")
        await typing(pilot, "约")
        picker.show(ITEMS[4:6], words="大约")
        await pilot.pause()
        assert not app.heard(Picker.Picked)


async def test_a_digit_typed_on_in_a_search_is_no_choice(host: Callable[..., Any], typing: Any) -> None:
    picker = Picker()
    app = host(picker)
    async with app.run_test(size=(60, 20), message_hook=app.hear) as pilot:
        picker.show(ITEMS)
        picker.take_focus()
        picker._rows.post_message(picker._rows.Typed("漏"))  # as in a burst: the digit comes before the focus has moved
        picker._rows.post_message(picker._rows.RowPicked(ITEMS[0], "1"))
        await pilot.pause()
        assert picker.words == "漏1" and not app.heard(Picker.Picked)


async def test_a_paste_on_the_list_goes_into_the_search(host: Callable[..., Any]) -> None:
    picker = Picker()
    app = host(picker)
    async with app.run_test(size=(60, 20), message_hook=app.hear) as pilot:
        picker.show(ITEMS)
        picker.take_focus()
        await pilot.pause()
        app.post_message(events.Paste("退款\n流程"))
        await pilot.pause()
        assert picker.words == "退款 流程" and picker.has_focus_within


async def test_what_the_search_found_is_underlined_as_far_as_it_is_shown(host: Callable[..., Any]) -> None:
    picker = Picker()
    app = host(picker)
    whole = PickItem("a", "退款多久到账", ("申请后三天内退款到账",), "政策", ((0, 2),), ((6, 8),))
    broken = PickItem("b", "退款" * 20, ("甲\x1b退款",), "政策", ((0, 2), (38, 40)), ((2, 4),))
    async with app.run_test(size=(40, 20)) as pilot:
        picker.show([whole, broken])
        await pilot.pause()
        assert underlined(app) == ["退款", "退款", "退款"], "a place that is cut off or was cleaned has no mark"


async def test_a_selection_whose_rows_are_gone_copies_what_is_left(host: Callable[..., Any]) -> None:
    picker = Picker()
    app = host(picker)
    async with app.run_test(size=(60, 20)) as pilot:
        picker.show([PickItem(f"id{index}", f"话术{index}", ("正文",)) for index in range(8)])
        rows = app.screen.query_one(PickRows)
        far, across = Selection(Offset(0, 4), Offset(3, 4)), Selection(Offset(3, 2), Offset(1, 10))
        assert rows.get_selection(far) is not None
        app.screen.selections = {rows: far}
        picker.show([PickItem(f"id{index}", f"话术{index}", ("正文",)) for index in range(2)])
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert app.is_running and rows.get_selection(far) is None
        assert rows.get_selection(across) == (rows.row(2).plain[3:] + "\n   正文", "\n")


def underlined(app: Any) -> list[str]:
    """Texts of the screen that are underlined, from the top."""
    strips = app.screen._compositor.render_strips()
    return [piece.text for strip in strips for piece in strip if piece.style and piece.style.underline]


async def test_only_rows_in_sight_are_drawn(host: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    picker = Picker()
    app = host(picker)
    asked: set[int] = set()
    row = PickRows.row
    monkeypatch.setattr(PickRows, "row", lambda self, y: (asked.add(y), row(self, y))[1])
    async with app.run_test(size=(60, 20)) as pilot:
        picker.show([PickItem(f"id{index}", f"话术{index}", ("正文",)) for index in range(500)])
        await pilot.pause()
        assert asked and max(asked) < 20
        picker.take_focus()
        await pilot.press("end")
        await pilot.pause()
        assert 999 in asked and len(asked) < 60
