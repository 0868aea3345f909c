"""Three themes: registered whole, readable on each of the three surfaces."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.color import Color

from agentdesk.present import themes

READABLE = 4.5


class Bare(App[object]):
    """An app that only knows our themes."""


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: str(theme.name))
def test_text_is_readable_on_every_surface(theme: themes.Theme) -> None:
    app = Bare()
    themes.register(app)
    app.theme = theme.name
    values = app.get_css_variables()
    for surface in ("background", "surface", "panel"):
        ground = Color.parse(values[surface])
        for name in ("foreground", "text-primary", "text-error", "text-warning", "text-success", "foreground-muted"):
            ratio = contrast(Color.parse(values[name]), ground)
            assert ratio >= READABLE, f"{theme.name}: {name} on {surface} is {ratio:.1f}"
        assert contrast(Color.parse(values["foreground-disabled"]), ground) >= 2.0


def contrast(one: Color, other: Color) -> float:
    """WCAG contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Color) -> float:
    """WCAG relative luminance."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_the_round_of_themes_comes_back() -> None:
    assert (
        themes.after("agentdesk-dark") == "agentdesk-light" and themes.after("agentdesk-contrast") == "agentdesk-dark"
    )
    assert themes.after("nord") == themes.DEFAULT
