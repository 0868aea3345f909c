"""A desk with rules to look through: one of the site in force, one that waits, and messages that were sent."""

from __future__ import annotations

from typing import Any

from agentdesk.desk import capture, reply, rules
from agentdesk.desk.context import Desk
from agentdesk.present.i18n import t
from tests.screens.conftest import ROW_B
from tests.unit.desk.test_rules import SOURCE

SENT = ("您这是瞎捣糨糊吧", "您好，正在为您查询", "瞎 捣 糨 糊", "您反映问题不是瞎捣糨糊", "您这样就是瞎捣乱糨糊儿")


def with_rules(desk: Desk) -> Desk:
    """Put a rule of the site in force, propose a wider one over it, and send messages."""
    request = capture.record(desk, ROW_B).request_id
    for text in SENT:
        reply.send(desk, request, text, confirmed=True)
    rules.propose(desk, SOURCE)
    rules.approve(desk, "FP-06.site")
    rules.propose(desk, wider())
    return desk


def wider() -> str:
    """The rule with one more word and its test."""
    more = SOURCE.replace('["瞎捣糨糊"]', '["瞎捣糨糊", "成心找茬"]')
    return more.replace("test = [", 'test = [{ text = "您就是成心找茬", hit = true }, ')


async def open_rules(person: Any) -> None:
    """Open the rules from the palette, as a person does."""
    await person.key("f9")
    await person.type(t("key.rules.why"))
    await person.sees(t("key.rules"))
    await person.quiet()
    await person.key("down", "enter")


async def rules_screen(person: Any, words: str = "") -> Any:
    """Open the rules and find some."""
    from agentdesk.screens.rules import RulesScreen

    await open_rules(person)
    await person.until(lambda: isinstance(person.screen, RulesScreen) and person.screen.marked, "the rules")
    await person.quiet()
    if words:
        await person.type(words)
        await person.quiet()
    return person.screen
