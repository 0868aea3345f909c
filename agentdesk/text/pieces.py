"""Contacts that are hardly any: a piece of a longer number, or a number that its label calls by another name.

Lint says nothing of them, as an agent who is warned of order numbers stops reading. Masking (`text.contacts`) hides
them all the same: what is hidden once too often harms nobody.
"""

from __future__ import annotations

import re

from agentdesk.text.contacts import EMAIL, LANDLINE, MOBILE

NEAR = 48
"""Characters on either side that are looked at."""
_SIGN = r"[ \u3000-]"
_GROUP_BEFORE = re.compile(rf"(?<!\d)\d{{4}}({_SIGN})\Z")
_LANDLINE_BEFORE = re.compile(rf"0\d{{3}}({_SIGN})\d{{4}}\1\d{{4}}\1\Z")
_IN_FOURS = re.compile(rf"\d{{4}}({_SIGN})\d{{4}}\1\d{{3,4}}(?:\1\d{{1,4}})?")
_LETTER_BEFORE = re.compile("(?<![A-Za-z])[A-EI-LNOQ-SU-Z]-\\Z")
"""One letter as references have it; not F, G, H, M, P or T, by which people mark a phone."""
_ONE_BY_ONE = re.compile(rf"\d(?:{_SIGN}\d){{10}}")
_ONES_BEFORE = re.compile(rf"(?:(?<!\d)\d{_SIGN})*\Z")
_ONES_BEHIND = re.compile(rf"(?:{_SIGN}\d(?!\d))*")
_COUNTRY = re.compile(r"(?:0\D0\D)?8\D6\D\Z")
_STRAY = 1
"""Further digits one by one that a number may have beside it: …5678 9点."""
_DASHED = re.compile(r"\d{3}-\d{4}-\d{4}")
_DASHED_ON = re.compile(r"-\d{1,3}(?![\d-])")
"""What goes on behind a mobile with dashes; four digits may be an extension."""
_LABEL_BEFORE = re.compile(
    "(?:参考|參考|流水|批次|凭证|憑證|交易|订单|訂單|运单|運單|工单|工單|保单|保單|发票|發票|合同|序列|追溯|受理|单|單|编|編)"
    "[号號]码?碼?[是为為:： ]{0,2}\\Z"
)
_CODE_BEFORE = re.compile("(?:代码|代碼|条码|條碼|编码|編碼)[是为為:： ]{0,2}\\Z")


def is_piece(others: str, found: str, start: int, kind: str) -> bool:
    """Whether a contact of a text is hardly one; `others`: the text with all numbers overwritten that were found."""
    if kind == EMAIL:
        return False
    end = start + len(found)
    before, behind = others[max(0, start - NEAR) : start], others[end : end + NEAR]
    if kind == LANDLINE:
        return _in_fours(before, found) or bool(
            _LETTER_BEFORE.search(before) or (found.isdecimal() and _LABEL_BEFORE.search(before))
        )
    return kind == MOBILE and (
        _one_of_many(before, found, behind)
        or bool(_DASHED.fullmatch(found) and _DASHED_ON.match(behind))
        or bool(found.isdecimal() and _CODE_BEFORE.search(before))
    )


def _in_fours(before: str, found: str) -> bool:
    """Whether a landline continues groups of four, as order numbers are written: 1749 0358 9681 2742."""
    group, fours = _GROUP_BEFORE.search(before), _IN_FOURS.fullmatch(found)
    if group is None or fours is None or _LANDLINE_BEFORE.search(before):
        return False
    return group.group(1) == fours.group(1)


def _one_of_many(before: str, found: str, behind: str) -> bool:
    """Whether a mobile digit by digit has further digits beside it: a bar code read out, 4 7 1 8 5 ….."""
    if not _ONE_BY_ONE.fullmatch(found):
        return False
    strays = [_ONES_BEFORE.search(_COUNTRY.sub("", before)), _ONES_BEHIND.match(behind)]
    return sum(len(some.group()) // 2 for some in strays if some) > _STRAY
