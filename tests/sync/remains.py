"""What is left of a value in files, byte for byte, in every form in which the product writes text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from agentdesk.domain.contact import backwards
from agentdesk.text.fold import folded
from agentdesk.text.terms import compact, index_terms


def forms(value: str) -> set[bytes]:
    """The value as stored, escaped, folded, compact, backwards, and the pairs of it in the order of the index."""
    written = {value, folded(value), compact(value), backwards(value)}
    written |= {json.dumps(text)[1:-1] for text in written}
    pairs = [" ".join(index_terms(value))] if len(index_terms(value)) > 1 else []
    # Fewer digits stand in an id or a hash by chance.
    return {text.encode() for text in (*written, *pairs) if len(text) >= 8 or not text.isascii()}


def remains(value: str, folders: Iterable[Path]) -> list[str]:
    """Return `file: form` of everything that a file of these folders still holds of the value."""
    return [
        f"{path.name}: {form!r}"
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for form in sorted(forms(value))
        if form in path.read_bytes()
    ]
