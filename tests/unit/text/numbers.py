"""Makers of valid private numbers (invented) and of the spellings people use for them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
AREAS = ["110105", "310115", "440304", "510107", "330106", "650102", "820000"]
FOREIGN = ["911156", "931840"]
"""Of foreigners with permanent residence, since 2023: 9, a province, a country."""
ISSUERS = [
    ("62", 19),
    ("62", 16),
    ("622588", 16),
    ("4", 16),
    ("53", 16),
    ("2221", 16),
    ("37", 15),
    ("36", 14),
    ("95588", 19),
]


def with_check(seventeen: str) -> str:
    """An identity number of 18 characters from its first 17."""
    total = sum(int(char) * weight for char, weight in zip(seventeen, WEIGHTS, strict=True))
    return seventeen + "10X98765432"[total % 11]


def luhn_complete(head: str) -> str:
    """A card number: the head and the digit that makes Luhn come out."""
    for digit in "0123456789":
        total = 0
        for index, char in enumerate(reversed(head + digit)):
            value = int(char) * (2 if index % 2 else 1)
            total += value - 9 if value > 9 else value
        if total % 10 == 0:
            return head + digit
    raise AssertionError("one of ten digits fits")


@st.composite
def identities(draw: st.DrawFn) -> str:
    """18 characters with a real date and checksum."""
    born = draw(st.dates(date(1930, 1, 1), date(2024, 12, 31)))
    return with_check(
        draw(st.sampled_from([*AREAS, "830000", *FOREIGN]))
        + born.strftime("%Y%m%d")
        + f"{draw(st.integers(0, 999)):03}"
    )


@st.composite
def old_identities(draw: st.DrawFn) -> str:
    """15 digits with a real date of the last century."""
    born = draw(st.dates(date(1930, 1, 1), date(1999, 12, 31)))
    return draw(st.sampled_from(AREAS)) + born.strftime("%y%m%d") + f"{draw(st.integers(0, 999)):03}"


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A card number with issuer prefix, that issuer's length and Luhn, not all digits equal."""
    prefix, length = draw(st.sampled_from(ISSUERS))
    rest = length - len(prefix) - 1
    return luhn_complete(prefix + f"{draw(st.integers(0, 10**rest - 1)):0{rest}}")


@st.composite
def spelled(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> str:
    """The number as people type or paste it: plain, in groups, full-width, with line breaks or invisible characters."""
    number = draw(numbers)
    if draw(st.booleans()):
        number = number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
    if draw(st.booleans()):
        number = number.lower()
    gap = draw(st.sampled_from(["", " ", "-", "\n", "  ", "\u3000", "－", " - ", "\u200b", "\r\n", "—"]))
    size = draw(st.sampled_from([1, 3, 4, 6, 99]))
    return gap.join(number[index : index + size] for index in range(0, len(number), size))
