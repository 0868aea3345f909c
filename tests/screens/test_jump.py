"""Jump mode: by label, by the arrows alone, over forms longer than the screen, on every screen and panel."""

from __future__ import annotations

from typing import Any

import pytest

from agentdesk.desk import capture
from agentdesk.screens.jump import JumpPanel, Label, labels
from tests.screens.conftest import ROW_A, Walk


async def jumping(person: Walk) -> JumpPanel:
    await person.key("shift+f1")
    await person.until(lambda: isinstance(person.screen, JumpPanel), "jump mode")
    await person.quiet()
    panel: JumpPanel = person.screen
    return panel


@pytest.mark.parametrize("count", [0, 1, 9, 35, 36, 200])
def test_labels_are_told_apart_at_their_last_character(count: int) -> None:
    made = labels(count)
    assert len(made) == len(set(made)) == count
    assert not [one for one in made for other in made if one != other and other.startswith(one)]


async def test_a_label_leads_to_its_field(walk: Any) -> None:
    async with walk() as person:
        await person.key("f2")
        await person.quiet()
        chain = list(person.screen.focus_chain)
        for label in ("4", "b"):
            panel = await jumping(person)
            target = chain[[one.text for one in panel.query(Label)].index(label)]
            assert next(one for one in panel.query(Label) if one.text == label).display
            await person.key(label)
            await person.quiet()
            assert person.app.focused is target
        panel = await jumping(person)
        assert [one.text for one in panel.query(Label) if one.marked] == ["b"], "it begins where the focus is"


async def test_arrows_alone_reach_what_is_scrolled_out_of_sight(walk: Any) -> None:
    async with walk() as person:
        await person.key("f2")
        await person.quiet()
        last = person.screen.focus_chain[-1]
        panel = await jumping(person)
        hidden = [one for one in panel.query(Label) if not one.display]
        assert hidden, "the form is longer than the screen"
        await person.key("end")
        await person.until(lambda: list(panel.query(Label))[-1].display, "the last field in sight")
        await person.key("tab", "up", "down", "enter")
        await person.quiet()
        assert person.app.focused is last


async def test_escape_and_foreign_keys_leave_everything_as_it_was(walk: Any) -> None:
    async with walk() as person:
        await person.key("f2")
        await person.quiet()
        focused, screen = person.app.focused, person.screen
        for key in ("escape", "f8", "f10", "ctrl+s"):
            await jumping(person)
            await person.key(key)
            await person.quiet()
            assert person.screen is screen and person.app.focused is focused


async def test_full_width_characters_of_an_input_method_count(walk: Any) -> None:
    async with walk() as person:
        await person.key("shift+f9")
        await person.quiet()
        target = person.screen.focus_chain[1]
        await jumping(person)
        await person.key("２")
        await person.quiet()
        assert person.app.focused is target


async def test_panels_and_wide_screens_are_jumped_in_too(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_A).request_id
    async with walk(desk=desk, size=(140, 40)) as person:
        person.app.open_request(request_id)
        await person.quiet()
        ids = [one.id for one in person.screen.focus_chain]
        panel = await jumping(person)
        shown = [one for one in panel.query(Label) if one.display]
        assert {"ws-facts", "ws-timeline"} <= set(ids) and len(shown) == len(ids)
        await person.key(shown[ids.index("ws-timeline")].text)
        await person.quiet()
        assert person.app.focused.id == "ws-timeline"
        await person.key("f1")
        await person.quiet()
        await jumping(person)
        await person.key("1")
        await person.quiet()
        assert person.app.focused.id == "help-box"
