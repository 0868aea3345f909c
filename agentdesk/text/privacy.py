"""Private numbers (MODEL §6, standard §5.7): found by form and checksum, replaced whole, never kept in part.

Identity numbers: 18 characters with a real date and checksum, 15 digits of the old form with a real date, 17 that lack
only the check character. Bank cards: issuer prefix and that issuer's length and Luhn. Full-width and other digits,
spaces, dashes, line breaks and invisible characters inside count as the same number. Mobiles and mail addresses are
found too, but only as hints: they may be stored. A finding holds kind and position, never the number.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from agentdesk.text.private_forms import card_lengths, is_identity_15, is_identity_17, is_identity_18, luhn

ID_CARD, BANK_CARD, MOBILE, EMAIL = "id_card", "bank_card", "mobile", "email"
MASKS = {ID_CARD: "[ID]", BANK_CARD: "[CARD]"}
"""What stands in the place of a number that must not be kept."""

HELD_DIGITS = 12
"""A run of so many digits at the caret is held out of a stored draft until it is complete (MODEL §6)."""

_GAP = (
    r"[\s\-\u00ad\u058a\u180e\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2043\u2060-\u2064\u2066-\u206f\u2212"
    r"\u2500\u2501\u30fc\ufe0e\ufe0f\ufe58\ufe63\ufeff\uff0d]"
)  # spaces, line breaks, dashes of all kinds, invisible characters
_CHECK = "[xXｘＸ\u2169\u2179\u0425\u0445\u03a7\u03c7]"  # also the Roman ten, Cyrillic and Greek look-alikes
# At least 11 digits in one run: the shortest thing that interests is a mobile number.
_RUN = re.compile(rf"\d(?:{_GAP}{{0,4}}\d){{10,}}(?:{_GAP}{{0,4}}{_CHECK})?")
_ANY_RUN = re.compile(rf"\d(?:{_GAP}{{0,4}}\d)*(?:{_GAP}{{0,4}}{_CHECK})?{_GAP}*")
_ENCLOSED = re.compile(
    "[\u2460-\u2468\u24ea\u24f5-\u24fd\u2776-\u277e\u2780-\u2788\u278a-\u2792\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]"
)
_MAIL_SIGN = re.compile("[@＠]")
_MAIL_NAME = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９._%+\-．＿－]{1,64}$")
_MAIL_HOST = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９\-]{1,63}(?:[.．][A-Za-z0-9Ａ-Ｚａ-ｚ０-９\-]{1,63}){0,6}")
_MOBILE_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 7), (3, 3, 5), (4, 4, 3), (3, 5, 3), (1,) * 11}
_LABELS = ("tel", "phone", "mobile", "mob", "cell", "wx", "wechat", "weixin", "qq", "no", "call", "sms", "id", "card")


@dataclass(frozen=True, slots=True, order=True)
class PrivateFinding:
    """Where a private number stands: `start`, `end` (code points, end exclusive) and `kind`. Never the number."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Run:
    """The digits of one run (0–9, perhaps X last), their places, where groups begin and end, and their sizes."""

    digits: str
    places: list[int]
    starts: list[int]
    ends: list[int]
    sizes: list[int]
    text: str


def find_private(text: str, contacts: bool = True) -> list[PrivateFinding]:
    """All private numbers of a text, in order, not overlapping; mobiles and mail addresses if `contacts`."""
    found = _numbers(text)
    if contacts:
        if found:
            text = _blank(text, found)
        mails = [*_mails(text)]
        # A number that is part of a mail address (13800005678@…) belongs to it.
        inside = {place for mail in mails for place in range(mail.start, mail.end)}
        found += [item for item in _mobiles(text) if item.start not in inside]
        found += mails
    return sorted(found)


def redact(text: str, caret: int | None = None) -> tuple[str, int, list[PrivateFinding]]:
    """Replace identity and card numbers by `[ID]` / `[CARD]`: new text, new caret, findings (positions of the input).

    A caret inside a number stands behind its mask afterwards. Without a caret the second value is the text's end.
    Redacting twice changes nothing.
    """
    at = len(text) if caret is None else caret
    found = sorted(_numbers(text))
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
    found = _numbers(value)
    return min(found).kind if found else None


def _run_at(text: str, caret: int) -> tuple[int, int] | None:
    """The span of a run of 12 or more digits that touches the caret, separators behind it included."""
    caret = max(0, min(caret, len(text)))
    flat = _flatten(text)
    for found in _ANY_RUN.finditer(flat):
        if found.start() > caret:
            return None
        if caret <= found.end() and sum(char.isdecimal() for char in found.group()) >= HELD_DIGITS:
            return found.start(), len(found.group().rstrip()) + found.start()
    return None


def _flatten(text: str) -> str:
    """Enclosed, raised and lowered digits as plain ones; the length is kept."""
    if text.isascii() or not _ENCLOSED.search(text):
        return text
    return _ENCLOSED.sub(lambda found: str(unicodedata.digit(found.group(), 0)), text)


def _blank(text: str, found: list[PrivateFinding]) -> str:
    """The text with found numbers overwritten, the length kept, so that a second look sees what a mask would leave."""
    parts: list[str] = []
    done = 0
    for item in sorted(found):
        parts += (text[done : item.start], "]" * (item.end - item.start))
        done = item.end
    return "".join([*parts, text[done:]])


def _numbers(text: str) -> list[PrivateFinding]:
    """Identity and card numbers; looked for again after each find, since its removal can bare another."""
    found: list[PrivateFinding] = []
    flat = _flatten(text)
    for _ in range(8):
        new = [item for run in _runs(flat) for item in _in_run(run)]
        if not new:
            break
        found += new
        flat = _blank(flat, new)
    return found


