"""Three themes: registered whole, readable on each of their surfaces, with few colours and with none."""

from __future__ import annotations

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color

from agentdesk.present import themes
from agentdesk.present.colourless import Colourless, contrast

READABLE = {"agentdesk-dark": 4.5, "agentdesk-light": 4.5, "agentdesk-contrast": 7.0}
SURFACES = ("background", "surface", "panel")
TEXTS = ("foreground", "foreground-muted", "foreground-disabled", "text-muted", "text-disabled") + (
    "text-primary", "text-error", "text-warning", "text-success",
)  # fmt: skip
CURSORS = (
    ("block-cursor-foreground", "block-cursor-background"),
    ("input-cursor-foreground", "input-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("input-selection-foreground", "input-selection-background"),
)
XTERM = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
]  # fmt: skip
VGA = [
    (0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170),
    (85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255),
    (255, 255, 255),
]  # fmt: skip
"""What two wide-spread terminals show for the 16 colours."""


class Bare(App[object]):
    """An app that only knows one theme."""

    def __init__(self, theme: themes.Theme) -> None:
        super().__init__()
        self.register_theme(theme)
        self.theme = theme.name


def parsed(text: str) -> Color:
    """A colour of the style sheets, `#6cb6d9 35%` too."""
    colour, _, share = text.partition(" ")
    made = Color.parse(colour)
    return made.with_alpha(float(share.rstrip("%")) / 100) if share else made


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: str(theme.name))
def test_text_is_readable_on_every_surface(theme: themes.Theme) -> None:
    values = Bare(theme).get_css_variables()
    for surface in SURFACES:
        ground = parsed(values[surface])
        for name in TEXTS:
            ratio = contrast(parsed(values[name]), ground)
            assert ratio >= READABLE[theme.name], f"{theme.name}: {name} on {surface} is {ratio:.1f}"
        for name, on in CURSORS:
            ratio = contrast(parsed(values[name]), ground.blend(parsed(values[on]), parsed(values[on]).a, alpha=1))
            assert ratio >= 4.5, f"{theme.name}: {name} on {on} over {surface} is {ratio:.1f}"


@pytest.mark.parametrize("palette", [XTERM, VGA], ids=["xterm", "vga"])
@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: str(theme.name))
def test_text_is_readable_with_sixteen_colours(theme: themes.Theme, palette: list[tuple[int, int, int]]) -> None:
    values = Bare(themes.of_sixteen(theme)).get_css_variables()

    def shown(name: str) -> Color:
        number = parsed(values[name]).rich_color.downgrade(ColorSystem.STANDARD).number
        assert number is not None
        return Color(*palette[number])

    for surface in SURFACES:
        for name in TEXTS:
            ratio = contrast(shown(name), shown(surface))
            assert ratio >= 4.5, f"{theme.name}: {name} on {surface} is {ratio:.1f}"
    for name, on in CURSORS[:2]:
        assert contrast(shown(name), shown(on)) >= 4.5, f"{theme.name}: {name} on {on}"


def test_without_colour_what_stood_out_is_reversed() -> None:
    ground, text = Color.parse("#14181d"), Style.parse("#d7dde4 on #14181d bold underline")
    cursor, panel = Style.parse("#0d1216 on #6cb6d9"), Style.parse("#d7dde4 on #262e38")
    lines = [Segment("a", text), Segment("b", cursor), Segment("c", panel), Segment("d", None)]
    drawn = Colourless(lambda: ground).apply(lines, Color.parse("#6cb6d9"))
    assert all(one.style is None or (one.style.color is None and one.style.bgcolor is None) for one in drawn)
    assert [bool(one.style and one.style.reverse) for one in drawn] == [False, True, False, False]
    assert drawn[0].style is not None and drawn[0].style.bold and drawn[0].style.underline


def test_the_round_of_themes_comes_back() -> None:
    assert (
        themes.after("agentdesk-dark") == "agentdesk-light" and themes.after("agentdesk-contrast") == "agentdesk-dark"
    )
    assert themes.after("nord") == themes.DEFAULT
