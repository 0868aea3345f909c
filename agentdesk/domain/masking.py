"""Masked names and contacts: what lists, reports, demos and exports show of a customer (§2.1, §5.7 rule 3)."""

from __future__ import annotations

from typing import Final

from agentdesk.domain.contact import contact_kind

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


def mask_contact(contact: str) -> str:
    """Return a contact from which nobody can be called: 13900000002 → 139****0002, z***@example.com, 010****34, w***.

    What is recognised as no kind of contact shows its first character only. Empty stays empty.
    """
    bare = contact.strip()
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


def _digits(contact: str) -> str:
    """The digits of a phone in the country: without +86, without separators, full-width ones as ASCII."""
    digits = "".join(str(int(character)) for character in contact if character.isdecimal())
    return digits[2:] if digits.startswith("86") and len(digits) > 11 else digits
