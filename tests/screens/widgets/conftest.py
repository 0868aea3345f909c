"""A tiny app around the widgets under test, with our themes and words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from agentdesk.present import themes
from agentdesk.present.i18n import use

HOSTILE = [
    "客户[/b]",
    "[@click=app.boom]x[/]",
    "[link=http://x]y",
    "[TODO] 退款[IMPORTANT]",
    "\x1b]0;PWNED\x1b\\B",
    "\x1b[31mred",
    "\x1b]52;c;QQ==\x07",
    "\x9b5;5H",
    "a\u202eb\u2066c",
    "z\u200bw\u2060\ufeff",
    "\ud800lone\udfff",
    "a\x00b\x07\x08",
    "行一\n行二\r\n三",
    "\t制表",
    "👨\u200d👩\u200d👧👍🏽🇨🇳",
    "e" + "\u0301" * 200,
    "$foreground",
    "长" * 100_000,
    "x" * 100_000,
    "{0.__class__}",
]


class Host(App[object]):
    """Shows some widgets and keeps what they post."""

    AUTO_FOCUS = None

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.posted: list[Message] = []
        themes.register(self)
        self.theme = themes.DEFAULT

    def compose(self) -> ComposeResult:
        """The widgets, nothing else."""
        yield from self.widgets

    def action_boom(self) -> None:
        """What a hostile text would like to call."""
        raise AssertionError("an action of outside text ran")

    def hear(self, message: Message) -> None:
        """Message hook for `run_test`; a message that bubbles comes by more than once."""
        if not any(known is message for known in self.posted):
            self.posted.append(message)

    def heard(self, kind: type[Message]) -> list[Message]:
        """Messages of one class, oldest first."""
        return [message for message in self.posted if isinstance(message, kind)]


@dataclass(frozen=True)
class FakeFinding:
    """A finding as text.lint makes it."""

    start: int
    end: int
    rule: str = "FP-01"
    category: str = "evasion"
    severity: str = "warn"
    text: str = "不知道"
    replacement: str = "我帮您查询一下"
    template: str = ""
    why: str = ""
    missing: tuple[str, ...] = ()
    adds: bool = False


@dataclass
class WordLint:
    """Finds words; stands in for the rules, which are not what is tested here."""

    words: dict[str, FakeFinding] = field(default_factory=dict)

    def __call__(self, text: str) -> list[FakeFinding]:
        found = []
        for word, like in self.words.items():
            at = text.find(word)
            if at >= 0:
                found.append(
                    FakeFinding(
                        at,
                        at + len(word),
                        like.rule,
                        like.category,
                        like.severity,
                        word,
                        like.replacement,
                        like.template,
                    )
                )
        return sorted(found, key=lambda finding: finding.start)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Speak Chinese, whatever a test before spoke."""
    use("zh_CN")
    yield
    use("zh_CN")


@pytest.fixture
def host() -> Callable[..., Host]:
    """Make an app around widgets."""
    return Host


def screen_text(app: App[object]) -> str:
    """What stands on the screen, a line each."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def assert_harmless(app: App[object]) -> None:
    """No control, surrogate or direction character reaches the terminal, and every line is as wide as the screen."""
    for strip in app.screen._compositor.render_strips():
        bad = [
            char
            for char in strip.text
            if unicodedata.category(char) in ("Cc", "Cs") or char in "\u202e\u2066\u200b\u2060\ufeff"
        ]
        assert not bad, repr(strip.text)
        assert not any(segment.style and segment.style.link for segment in strip)
        assert not any(segment.style and segment.style.meta.get("@click") for segment in strip)


async def type_text(pilot: Any, text: str) -> None:
    """Type as a terminal with an input method does: one key event a character, full-width ones too."""
    for char in text:
        pilot.app.post_message(events.Key("enter" if char == "\n" else char, char))
        await pilot.pause()


@pytest.fixture
def typing() -> Callable[[Any, str], Any]:
    """Type any text."""
    return type_text


@pytest.fixture
def text_of() -> Callable[[App[object]], str]:
    """Read the screen."""
    return screen_text


@pytest.fixture
def harmless() -> Callable[[App[object]], None]:
    """Assert that nothing on the screen can act on a terminal."""
    return assert_harmless


@pytest.fixture
def hostile() -> list[str]:
    """Texts that customers have really sent, and worse."""
    return HOSTILE


@pytest.fixture
def word_lint() -> WordLint:
    """A lint that knows one warning and one block."""
    return WordLint(
        {
            "不知道": FakeFinding(0, 0),
            "保证产品100%无故障": FakeFinding(
                0, 0, "RL-01", "overpromise", "block", replacement="产品符合行业标准，具体参数可参考说明书"
            ),
        }
    )
