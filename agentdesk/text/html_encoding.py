"""The encoding of a page: its mark, UTF-8 where that fits, what it says of itself, or the guess of whoever asks."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

_SAYS = re.compile(rb"""(?:charset|encoding)\s{0,8}=\s{0,8}["']?\s{0,8}([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HEAD = 4_096
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WIDER: Final = {
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb18030", "gb_2312-80", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "windows-1252", "cp1252"), "cp1252"),
    **{name: name for name in ("shift_jis", "euc-jp", "euc-kr", "windows-1251", "windows-1250")},
}
"""What a page may say, as the codec that reads it. Others are not tried: not every codec is made for hostile bytes."""
_LOST = 0.01
"""Share of characters that may be lost before what a page says of itself is not believed."""


def decoded(data: bytes, guess: Callable[[bytes], str]) -> str:
    """The text of a page; `guess` is asked where neither mark, UTF-8 nor the page itself tells, and may raise."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    says = _SAYS.search(data[:_HEAD])
    name = says[1].decode("ascii").lower() if says else ""
    codec = "utf-8" if name in ("utf-8", "utf8") else _WIDER.get(name, "")
    if codec:
        text = data.decode(codec, "replace")
        if text.count("\ufffd") <= _LOST * len(text):
            return text
    return guess(data)
