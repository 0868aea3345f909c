"""The fields of a site's phrase as they come from a person or a table (standard §5.1), for form, import and export."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from agentdesk.domain.vocabulary import CHANNELS, EMOTIONS, REQUEST_TYPES, SCENARIOS, STEPS

CODE: Final = re.compile(r"[\w.-]{1,60}")
"""How a site names a phrase: letters of any script, digits, point, line."""
MAX_WORDS: Final = 20
MAX_WORD: Final = 40


@dataclass(frozen=True, slots=True)
class PhraseField:
    """One field. `kind`: line, text, enum (one code), set (codes of `values`, or any words where there are none)."""

    code: str
    kind: str
    values: tuple[str, ...] = ()
    language: str = ""
    """Of a title or body."""


FIELDS: Final = (
    PhraseField("code", "line"),
    PhraseField("scenario", "enum", SCENARIOS),
    PhraseField("step", "enum", STEPS),
    PhraseField("title_zh_cn", "line", language="zh-CN"),
    PhraseField("body_zh_cn", "text", language="zh-CN"),
    PhraseField("title_zh_tw", "line", language="zh-TW"),
    PhraseField("body_zh_tw", "text", language="zh-TW"),
    PhraseField("title_en", "line", language="en"),
    PhraseField("body_en", "text", language="en"),
    PhraseField("channels", "set", CHANNELS),
    PhraseField("request_types", "set", REQUEST_TYPES),
    PhraseField("emotions", "set", EMOTIONS),
    PhraseField("industry", "line"),
    PhraseField("tags", "set"),
    PhraseField("actions", "text"),
)
FIELD: Final = {field.code: field for field in FIELDS}
SUFFIXES: Final = {"zh-CN": "zh_cn", "zh-TW": "zh_tw", "en": "en"}
"""Language -> how its fields end."""
