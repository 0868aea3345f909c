"""Contacts of a customer: which kind one is, whether it can be one, and its comparable form (§2.1 #2)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s()\-.]+")
_MOBILE: Final = re.compile(r"(?:\+?86)?1[3-9]\d{9}|(?:\+?886|0)9\d{8}|\+?852[4-9]\d{7}|\+?8536\d{7}")
_LANDLINE: Final = re.compile(r"(?:\+?86)?0\d{2,3}\d{7,8}(?:[x转轉#]\d{1,6})?|[48]00\d{7}|0[2-8]\d{7,8}|\+\d{7,15}")
_EMAIL: Final = re.compile(r"[^\s@<>,;:\"']{1,64}@[^\s@<>,;:\"'.]+(?:\.[^\s@<>,;:\"'.]+)+")
_ACCOUNT: Final = re.compile(r"@?[\w.\-]{2,64}")


def _bare(contact: str) -> str:
    return unicodedata.normalize("NFKC", contact).strip()


def _digits(contact: str) -> str:
    return _SEPARATORS.sub("", _bare(contact))


def contact_kind(contact: str) -> str:
    """Return the kind a contact looks like: mobile, landline, email, account, or "" for none of them.

    A number that is no phone is not taken for an account by itself: somebody must say that it is one, since a phone
    with a digit missing is the likelier slip.
    """
    bare, digits = _bare(contact), _digits(contact)
    if _MOBILE.fullmatch(digits):
        return "mobile"
    if _LANDLINE.fullmatch(digits):
        return "landline"
    if _EMAIL.fullmatch(bare):
        return "email"
    if _ACCOUNT.fullmatch(bare) and any(character.isalpha() for character in bare):
        return "account"
    return ""


def contact_problem(contact: str, kind: str = "") -> str:
    """Return why a contact cannot stand ("" if it can): bad_mobile, bad_landline, bad_email, bad_account, bad_contact.

    With a `kind` the contact must be of that kind; without, of any.
    """
    if not kind:
        return "" if contact_kind(contact) else "bad_contact"
    patterns = {"mobile": _MOBILE, "landline": _LANDLINE, "email": _EMAIL, "account": _ACCOUNT}
    if kind not in patterns:
        return "bad_contact"
    text = _digits(contact) if kind in ("mobile", "landline") else _bare(contact)
    return "" if patterns[kind].fullmatch(text) else f"bad_{kind}"


def normal_contact(contact: str) -> str:
    """Return the form under which two spellings of one contact are equal: look-up and history compare these.

    Phones lose separators and the country code of the mainland; mail and handles lose case.
    """
    digits = _digits(contact)
    if contact_kind(contact) in ("mobile", "landline"):
        return re.sub(r"^\+?86(?=0|1[3-9])", "", digits)
    return _bare(contact).casefold()


def backwards(text: str) -> str:
    """Return the digits of a phone or of a readable number, last one first, so that an ending is found as a beginning.

    Of `AD-K7-20260128-0007` only day and count are digits that people say; the desk's letters are left out.
    """
    said = "".join(text.split("-")[2:]) if text.startswith("AD-") and text.count("-") >= 3 else text
    return "".join(filter(str.isdecimal, _bare(said)))[::-1]
