"""Ways to reach a person in a text: mobiles, landlines, mail addresses. They may be stored; lint hints at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agentdesk.text.digit_runs import GAP, Run, Span, dense, flattenings, runs

MOBILE, LANDLINE, EMAIL = "mobile", "landline", "email"

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff]")
_BREAK = r"[ \t]{0,4}\r?\n[ \t]{0,4}"
_BROKEN = re.compile(rf"(?<!\d)(?=\d{{4}}|\d{{1,3}}{_BREAK}\d{{4}})(\d{{1,10}})({_BREAK})(?=(\d{{1,10}})(?!\d))")
"""Two groups of digits with a line break between them, one of them of four or more."""
_WHOLE = frozenset((7, 8, 11))
"""Digits of a local number and of a mobile."""
_WIDE_DIGITS = {ord("０") + value: ord("0") + value for value in range(10)}
_DOTTED = re.compile(r"(?<![\d.])1[3-9]\d([.·•‧・_/,，、*＊~～|])\d{4}\1\d{4}(?![\d.])")
"""A mobile with dots between its groups; addresses and versions of programs have other groups."""

MAIL_SIGN = re.compile("[@＠]")
_MAIL_SIGN = re.compile(r"\s?[@＠]\s?(?=[A-Za-zＡ-Ｚａ-ｚ0-9０-９])")
_MAIL_NAME = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９._%+\-．＿－]{1,64}$")
_MAIL_HOST = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９\-]{1,63}(?:[.．][A-Za-z0-9Ａ-Ｚａ-ｚ０-９\-]{1,63}){0,6}")
_AREA = r"(?:10|2\d|[3-9]\d{2})"
_LANDLINE = re.compile(
    rf"(?<![\dA-Za-z])(?<!\d[-.])(?:[(（【\[]?0{_AREA}(?:[)）】\]]|[./])?|\+86{GAP}{{0,2}}{_AREA}){GAP}{{0,3}}"
    rf"(?=[2-9])(?:\d{{3}}{GAP}{{0,2}}\d{{4,5}}|\d{{4}}{GAP}{{0,2}}\d{{3,4}})"
    rf"(?:-\d{{1,4}}| \d{{1,3}})?(?![\d.]|-\d|{GAP}\d{{4}}(?!\d))"
)
"""An area code (010, two or three digits behind 02 to 09), seven or eight digits, perhaps an extension."""
_SECOND = frozenset("3456789")
"""Second digit of a mobile number."""
_HEADS = frozenset(("00", "86", *(f"1{digit}" for digit in _SECOND)))
"""First two digits of a mobile number, or of the country code before it."""
_MOBILE_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 7), (3, 3, 5), (4, 4, 3), (3, 5, 3), (5, 6), (1,) * 11}
_LAST_WORD = re.compile("[A-Za-z_]+$")
_LABELS = ("tel", "phone", "mobile", "mob", "cell", "wx", "wechat", "weixin", "qq", "no", "call", "sms", "id", "card")


def find_contacts(text: str, pieces: list[Span] | None = None) -> list[tuple[int, int, str]]:
    """(start, end, kind) of every way to reach a person, not overlapping.

    Mails first: a number that is part of an address (13800005678@…) belongs to it; then mobiles, then landlines.
    `pieces`: what `dense` said of the text, where it was asked before.
    """
    if MAIL_SIGN.search(text):
        return _found(text, text)
    pieces = dense(text) if pieces is None else pieces
    return [(start + a, start + b, kind) for start, end in pieces for a, b, kind in _found(text[start:end], text)]


def _found(text: str, whole: str) -> list[tuple[int, int, str]]:
    """The same of a piece of a text."""
    bare, at = _visible(text)
    taken: set[int] = set()
    found: list[tuple[int, int, str]] = []
    for kind, start, end in _spans(bare, whole):
        if start not in taken and end - 1 not in taken:
            taken.update(range(start, end))
            found.append((at[start], at[end - 1] + 1, kind))
    return found


def _spans(bare: str, whole: str) -> Iterator[tuple[str, int, int]]:
    """What is found in a visible text, the surest first."""
    yield from ((EMAIL, *span) for span in mails(bare))
    for read in flattenings(bare, lambda: _visible(whole)[0]):
        flat = _DOTTED.sub(lambda dotted: dotted.group().replace(dotted.group(1), "-"), read.translate(_WIDE_DIGITS))
        yield from ((MOBILE, *span) for span in mobiles(flat))
        yield from ((LANDLINE, *span) for span in landlines(flat))


def _visible(text: str) -> tuple[str, Sequence[int]]:
    """The text without invisible characters and without line breaks inside a number, and where each character stood."""
    gone = {found.start() for found in _INVISIBLE.finditer(text)} if not text.isascii() else set()
    if "\n" in text:
        for found in _BROKEN.finditer(text):
            if len(found.group(1)) + len(found.group(3)) in _WHOLE:
                gone.update(range(*found.span(2)))
    if not gone:
        return text, range(len(text))
    at = [place for place in range(len(text)) if place not in gone]
    return "".join(text[place] for place in at), at


def mobiles(text: str) -> Iterator[tuple[int, int]]:
    """Where mobile numbers stand in a flattened text."""
    for run in runs(text):
        skip = -1
        for index, start in enumerate(run.starts):
            if start < skip or run.digits[start : start + 2] not in _HEADS:
                continue
            for lead in _leads(run.digits, start):
                head = start + lead
                if (
                    run.digits[head : head + 1] == "1"
                    and run.digits[head + 1 : head + 2] in _SECOND
                    and _is_mobile(run, index, lead)
                ):
                    yield run.places[head], run.places[head + 10] + 1
                    skip = head + 11
                    break


def _leads(digits: str, start: int) -> tuple[int, ...]:
    """How many digits of a country code may stand before a mobile number that begins here."""
    if digits.startswith("0086", start):
        return (4, 0)
    return (2, 0) if digits.startswith("86", start) else (0,)


def _is_mobile(run: Run, index: int, lead: int) -> bool:
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
    word = _LAST_WORD.search(run.text[max(0, first - 12) : first])
    return tuple(shape) in _MOBILE_GROUPS and (word is None or word.group().lower() in _LABELS)


def mails(text: str) -> Iterator[tuple[int, int]]:
    """Where mail addresses stand."""
    if not MAIL_SIGN.search(text):
        return
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
            yield start, done


def landlines(text: str) -> Iterator[tuple[int, int]]:
    """Where landline numbers with their area code stand in a flattened text."""
    if "0" in text or "+86" in text:
        for found in _LANDLINE.finditer(text):
            yield found.span()
