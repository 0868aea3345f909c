"""Colours: a light, a dark and a high-contrast theme.

Use: `register(app)` once, then `app.theme = "agentdesk-dark"`. Three surfaces and one accent:
`$background` is the ground, `$surface` the panel that stands on it, `$panel` what is raised above both (footer, chosen
row, modal); `$primary` is the one accent. Text is `$foreground`, what supports it `$foreground-muted`, and
`$text-error`, `$text-warning`, `$text-success` go with a word that says the same, never alone. With `NO_COLOR` set
Textual turns every colour to grey by itself; nothing here depends on hue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

DEFAULT = "agentdesk-dark"


def _shared(accent: str, on_accent: str, text: dict[str, str]) -> dict[str, str]:
    """Variables that every theme sets: cursor, selection and the coloured texts."""
    return {
        "block-cursor-background": accent,
        "block-cursor-foreground": on_accent,
        "block-cursor-text-style": "bold",
        "input-cursor-background": accent,
        "input-cursor-foreground": on_accent,
        "input-cursor-text-style": "none",
        "input-selection-background": f"{accent} 35%",
        "border": accent,
        **{f"text-{name}": colour for name, colour in text.items()},
    }


DARK = Theme(
    name="agentdesk-dark",
    primary="#6cb6d9",
    secondary="#6cb6d9",
    accent="#6cb6d9",
    foreground="#d7dde4",
    background="#14181d",
    surface="#1b2128",
    panel="#262e38",
    warning="#e0b15c",
    error="#ee8a83",
    success="#86c49a",
    dark=True,
    variables=_shared(
        "#6cb6d9",
        "#0d1216",
        {
            "primary": "#8fcbe6",
            "error": "#f3a09a",
            "warning": "#e8c27e",
            "success": "#9ad3ac",
            "muted": "#97a3b0",
            "disabled": "#66717d",
        },
    )
    | {"foreground-muted": "#97a3b0", "foreground-disabled": "#66717d"},
)

LIGHT = Theme(
    name="agentdesk-light",
    primary="#0f6a8f",
    secondary="#0f6a8f",
    accent="#0f6a8f",
    foreground="#1d252c",
    background="#f7f7f4",
    surface="#eeeeea",
    panel="#e0e2df",
    warning="#8a5a00",
    error="#b0302a",
    success="#22703c",
    dark=False,
    variables=_shared(
        "#0f6a8f",
        "#ffffff",
        {
            "primary": "#0b5574",
            "error": "#9c221d",
            "warning": "#754b00",
            "success": "#1b5f32",
            "muted": "#56616b",
            "disabled": "#8b949b",
        },
    )
    | {"foreground-muted": "#56616b", "foreground-disabled": "#8b949b"},
)

CONTRAST = Theme(
    name="agentdesk-contrast",
    primary="#ffff00",
    secondary="#ffff00",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#303030",
    warning="#ffd75f",
    error="#ff8787",
    success="#87ff87",
    dark=True,
    variables=_shared(
        "#ffff00",
        "#000000",
        {
            "primary": "#ffff00",
            "error": "#ff9d9d",
            "warning": "#ffd75f",
            "success": "#87ff87",
            "muted": "#d0d0d0",
            "disabled": "#a8a8a8",
        },
    )
    | {"foreground-muted": "#d0d0d0", "foreground-disabled": "#a8a8a8"},
)

THEMES = (DARK, LIGHT, CONTRAST)
"""In the order in which the palette's action goes round."""


def register(app: App[object]) -> None:
    """Make the themes known to an app."""
    for theme in THEMES:
        app.register_theme(theme)


def after(name: str) -> str:
    """Return the theme that follows another one in the round; the default after a foreign one."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)] if name in names else DEFAULT
