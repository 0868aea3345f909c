"""Private numbers, the spellings in which people give them, and the search for what must not have stayed of them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.unit.text.numbers import luhn_complete, with_check

HEAD = 12
"""Digits of a number from which on its head counts as kept."""
ISSUERS = (("622202", 19), ("622588", 16), ("4", 16), ("53", 16))
FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in "0123456789X"}


def identities(count: int, seed: int) -> list[str]:
    """Valid identity numbers (invented): area, real date, checksum. None is known by 17 digits before its last."""
    chance = random.Random(seed)
    areas = ("110105", "310115", "440304", "510107", "330106")
    return [
        with_check(
            f"{chance.choice(areas)}{chance.randint(1950, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
            f"{chance.randint(0, 999):03}"
        )
        for _ in range(count)
    ]


def cards(count: int, seed: int) -> list[str]:
    """Valid card numbers (invented): issuer prefix, that issuer's length, Luhn."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        prefix, length = ISSUERS[number % len(ISSUERS)]
        found.append(luhn_complete(prefix + "".join(chance.choices("0123456789", k=length - len(prefix) - 1))))
    return found


def grouped(number: str, gap: str) -> str:
    """The number in the groups in which it is printed, full-width ones too."""
    sizes = (6, 8, 4) if len(number) == 18 else (4, 4, 4, 4, 4)
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return gap.join(part for part in parts if part)


def spellings(number: str) -> dict[str, str]:
    """The number plain, spaced, with dashes, in full-width digits."""
    return {
        "plain": number,
        "spaced": grouped(number, " "),
        "dashed": grouped(number, "-"),
        "full": number.translate(FULL_WIDTH),
        "full spaced": grouped(number.translate(FULL_WIDTH), "\u3000"),
    }


def _part(spelled: str, digits: int) -> str:
    """The head of a spelling that holds so many digits."""
    seen = 0
    for place, char in enumerate(spelled):
        seen += char.isdecimal()
        if seen == digits:
            return spelled[: place + 1]
    return spelled


def needles(numbers: Iterable[str]) -> dict[bytes, str]:
    """Bytes that must stand nowhere -> what they are: heads and tails of every spelling, in every encoding.

    A head of 12 digits stands in each longer head and in the whole number too.
    """
    found: dict[bytes, str] = {}
    for number in numbers:
        for kind, spelled in spellings(number).items():
            for part, text in (("head", _part(spelled, HEAD)), ("tail", _part(spelled[::-1], HEAD)[::-1])):
                for code in ("utf-8", "utf-16-le", "utf-16-be"):
                    found[text.encode(code)] = f"{part} of {number[:3]}.. {kind} {code}"
                found[json.dumps(text)[1:-1].encode()] = f"{part} of {number[:3]}.. {kind} escaped"
    return found


@dataclass(frozen=True)
class Leak:
    """A private number, or a part of one, where it must not be."""

    where: str
    what: str
    beside: str = ""
    """What stands before and behind it, to tell whose it is (the numbers here are invented)."""


def search(folders: Iterable[Path], numbers: Iterable[str], texts: dict[str, bytes] | None = None) -> list[Leak]:
    """Search every file below the folders (stores, logs of writes, drafts, exports) and further bytes by name."""
    wanted = needles(numbers)
    found: list[Leak] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found += _in(path.relative_to(folder.parent).as_posix(), path.read_bytes(), wanted)
    for name, data in (texts or {}).items():
        found += _in(name, data, wanted)
    return found


def _in(where: str, data: bytes, wanted: dict[bytes, str]) -> list[Leak]:
    places = ((data.find(needle), what) for needle, what in wanted.items())
    return [Leak(where, what, repr(data[max(0, at - 300) : at + 200])) for at, what in places if at >= 0]