def _runs(text: str) -> Iterator[_Run]:
    for match in _RUN.finditer(text):
        digits: list[str] = []
        places: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        before = -2
        for place, char in enumerate(match.group(), match.start()):
            if char.isdecimal():
                digits.append(char if char.isascii() else str(unicodedata.decimal(char)))
            elif re.match(_CHECK, char):
                digits.append("X")
            else:
                continue
            if place != before + 1 or digits[-1] == "X":  # "…453X": the digits may be a number of their own
                starts.append(len(places))
                if places:
                    ends.append(len(places))
            places.append(place)
            before = place
        ends.append(len(places))
        sizes = [end - start for start, end in zip(starts, [*starts[1:], len(places)], strict=True)]
        yield _Run("".join(digits), places, starts, ends, sizes, text)


def _in_run(run: _Run) -> list[PrivateFinding]:
    """The numbers of one run: strong forms before weak ones, longer before shorter, none overlapping."""
    ends = set(run.ends)
    hits: list[tuple[int, int, int, str]] = []  # strength (0 best), minus length, start, kind
    for start in run.starts:
        for length, kind, strength in _forms(run, start, ends):
            hits.append((strength, -length, start, kind))
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


def _forms(run: _Run, start: int, ends: set[int]) -> Iterator[tuple[int, str, int]]:
    """(length, kind, strength) of the numbers that begin at a group's start and end at a group's end."""
    digits = run.digits
    if start + 18 in ends and is_identity_18(digits[start : start + 18]):
        yield 18, ID_CARD, 0
    for length in card_lengths(digits[start : start + 6]):
        if start + length in ends and luhn(digits[start : start + length]) and _free_card(run, start, length):
            yield length, BANK_CARD, 1
    if start + 17 in ends and is_identity_17(digits[start : start + 17]) and _alone(run, start, 17):
        yield 17, ID_CARD, 2
    if start + 15 in ends and is_identity_15(digits[start : start + 15]) and _alone(run, start, 15):
        yield 15, ID_CARD, 2


def _free_card(run: _Run, start: int, length: int) -> bool:
    """Short cards must not hang on a code with letters: `AD-36-20260128-0007` is our own kind of number."""
    return length >= 16 or not re.search(
        r"[A-Za-z][A-Za-z0-9]{0,3}-?$", run.text[max(0, run.places[start] - 6) : run.places[start]]
    )


def _alone(run: _Run, start: int, length: int) -> bool:
    """For forms without checksum: no letter stands before, no short group of digits beside could belong to them."""
    first = run.places[start]
    if re.search(r"[A-Za-z]-?$", run.text[max(0, first - 2) : first]):
        return False
    if start + length < len(run.digits) and run.digits[start + length] == "X":
        return False
    index = bisect_left(run.starts, start)
    after = bisect_left(run.starts, start + length)
    near = run.sizes[max(0, index - 1) : index] + run.sizes[after : after + 1]
    return all(size > 4 for size in near)


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


def _mobiles(text: str) -> list[PrivateFinding]:
    found = []
    for run in _runs(text):
        skip = -1
        for index, start in enumerate(run.starts):
            if start < skip:
                continue
            prefix = next((p for p in ("0086", "86", "") if run.digits.startswith(p, start)), "")
            for lead in {prefix, ""}:
                head = start + len(lead)
                if _is_mobile(run, index, len(lead)) and run.digits[head] == "1" and run.digits[head + 1] in "3456789":
                    found.append(PrivateFinding(run.places[head], run.places[head + 10] + 1, MOBILE))
                    skip = head + 11
                    break
    return found


def _is_mobile(run: _Run, index: int, lead: int) -> bool:
    """Whether 11 digits begin `lead` digits into group `index`, grouped as people group a mobile number."""
    groups = run.sizes[index : index + 12]
    groups[0] -= lead
    if groups[0] == 0:
        return False  # the next group is tried on its own
    shape: list[int] = []
    for size in groups:
        shape.append(size)
        if sum(shape) >= 11:
            break
    first = run.places[run.starts[index]]
    word = re.search(r"([A-Za-z_]+)$", run.text[max(0, first - 12) : first])
    return tuple(shape) in _MOBILE_GROUPS and (word is None or word.group(1).lower() in _LABELS)


def _mails(text: str) -> Iterator[PrivateFinding]:
    done = 0
    for sign in _MAIL_SIGN.finditer(text):
        name = _MAIL_NAME.search(text[max(0, sign.start() - 64) : sign.start()])
        host = _MAIL_HOST.match(text, sign.end())
        if name is None or host is None:
            continue
        ending = re.search(r"[.．][A-Za-zＡ-Ｚａ-ｚ]{2,}$", host.group().rstrip("-"))
        start = sign.start() - len(name.group().lstrip("."))
        if ending and start < sign.start() and start >= done:
            done = sign.end() + len(host.group().rstrip("-"))
            yield PrivateFinding(start, done, EMAIL)


def shown(value: str, kind: str) -> str:
    """How a found number may appear in a finding: masked whole (ID, card) or in its middle (139****0000, a***@b.cn)."""
    if kind in MASKS:
        return MASKS[kind]
    if kind == MOBILE:
        digits = [str(unicodedata.decimal(char)) for char in _flatten(value) if char.isdecimal()]
        return "".join([*digits[:3], "****", *digits[-4:]])
    if kind == EMAIL:
        name, _, host = value.replace("＠", "@").partition("@")
        return f"{name[:1]}***@{host}"
    return value
