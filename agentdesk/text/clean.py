"""Cleaning of untrusted text (DESIGN law 6, TERMINAL §4): nothing from outside may steer the terminal or hide.

`clean` keeps lines, `clean_line` makes one line for a table cell. Both drop control characters and whole terminal
escape sequences, bidi controls, lone surrogates and invisible characters, and limit length and stacked accents. Both
are idempotent, and linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata

LIMIT = 5_000
"""Code points that one text field holds at most (DESIGN §8)."""

LINE_LIMIT = 500
"""Code points that one table cell is worth at most."""

_TAB = "    "
_MARKS = 4  # accents one character may carry: Vietnamese needs 2, Hebrew with cantillation 3, "zalgo" hundreds

# A whole sequence goes, not only its ESC, or "[31m" would stand in the text. An OSC that never ends loses its head
# alone: what follows it may be a sentence of the customer. The C1 forms (0x9b, 0x9d …) count like ESC [ and ESC ].
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]"
    r"|(?:\x1b[\]P^_X]|[\x9d\x90\x9e\x9f\x98])[^\x07\x1b\x9c\n]{0,2048}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,4}[0-Z\\\]^_`-~]"
)
_ESCAPE_HEADS = re.compile("[\x1b\x90\x98\x9b\x9d-\x9f]")
_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")

# Dropped everywhere: C0 but \n \t, DEL, C1, bidi controls, zero-width and filler characters, tags, lone surrogates,
# noncharacters. U+200D and U+FE0F are judged afterwards, since an emoji sequence needs them.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_TONE = "[\U0001f3fb-\U0001f3ff]"
_JOINERS = re.compile(
    f"(?P<keep>(?<={_PICTURE})\ufe0f|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    f"|(?:(?<={_PICTURE})|(?<={_PICTURE}\ufe0f)|(?<={_TONE}))\u200d(?={_PICTURE}))"
    "|[\u200d\ufe0f]"
)
_SEQUENCE = re.compile(f"({_PICTURE})(?:\ufe0f|{_TONE}|\u200d{_PICTURE})+|(?<=[0-9#*])\ufe0f?\u20e3")
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ua66f-\ua672\ufe20-\ufe2f]"
)
_STACK = re.compile(f"({_MARK}{{{_MARKS}}}){_MARK}+")
_SPACES = re.compile(r"[ \t]*\n[ \t\n]*")


def clean(text: str, limit: int | None = LIMIT) -> str:
    """Text of several lines as it may be stored and shown; at most `limit` code points (None: no limit).

    Line ends become `\\n`, tabs four spaces, the form is NFC. Never raises.
    """
    if limit is not None and len(text) > limit * 8:
        text = text[: limit * 8]  # what would remain of more than that is not worth the time
    if text.isascii() and text.isprintable():
        return text if limit is None else text[:limit]
    if _ESCAPE_HEADS.search(text):
        text = _ESCAPES.sub("", text)
    text = _BREAKS.sub("\n", text)
    text = _DROPPED.sub("", text)
    text = text.replace("\t", _TAB)
    text = unicodedata.normalize("NFC", text)
    text = _STACK.sub(r"\1", text)
    text = _judge_joiners(text)
    return cap(text, limit) if limit is not None else text


def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """One line for a table cell: as `clean`, line breaks become one space, an emoji sequence its first emoji.

    Sequences are reduced because terminals disagree about their width, which would shift the columns after them.
    """
    text = clean(text[: limit * 8], None)
    text = _SPACES.sub(" ", text)
    text = _SEQUENCE.sub(lambda found: found.group(1) or "", text)
    return cap(text.strip(), limit).rstrip()


def cap(text: str, limit: int) -> str:
    """The first `limit` code points, not ending inside an emoji sequence or a stack of accents."""
    if len(text) <= limit:
        return text
    end = max(limit, 0)
    while end > 0 and limit - end < 16 and (text[end] in "\u200d\ufe0f" or unicodedata.combining(text[end])):
        end -= 1
    return text[:end].rstrip("\u200d")


def _judge_joiners(text: str) -> str:
    """Keep U+200D and U+FE0F inside emoji sequences only; until nothing changes, as one drop may orphan the next."""
    if "\u200d" not in text and "\ufe0f" not in text:
        return text
    for _ in range(4):
        judged = _JOINERS.sub(lambda found: found.group() if found.group("keep") else "", text)
        if judged == text:
            return text
        text = judged
    return text.replace("\u200d", "").replace("\ufe0f", "")
