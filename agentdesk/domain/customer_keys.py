"""By what a customer is found: the keys of a reporter, and the keys that a typed text may mean (MODEL §5, §8).

Both sides fold alike: full-width forms, capitals and the two scripts meet. A Chinese name is also found by its pinyin,
whole or by initials, in every reading of its characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agentdesk.domain.contact import backwards, normal_contact
from agentdesk.text import pinyin
from agentdesk.text.clean import clean_line
from agentdesk.text.fold import folded

CUSTOMER_NO: Final = "customer_no"
CONTACT: Final = "contact"
CONTACT_TAIL: Final = "contact_tail"
NAME: Final = "name"
PINYIN: Final = "pinyin"
INITIALS: Final = "initials"

SAID_DIGITS: Final = 4
"""A phone is found by an ending of so many digits, or more; its digits stand backwards under `contact_tail`."""

SAME: Final = (CONTACT, CUSTOMER_NO)
"""Kinds of key that make two requests one customer's; the others only find him."""


def number_key(customer_no: str) -> str:
    """Return the comparable form of a customer number."""
    return folded(clean_line(customer_no)).strip()


def name_key(name: str) -> str:
    """Return the comparable form of a name: 張敏 and 张敏 are one."""
    return folded(clean_line(name)).strip()


def keys(reporter: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return (kind, key) of a reporter: contact with its ending, customer_no, name by each word, pinyin, initials."""
    contact, name = str(reporter.get("contact") or ""), name_key(str(reporter.get("customer_name") or ""))
    words = name.split()
    full, initials = pinyin.spellings(name)
    tail = backwards(normal_contact(contact)) if contact else ""
    found = {
        (CONTACT_TAIL, tail if len(tail) >= SAID_DIGITS else ""),
        (CONTACT, normal_contact(contact) if contact else ""),
        (CUSTOMER_NO, number_key(str(reporter.get("customer_no") or ""))),
        *((NAME, " ".join(words[start:])) for start in range(len(words))),
        *((PINYIN, one) for one in full),
        *((INITIALS, one) for one in initials),
    }
    return {(kind, key) for kind, key in found if key}


def wanted(text: str) -> list[tuple[str, str]]:
    """Return (kind, key) that a typed text may be, or may be the beginning of; the surest kind first."""
    typed = clean_line(text, 100)
    letters = pinyin.typed(typed)
    found = [
        (CUSTOMER_NO, number_key(typed)),
        (CONTACT, normal_contact(typed) if typed else ""),
        (NAME, name_key(typed)),
        (INITIALS, letters),
        (PINYIN, letters),
    ]
    return [(kind, key) for kind, key in found if key]
