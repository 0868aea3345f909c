"""Colours: a light, a dark and a high-contrast theme.

Use: `register(app)` once, then `app.theme = "agentdesk-dark"`. Three surfaces and one accent:
`$background` is the ground, `$surface` the panel that stands on it, `$panel` what is raised above both (footer, chosen
row, modal); `$primary` is the one accent. Text is `$foreground`, what supports it `$foreground-muted`, and
`$text-error`, `$text-warning`, `$text-success` go with a word that says the same, never alone. On a terminal of 16
colours every theme takes those of them that stand out from its ground in any palette. With `NO_COLOR` set no colour
goes out at all (`present.colourless`); nothing here depends on hue.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

DEFAULT = "agentdesk-dark"


def _shared(accent: str, on_accent: str, text: dict[str, str], thumb: str, ground: str) -> dict[str, str]:
    """Variables that every theme sets: cursor, selection, the coloured texts, and a scrollbar on its own ground."""
    return {
        "block-cursor-background": accent,
        "block-cursor-foreground": on_accent,
        "block-cursor-text-style": "bold",
        "input-cursor-background": accent,
        "input-cursor-foreground": on_accent,
        "input-cursor-text-style": "none",
        "input-selection-background": f"{accent} 35%",
        "border": accent,
        "scrollbar": thumb,
        "scrollbar-hover": thumb,
        "scrollbar-active": accent,
        "scrollbar-background": ground,
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
            "muted": "#a9b4c0",
            "disabled": "#8d98a4",
        },
        thumb="#46525f",
        ground="#14181d",
    )
    | {"foreground-muted": "#a9b4c0", "foreground-disabled": "#8d98a4"},
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
            "muted": "#4a545d",
            "disabled": "#5a646d",
        },
        thumb="#b3b9b7",
        ground="#f7f7f4",
    )
    | {"foreground-muted": "#4a545d", "foreground-disabled": "#5a646d"},
)

CONTRAST = Theme(
    name="agentdesk-contrast",
    primary="#ffff00",
    secondary="#ffff00",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#262626",
    warning="#ffd75f",
    error="#ff8787",
    success="#87ff87",
    dark=True,
    variables=_shared(
        "#ffff00",
        "#000000",
        {
            "primary": "#ffff00",
            "error": "#ffb3b3",
            "warning": "#ffd75f",
            "success": "#87ff87",
            "muted": "#d0d0d0",
            "disabled": "#b4b4b4",
        },
        thumb="#8a8a8a",
        ground="#000000",
    )
    | {"foreground-muted": "#d0d0d0", "foreground-disabled": "#b4b4b4"},
)

THEMES = (DARK, LIGHT, CONTRAST)
"""In the order in which the palette's action goes round."""


ON_BLACK = {"primary": "#55ffff", "error": "#ff5555", "warning": "#ffff55", "success": "#55ff55", "muted": "#aaaaaa"}
ON_WHITE = {"primary": "#0000aa", "error": "#aa0000", "warning": "#aa0000", "success": "#000000", "muted": "#000000"}
"""Of 16 colours those that can be read on black and on white, whatever the terminal makes of them."""


def of_sixteen(theme: Theme) -> Theme:
    """Return a theme for a terminal of 16 colours: one ground, and colours that it has."""
    ground, ink, seen = ("#000000", "#ffffff", ON_BLACK) if theme.dark else ("#ffffff", "#000000", ON_WHITE)
    muted = seen["muted"]
    text = {**seen, "disabled": muted}
    return replace(
        theme,
        primary=seen["primary"],
        secondary=seen["primary"],
        accent=seen["primary"],
        foreground=ink,
        background=ground,
        surface=ground,
        panel=ground,
        warning=seen["warning"],
        error=seen["error"],
        success=seen["success"],
        variables=_shared(seen["primary"], ground, text, muted, ground)
        | {"foreground-muted": muted, "foreground-disabled": muted, "input-selection-background": seen["primary"]}
        | {"input-selection-foreground": ground},
    )


def register(app: App[object]) -> None:
    """Make the themes known to an app, as its terminal can show them."""
    few = app.console.color_system in ("standard", "windows")
    for theme in THEMES:
        app.register_theme(of_sixteen(theme) if few else theme)


def after(name: str) -> str:
    """Return the theme that follows another one in the round; the default after a foreign one."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)] if name in names else DEFAULT
