"""What a rule says when it says no: a code for the catalogue, never a sentence (law 9 of the design)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """A rule of the trade was not met; nothing was written.

    ``code`` is the catalogue key after ``refusal.`` (for example ``flow.guard``), ``args`` what the sentence needs by
    name: the codes of missing fields, the state the request is in, a number. The exception's own text is for logs.
    """

    def __init__(self, code: str, values: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self._values: dict[str, Any] = {**(values or {}), **more}

    @property
    def args(self) -> dict[str, Any]:  # type: ignore[override]  # named values instead of the base's bare tuple
        """What the sentence needs, by name."""
        return self._values

    @property
    def key(self) -> str:
        """The catalogue key of the sentence: ``refusal.<code>``."""
        return f"refusal.{self.code}"

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in sorted(self._values.items()))
        return f"{self.code}({told})"

    def __reduce__(self) -> tuple[type[Refusal], tuple[str, dict[str, Any]]]:
        return type(self), (self.code, self._values)
