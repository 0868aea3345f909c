"""Phrase variables: `{name}` in a phrase, filled before insertion; an inserted text never holds braces (standard §5.1).

Values are data: a value that contains `{other}` is not filled again, and its own braces become full-width ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_WIDE = str.maketrans("{}", "（）")
_MISSING = "……"  # stands where nobody gave a value; seen by the agent, harmless if sent


def variables(template: str) -> list[str]:
    """The names of the variables of a template, each once, in order."""
    return list(dict.fromkeys(_VARIABLE.findall(template)))


def open_variables(template: str, values: Mapping[str, str]) -> list[str]:
    """Those variables that have no (or only a blank) value yet and must be asked for."""
    return [name for name in variables(template) if not values.get(name, "").strip()]


def fill(template: str, values: Mapping[str, str], missing: str = _MISSING) -> str:
    """The template with its variables replaced; `missing` stands for open ones. The result holds no braces."""
    parts: list[str] = []
    done = 0
    for found in _VARIABLE.finditer(template):
        value = values.get(found.group(1), "")
        parts += (template[done : found.start()], value.translate(_WIDE) if value.strip() else missing)
        done = found.end()
    parts.append(template[done:])
    return "".join(part.translate(_WIDE) for part in parts)


def stray_braces(template: str) -> bool:
    """Whether a template holds a brace that is no part of a variable, as a misspelt one leaves."""
    rest = _VARIABLE.sub("", template)
    return "{" in rest or "}" in rest
