"""The forms of private numbers: checksums, real dates, issuer prefixes. Plain digits in, yes or no out (MODEL §6)."""

from __future__ import annotations

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# GB/T 2260: the first two digits name a province; those of a foreigner's permanent residence follow a 9, which is only
# believed where a checksum speaks for the number.
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)

_LONG = (19, 18, 17, 16)
# Longest prefix first. ISO/IEC 7812 ranges of the networks, then older cards of Chinese banks outside 62.
_ISSUERS: dict[str, tuple[int, ...]] = {
    "436742": (19,), "456351": (19,), "601382": (19,), "405512": (17,), "601428": (17,), "690755": (18, 15),
    "95588": (19,), "95595": (19,), "95596": (19,), "95597": (19,), "95598": (19,), "95599": (19,), "95555": (16,),
    "3095": (14,), "6011": _LONG, "5018": (19, 18, 16), "5020": (19, 18, 16), "5038": (19, 18, 16),
    "5893": (19, 18, 16), "6304": (19, 18, 16), "6759": (19, 18, 16), "6761": (19, 18, 16), "6762": (19, 18, 16),
    "6763": (19, 18, 16), "9400": _LONG, "103": (19,), "34": (15,), "37": (15,), "36": (14,), "38": (14,), "39": (14,),
    "62": _LONG, "65": _LONG, "81": _LONG, "51": (16,), "52": (16,), "53": (16,), "54": (16,), "55": (16,),
    "4": (19, 16, 13),
    **{str(prefix): (14,) for prefix in range(300, 306)},
    **{str(prefix): _LONG for prefix in range(644, 650)},
    **{str(prefix): _LONG for prefix in range(3528, 3590)},
    **{str(prefix): _LONG for prefix in range(2200, 2205)},
    **{str(prefix): (16,) for prefix in range(2221, 2721)},
}  # fmt: skip

ISSUED = frozenset(f"{head}{digit}"[:2] for head in _ISSUERS for digit in ("0123456789" if len(head) == 1 else ("",)))
"""The first two digits that a card may have."""
CENTURIES = frozenset(("18", "19", "20"))
"""The first two digits of a year of birth."""


def card_lengths(head: str) -> tuple[int, ...]:
    """The lengths of cards whose number begins with these (up to six) digits; empty if no issuer is known."""
    for size in (6, 5, 4, 3, 2, 1):
        lengths = _ISSUERS.get(head[:size])
        if lengths is not None and len(head) >= size:
            return lengths
    return ()


def luhn(digits: str) -> bool:
    """The Luhn checksum of a card number; letters and numbers of one repeated digit fail."""
    if not digits.isdecimal() or digits == digits[0] * len(digits):
        return False
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) << (index & 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_identity_18(number: str) -> bool:
    """18 characters, a province, a real date of birth, the checksum of GB 11643."""
    return (
        len(number) == 18
        and number[:17].isdecimal()
        and (number[1:3] if number[0] == "9" else number[:2]) in _PROVINCES
        and _is_date(number[6:10], number[10:14])
        and _CHECKS[sum(int(char) * weight for char, weight in zip(number, _WEIGHTS, strict=False)) % 11] == number[17]
    )


def is_identity_17(number: str) -> bool:
    """17 digits with province and real date: an identity number whose check character is missing."""
    return (
        len(number) == 17 and number.isdecimal() and number[:2] in _PROVINCES and _is_date(number[6:10], number[10:14])
    )


def is_identity_15(number: str) -> bool:
    """The old form of 15 digits: province and a real date of the 20th century."""
    return (
        len(number) == 15
        and number.isdecimal()
        and number[:2] in _PROVINCES
        and _is_date("19" + number[6:8], number[8:12])
    )


def _is_date(year: str, day: str) -> bool:
    if not 1850 <= int(year) <= 2099:
        return False
    try:
        date(int(year), int(day[:2]), int(day[2:]))
    except ValueError:
        return False
    return True
