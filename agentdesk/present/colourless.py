"""NO_COLOR: no colour leaves the desk. What stood out by its ground is drawn in reverse; words say the rest."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, Monochrome

STANDS_OUT = 1.8
"""Contrast of two grounds from which on one is seen to stand out: cursor and selection do, panels do not."""


class Colourless(LineFilter):
    """Takes the colours out of every line, as the last thing before it goes to the terminal."""

    def __init__(self, ground: Callable[[], Color]) -> None:
        """`ground` tells the colour that everything stands on."""
        super().__init__()
        self._ground = ground

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with styles of weight, line and reverse only."""
        ground = self._ground().rich_color  # not `background`: that is the widget's own
        return [
            Segment(text, None if style is None else _plain(style, ground), control)
            for text, style, control in segments
        ]


def take_colours_away(filters: list[LineFilter], ground: Callable[[], Color]) -> None:
    """Put it in the place of Textual's own filter, which turns colours to greys."""
    filters[:] = [one for one in filters if not isinstance(one, Monochrome)] + [Colourless(ground)]


@lru_cache(2048)
def _plain(style: Style, ground: RichColor) -> Style:
    drawn = style.bgcolor
    raised = drawn is not None and not drawn.is_default and contrast(_of(drawn), _of(ground)) >= STANDS_OUT
    return Style(
        bold=style.bold,
        italic=style.italic,
        underline=style.underline,
        strike=style.strike,
        reverse=raised != bool(style.reverse),
    )


def _of(colour: RichColor) -> Color:
    return Color.from_rich_color(colour)


def contrast(one: Color, other: Color) -> float:
    """WCAG contrast ratio of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
