"""Masked names and contacts: what lists, reports, demos and exports show of a customer (§2.1, §5.7 rule 3)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from agentdesk.domain.contact import contact_kind

TITLE_LENGTH: Final = 120
"""Characters of a title in lists."""

#: Family names of two characters, so that 欧阳锋 is shown as 欧阳* and not cut inside the name. Both scripts.
_DOUBLE_NAMES: Final = frozenset(
    (
        "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "司徒", "东方", "東方", "夏侯", "皇甫", "尉迟", "尉遲",
        "公孙", "公孫", "慕容", "令狐", "宇文", "长孙", "長孫", "轩辕", "軒轅", "端木", "独孤", "獨孤", "南宫", "南宮",
        "西门", "西門", "呼延", "闻人", "聞人", "拓跋", "百里", "东郭", "東郭", "澹台", "公冶", "宗政", "濮阳", "濮陽",
    )
)  # fmt: skip


def mask_name(name: str) -> str:
    """Return the family name and one star: 张敏 → 张*, 欧阳锋 → 欧阳*, Ann Lee → A*. Empty stays empty."""
    bare = name.strip()
    if not bare:
        return ""
    family = bare[:2] if len(bare) > 2 and bare[:2] in _DOUBLE_NAMES else bare[0]
    return f"{family}*"


_CALLED: Final = "(?=先生|女士|小姐|老师|老師|经理|經理|总|總)"
"""What follows a family name where somebody is called by it."""


def uncalled(text: str, name: str, instead: str) -> str:
    """Return a text in which nobody of this name is called by it: 王先生 and masked 王*先生 with `instead` for 王."""
    family = mask_name(name)[:-1]
    return re.sub(re.escape(family) + r"\*?" + _CALLED, lambda _: instead, text) if family else text


def mask_contact(contact: str) -> str:
    """Return a contact from which nobody can be called: 13900000002 → 139****0002, z***@example.com, 010****34, w***.

    What is recognised as no kind of contact shows its first character only. Empty stays empty.
    """
    bare = unicodedata.normalize("NFKC", contact).strip()
    if not bare:
        return ""
    kind = contact_kind(bare)
    if kind == "email":
        name, _, domain = bare.rpartition("@")
        return f"{name[0]}***@{domain}"
    if kind == "mobile":
        digits = _digits(bare)
        return f"{digits[:3]}****{digits[-4:]}"
    if kind == "landline":
        digits = _digits(bare)
        return f"{digits[:3]}****{digits[-2:]}"
    return f"{bare[0]}***"


def mask_contacts(text: str, own: str = "") -> str:
    """Return a free text with every phone, landline and mail in it masked as in the field of the contact.

    `own`: the contact of the record, masked wherever it stands, as an account is recognised nowhere else. Masking twice
    changes nothing.
    """
    if own and own in text:
        text = text.replace(own, mask_contact(own))
    if "@" not in text and "＠" not in text and len(_DIGIT.findall(text)) < _FEWEST:
        return text
    # Their patterns are not needed for the first paint.
    from agentdesk.text.contacts import find_contacts

    parts: list[str] = []
    done = 0
    for start, end, kind in sorted(find_contacts(text)):
        parts += (text[done:start], _found(text[start:end], kind))
        done = end
    return "".join((*parts, text[done:]))


_FEWEST: Final = 7
_DIGIT: Final = re.compile(
    "[\\d〇零○一二三四五六七八九幺两兩壹贰叁肆伍陆柒捌玖貳參陸\u00b2\u00b3\u00b9\u2070-\u209f\u2460-\u24ff\u2776-\u2793]"
)
"""Digits as people write them; fewer than seven are no way to reach anybody, so most texts are looked at no closer."""


def _found(contact: str, kind: str) -> str:
    """A contact found in a text: in whatever form its digits are written, as the field would show it."""
    from agentdesk.text.privacy import shown

    return mask_contact(contact) if contact_kind(contact) == kind else shown(contact, kind)


def _digits(contact: str) -> str:
    """The digits of a phone in the country: without +86, without separators, full-width ones as ASCII."""
    digits = "".join(str(int(character)) for character in contact if character.isdecimal())
    return digits[2:] if digits.startswith("86") and len(digits) > 11 else digits


def list_title(text: str, own: str = "") -> str:
    """Cut a text to a title once its contacts are masked: a cut one would not be recognised."""
    return mask_contacts(text[: TITLE_LENGTH * 2], own)[:TITLE_LENGTH]
