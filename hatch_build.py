"""Build hook: compile the message catalogues, since only the `.po` files are kept in the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Write `agentdesk.mo` beside every `agentdesk.po` before a wheel or an editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile each language; raises what babel raises on a broken catalogue, which stops the build."""
        for source in Path(self.root, "agentdesk", "present", "locales").glob("*/LC_MESSAGES/*.po"):
            target = source.with_suffix(".mo")
            made = target.with_suffix(".made")  # put in place whole: another process may read it meanwhile
            with source.open("rb") as text, made.open("wb") as compiled:
                write_mo(compiled, read_po(text, locale=source.parent.parent.name))
            made.replace(target)
