"""Private numbers (MODEL §6, standard §5.7): found by form and checksum, replaced whole, never kept in part.

Identity numbers: 18 characters with a province, a real date and checksum, 15 digits of the old form with a real date,
17 that lack only the check character. Bank cards: issuer prefix and that issuer's length and Luhn. Full-width and
other digits, Chinese numerals, spaces, dashes, line breaks and invisible characters inside count as the same number.
Mobiles, landlines and mail addresses are found too (`text.contacts`), but only as hints: they may be stored. A
finding holds kind and position, never the number.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentdesk.text.addresses import ADDRESS
from agentdesk.text.contacts import EMAIL, LANDLINE, MOBILE, find_contacts
from agentdesk.text.digit_runs import CHECK, GAP, Run, Span, dense, flatten, flattenings, runs
from agentdesk.text.private_forms import (
    CENTURIES,
    ISSUED,
    card_lengths,
    is_identity_15,
    is_identity_17,
    is_identity_18,
    luhn,
)

ID_CARD, BANK_CARD = "id_card", "bank_card"
MASKS = {ID_CARD: "[ID]", BANK_CARD: "[CARD]"}
"""What stands in the place of a number that must not be kept."""

HELD_DIGITS = 12
"""A run of so many digits at the caret is held out of a stored draft until it is complete (MODEL §6)."""

_ANY_RUN = re.compile(rf"\d(?:{GAP}{{0,4}}\d)*(?:{GAP}{{0,4}}{CHECK})?{GAP}*")

_SHORTEST = 13
"""Digits of the shortest of these numbers."""
_SHORT = 4
"""Digits of a group that may belong to what stands beside it."""
_LETTER_BEFORE = re.compile("[A-Za-z]-?$")


@dataclass(frozen=True, slots=True, order=True)
class PrivateFinding:
    """Where a private number stands: `start`, `end` (code points, end exclusive) and `kind`. Never the number."""

    start: int
    end: int
    kind: str


def find_private(text: str, contacts: bool = True) -> list[PrivateFinding]:
    """All private numbers of a text, in order, not overlapping; and ways to reach a person if `contacts`."""
    pieces = dense(text)
    found = _numbers(text, pieces)
    if contacts:
        found += [PrivateFinding(*one) for one in find_contacts(_blank(text, found) if found else text, pieces)]
    return sorted(found)


def redact(text: str, caret: int | None = None) -> tuple[str, int, list[PrivateFinding]]:
    """Replace identity and card numbers by `[ID]` / `[CARD]`: new text, new caret, findings (positions of the input).

    A caret inside a number stands behind its mask afterwards. Without a caret the second value is the text's end.
    Redacting twice changes nothing.
    """
    at = len(text) if caret is None else caret
    found = sorted(_numbers(text, dense(text)))
    if not found:
        return text, at, []
    parts: list[str] = []
    done, moved = 0, at
    for item in found:
        mask = MASKS[item.kind]
        parts += (text[done : item.start], mask)
        if at >= item.end:
            moved += len(mask) - (item.end - item.start)
        elif at > item.start:
            moved += item.start - at + len(mask)
        done = item.end
    parts.append(text[done:])
    return "".join(parts), moved, found


def hold_out(text: str, caret: int) -> str:
    """What of a text being typed may be stored as a draft: numbers masked, a run still growing at the caret left out.

    A run of 12 or more digits (separators allowed) that the caret touches is not stored at all until a character that
    cannot belong to it follows or the caret leaves; a pause does not complete it.
    """
    run = _run_at(text, caret)
    if run is None:
        return redact(text)[0]
    start, end = run
    # What stands around the held run is checked on its own: the run itself may not shield a number beside it.
    return redact(text[:start])[0] + redact(text[end:])[0]


def looks_like_private(value: str) -> str | None:
    """`id_card` or `bank_card` if an order or customer number contains one (the desk then asks), else None."""
    found = _numbers(value, dense(value))
    return min(found).kind if found else None


def _run_at(text: str, caret: int) -> tuple[int, int] | None:
    """The span of a run of 12 or more digits that touches the caret, separators behind it included."""
    caret = max(0, min(caret, len(text)))
    flat = flatten(text)
    for found in _ANY_RUN.finditer(flat):
        if found.start() > caret:
            return None
        if caret <= found.end() and sum(char.isdecimal() for char in found.group()) >= HELD_DIGITS:
            return found.start(), len(found.group().rstrip()) + found.start()
    return None


def _blank(text: str, found: list[PrivateFinding]) -> str:
    """The text with found numbers overwritten, the length kept, so that a second look sees what a mask would leave."""
    parts: list[str] = []
    done = 0
    for item in sorted(found):
        parts += (text[done : item.start], "]" * (item.end - item.start))
        done = item.end
    return "".join([*parts, text[done:]])


def _numbers(text: str, pieces: list[Span]) -> list[PrivateFinding]:
    """Identity and card numbers of a text, of which these pieces are dense."""
    each = ((start, _in_piece(text[start:end], text)) for start, end in pieces)
    return [PrivateFinding(start + one.start, start + one.end, one.kind) for start, found in each for one in found]


def _in_piece(text: str, whole: str) -> list[PrivateFinding]:
    """Those of a piece of a text; looked for again after each find, since its removal can bare another."""
    found: list[PrivateFinding] = []
    for flat in flattenings(text, lambda: whole):
        if found:
            flat = _blank(flat, found)
        for _ in range(8):
            new = [item for run in runs(flat) for item in _in_run(run)]
            if not new:
                break
            found += new
            flat = _blank(flat, new)
    return found


def _in_run(run: Run) -> list[PrivateFinding]:
    """The numbers of one run: strong forms before weak ones, longer before shorter, none overlapping."""
    ends = dict(zip(run.ends, range(len(run.ends)), strict=True))
    hits: list[tuple[int, int, int, str]] = []  # strength (0 best), minus length, start, kind
    for group, start in enumerate(run.starts[: bisect_right(run.starts, len(run.digits) - _SHORTEST)]):
        if _may_begin(run, group, start):
            hits += ((strength, -length, start, kind) for length, kind, strength in _forms(run, group, ends))
    for start, size in zip(run.starts, run.sizes, strict=True):
        if size > 19:
            check = run.digits[start + size : start + size + 1] == "X"
            hits += _glued(run.digits, start, start + size + check)
    taken = bytearray(len(run.digits))
    found: list[PrivateFinding] = []
    for _, minus, start, kind in sorted(hits):
        end = start - minus
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(PrivateFinding(run.places[start], run.places[end - 1] + 1, kind))
    return found


def _may_begin(run: Run, group: int, start: int) -> bool:
    """Whether a group can be the first of a number; told quickly, since a text may be all groups."""
    digits = run.digits
    if digits[start : start + 2] in ISSUED or digits[start + 6 : start + 8] in CENTURIES:
        return True
    return not group or run.sizes[group - 1] > _SHORT


def _forms(run: Run, group: int, ends: Mapping[int, int]) -> Iterator[tuple[int, str, int]]:
    """(length, kind, strength) of the numbers that begin at a group's start and end at a group's end."""
    digits, start = run.digits, run.starts[group]
    dated = digits[start + 6 : start + 8] in CENTURIES
    if dated and start + 18 in ends and is_identity_18(digits[start : start + 18]):
        yield 18, ID_CARD, 0
    if digits[start : start + 2] in ISSUED:
        for length in card_lengths(digits[start : start + 6]):
            if start + length in ends and luhn(digits[start : start + length]) and _free_card(run, start, length):
                yield length, BANK_CARD, 1
    for length, is_identity in ((17, is_identity_17), (15, is_identity_15)):
        last = ends.get(start + length)
        if last is not None and (dated or length == 15) and _apart(run, group, last):
            if is_identity(digits[start : start + length]) and _alone(run, start, length):
                yield length, ID_CARD, 2


def _free_card(run: Run, start: int, length: int) -> bool:
    """Short cards must not hang on a code with letters: `AD-36-20260128-0007` is our own kind of number."""
    return length >= 16 or not re.search(
        r"[A-Za-z][A-Za-z0-9]{0,3}-?$", run.text[max(0, run.places[start] - 6) : run.places[start]]
    )


def _apart(run: Run, first: int, last: int) -> bool:
    """Whether no short group of digits beside these groups could belong to them; asked of forms without checksum."""
    return all(size > _SHORT for size in (*run.sizes[max(0, first - 1) : first], *run.sizes[last + 1 : last + 2]))


def _alone(run: Run, start: int, length: int) -> bool:
    """For the same forms: no letter stands before, and no check character behind."""
    first = run.places[start]
    if _LETTER_BEFORE.search(run.text[max(0, first - 2) : first]):
        return False
    return run.digits[start + length : start + length + 1] != "X"


def _glued(digits: str, start: int, end: int) -> Iterator[tuple[int, int, int, str]]:
    """Numbers typed one after the other without a gap: the whole group must be made of them, or an identity number with
    its checksum stands at either edge."""
    reach: dict[int, list[tuple[int, str]]] = {start: []}
    for at in range(start, min(end, start + 400)):
        if at not in reach:
            continue
        lengths = [(18, ID_CARD)] if is_identity_18(digits[at : at + 18]) else []
        lengths += [(n, BANK_CARD) for n in card_lengths(digits[at : at + 6]) if luhn(digits[at : at + n])]
        for length, kind in lengths:
            if at + length <= end and at + length not in reach:
                reach[at + length] = [*reach[at], (length, kind)]
    if end in reach:
        at = start
        for length, kind in reach[end]:
            yield 0, -length, at, kind
            at += length
        return
    for at in (start, end - 18):
        if is_identity_18(digits[at : at + 18]):
            yield 0, -18, at, ID_CARD


def shown(value: str, kind: str) -> str:
    """How a found number may appear in a finding: masked whole (ID, card) or in its middle (139****0000, a***@b.cn)."""
    if kind in MASKS:
        return MASKS[kind]
    if kind == MOBILE:
        digits = [str(unicodedata.decimal(char)) for char in flatten(value) if char.isdecimal()]
        return "".join([*digits[:3], "****", *digits[-4:]])
    if kind == LANDLINE:
        digits = [str(unicodedata.decimal(char)) for char in flatten(value) if char.isdecimal()]
        return "".join([*digits[:3], "****", *digits[-2:]])
    if kind == EMAIL:
        name, _, host = value.replace("＠", "@").partition("@")
        return f"{name[:1]}***@{host}"
    if kind == ADDRESS:
        return _HOUSE_NUMBER.sub("*", value)
    return value


_HOUSE_NUMBER = re.compile(r"\d+|[〇零一二三四五六七八九十百]+(?=[号號弄栋棟幢座单單层層楼樓室])")
