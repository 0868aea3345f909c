"""What redactions took out since this process began, so that what was typed before does not bring it back to disk.

A draft is stored up to half a second after the key (`screens.typed`), and a redaction may be pulled in between. The
values are held in memory only, like the reply on the screen that they are cut out of.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from typing import Any

UNDER_NO_REQUEST = ("form:phrase:", "form:site-phrase:", "form:rule:", "form:article:")
"""How keys of drafts begin that may hold what was said on a request and name none."""


class TakenOut:
    """The values by the root they were taken out of. Any thread may ask."""

    def __init__(self) -> None:
        self._values: dict[str, frozenset[str]] = {}
        self._lock = threading.Lock()

    def note(self, root: str, values: Iterable[str]) -> None:
        """Remember them; called in the transaction that takes them out, so that no draft is stored in between."""
        with self._lock:
            self._values[root] = self._values.get(root, frozenset()) | frozenset(values)

    def without(self, text: str, *, root: str) -> str:
        """Return a text of a request without what was taken out of that request."""
        return _cut(text, self._values.get(root, ()))

    def anywhere(self, text: str) -> str:
        """Return a text that belongs to no request, such as the words of a search, without all that was taken out."""
        return _cut(text, [one for held in self._values.values() for one in held]) if self._values else text

    def kept_draft(self, key: str, value: dict[str, Any]) -> str:
        """Return a draft as JSON, without what was taken out of the request that its key names."""
        anywhere = key.startswith(UNDER_NO_REQUEST)
        values = [one for root, held in self._values.items() if anywhere or root in key for one in held]
        return json.dumps(_cut_all(value, values) if values else value, ensure_ascii=False)


def _cut(text: str, values: Iterable[str]) -> str:
    from agentdesk.changes.skeleton import without  # only after a redaction
    from agentdesk.text.erasing import spans

    return without(text, [span for one in values for span in spans(one, text)])


def _cut_all(value: Any, values: list[str]) -> Any:
    if isinstance(value, str):
        return _cut(value, values)
    if isinstance(value, dict):
        return {key: _cut_all(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut_all(item, values) for item in value]
    return value
