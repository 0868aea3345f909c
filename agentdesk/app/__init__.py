"""The Textual app: modes, themes, palette, wiring of desk and sync to screens.

Kept thin: a rule, a query or a layout that shows up here stands on the wrong floor.
"""

from __future__ import annotations
