"""One row of the table of keys."""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """One thing a person can do by key or from the palette."""

    id: str
    """Stable name `<scope>-<verb>`; the id of the binding in a user's keymap."""
    keys: tuple[str, ...]
    """Keys in Textual's names; the first one is shown."""
    scope: str
    action: str
    """Textual action string, such as `app.intake` or `record`."""
    label: str
    """Catalogue key of the footer's word: at most four Chinese characters."""
    help: str
    """Catalogue key of the sentence in help and palette."""
    footer: int = 0
    """Place in the footer, 1 first; 0 = not in the footer."""
    priority: bool = False
    """True where the key must work even while a text field would take it."""
    shadows: str = ""
    """Id of the `app` action whose key this one takes over on its screen."""
