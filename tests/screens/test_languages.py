"""Another language while working: the words change, the person stays where they are with what they typed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from agentdesk import preferences
from agentdesk.app.choosing import AGAIN
from agentdesk.desk import capture
from agentdesk.present.i18n import LANGUAGES, t, use
from agentdesk.screens.intake import IntakeScreen
from agentdesk.screens.workspace import WorkspaceScreen
from tests.screens.conftest import ROW_A

ROUND = (*LANGUAGES, LANGUAGES[0])
BEFORE, AFTER = "我们正在核实，", "今天内给您答复"


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """Leave the default language behind."""
    yield
    use("zh_CN")


async def switched(person: Any) -> None:
    """Take the next language in the palette's way and wait for the end of this app."""
    person.app.action_next_language()
    await person.until(lambda: person.app._exit, "the end")
    assert person.app.return_value == AGAIN


async def test_a_reply_its_request_and_the_caret_survive_every_language(walk: Any, desk_at: Any) -> None:
    desk = desk_at()
    request_id = capture.record(desk, ROW_A).request_id
    place = None
    for turn, language in enumerate(ROUND):
        async with walk(language=language, desk=desk, place=place) as person:
            if place is None:
                person.app.open_request(request_id)
            await person.until(lambda: isinstance(person.screen, WorkspaceScreen) and person.screen.view, "request")
            await person.quiet()
            screen = person.screen
            if place is None:
                await person.type(BEFORE + AFTER)
                await person.key(*["left"] * len(AFTER))
            assert screen.view.id == request_id
            assert (screen.composer.text, screen.composer.caret) == (BEFORE + AFTER, len(BEFORE))
            assert screen.focused is screen.composer._area
            assert t("key.send") in person.text() and person.app.session.language == language
            if turn < len(ROUND) - 1:
                await switched(person)
                place = person.app.session.place


async def test_a_form_its_field_and_the_caret_survive_every_language(walk: Any, desk_at: Any) -> None:
    desk, place = desk_at(), None
    for turn, language in enumerate(ROUND):
        async with walk(language=language, desk=desk, place=place) as person:
            if place is None:
                await person.key("f2")
            await person.until(lambda: isinstance(person.screen, IntakeScreen) and person.screen._draft, "the form")
            await person.quiet()
            form = person.screen._form
            if place is None:
                form.focus_field("description")
                await person.type(BEFORE + AFTER)
                await person.key("left", "left")
            assert form.values()["description"] == BEFORE + AFTER
            assert form.focused_field == "description"
            assert form.editor("description").caret == len(BEFORE + AFTER) - 2
            if turn < len(ROUND) - 1:
                await switched(person)
                place = person.app.session.place


async def test_what_is_typed_while_the_choice_is_written_is_kept(
    walk: Any, desk_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is slow: the file of preferences is written only once more was typed."""
    written, change = threading.Event(), preferences.change

    def slowly(*words: Any) -> None:
        assert written.wait(20)
        change(*words)

    monkeypatch.setattr(preferences, "change", slowly)
    desk = desk_at()
    async with walk(desk=desk) as person:
        await person.key("f2")
        await person.until(lambda: isinstance(person.screen, IntakeScreen) and person.screen._draft, "the form")
        await person.quiet()
        person.screen._form.focus_field("description")
        await person.type(BEFORE)
        person.app.action_next_language()
        await person.type(AFTER)
        written.set()
        await person.until(lambda: person.app._exit, "the end")
    (draft,) = [one.value for one in desk.drafts.list() if one.key.startswith("intake:")]
    assert draft["values"]["description"] == BEFORE + AFTER
