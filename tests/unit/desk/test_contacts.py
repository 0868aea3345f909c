"""The contact: its end with what was missed, and the next one that begins when the customer comes again."""

from __future__ import annotations

import pytest

from agentdesk.desk import contacts, reading, reply
from agentdesk.desk.context import Desk
from agentdesk.domain.refusal import Refusal
from agentdesk.domain.vocabulary import REQUIRED_STEPS


def test_missed_steps_are_told_before_a_contact_ends(desk: Desk, request_b: str) -> None:
    reply.tick(desk, request_b, "K1")
    with pytest.raises(Refusal) as told:
        contacts.end(desk, request_b)
    assert told.value.code == "contact.missed"
    assert told.value.args["steps"] == tuple(step for step in REQUIRED_STEPS if step != "K1")
    assert not contacts.ended(reading.load(desk, request_b)), "nothing was written"
    contacts.end(desk, request_b, confirmed=True)
    whole = reading.load(desk, request_b)
    (event,) = whole.events("contact", "ended")
    assert contacts.ended(whole) and event.value["handling_ms"] >= 0


def test_a_contact_with_every_step_ends_without_a_question(desk: Desk, request_b: str) -> None:
    for step in REQUIRED_STEPS:
        reply.tick(desk, request_b, step)
    assert contacts.end(desk, request_b) == ()


def test_an_ended_contact_does_not_end_twice(desk: Desk, request_b: str) -> None:
    contacts.end(desk, request_b, confirmed=True)
    with pytest.raises(Refusal) as told:
        contacts.end(desk, request_b, confirmed=True)
    assert told.value.code == "contact.ended"


def test_the_customer_who_comes_again_begins_a_new_contact(desk: Desk, request_b: str) -> None:
    first = reading.load(desk, request_b).contact_id
    contacts.hear(desk, request_b, "还有一个问题")
    assert reading.load(desk, request_b).contact_id == first, "the contact still runs"
    contacts.end(desk, request_b, confirmed=True)
    contacts.hear(desk, request_b, "我又来了", "phone")
    whole = reading.load(desk, request_b)
    assert whole.contact_id != first and not contacts.ended(whole)
    assert contacts.missed_steps(whole) == REQUIRED_STEPS, "the steps begin anew"
    opened = [event for event in whole.events("contact", "opened") if event.entity_id == whole.contact_id]
    assert [event.value["channel"] for event in opened] == ["phone"]
    assert [event.value["channel"] for event in whole.events("entry", "message_in")] == ["online", "phone"]


def test_what_is_heard_keeps_no_private_number(desk: Desk, request_b: str) -> None:
    contacts.hear(desk, request_b, "我的身份证号是11010519491231002X，请查一下")
    (event,) = reading.load(desk, request_b).events("entry", "message_in")
    assert event.value["text"] == "我的身份证号是[ID]，请查一下"


@pytest.mark.parametrize(("text", "channel", "code"), [("  ", "", "text.empty"), ("在吗", "fax", "channel.unknown")])
def test_what_cannot_be_written_is_refused(desk: Desk, request_b: str, text: str, channel: str, code: str) -> None:
    with pytest.raises(Refusal) as told:
        contacts.hear(desk, request_b, text, channel)
    assert told.value.code == code
