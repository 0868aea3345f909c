"""Texts that are meant to be slow to judge: what a person at a keyboard, a paste or an attacker could bring.

For measuring lint and for its tests. Some are of one fragment without end, some are made of the rules' own words, so
that everything is a near hit.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from agentdesk.text.lexicon import Rule
from agentdesk.text.patterns import parse

REPEATED = {
    "one character": "不", "doubled characters": "不不知知道道", "apart by commas": "不,知,道,",
    "invisible characters between": "不\u200b知\u200b道", "invisible characters": "\u200b", "commas": ",",
    "full stops": ".", "line breaks": "\n", "a letter a line": "a\n", "a digit a line": "1\n",
    "a mobile a line": "13800005678\n", "digits apart": "1 2 ", "digits by dashes": "1-", "ones": "1",
    "parts of a card": "6222 0212 3456 ", "area codes": "010-", "country codes": "+86 ", "a letter": "a", "o": "o",
    "digits and o": "1o", "pinyin": "buzhidao", "long pinyin": "zhidao" * 9 + " ", "emoji": "😀",
    "joined emoji": "👨\u200d👩\u200d👧", "accents": "e\u0301\u0301\u0301", "ligatures": "\ufdfa",
    "squared units": "㎏", "traditional": "乾隆發髮乾", "full-width": "ＡＢＣ１２３", "open quotes": "“",
    "quotes and words": "“不知道",
    "straight quotes": '"', "quoted lines": ">\n", "braces": "{", "half variables": "{a|", "half blanks": "[客户",
    "crosses": "xx", "nobody": "尊敬的\n", "mail signs": "a@", "half mails": "a@b.", "order words": "订单号",
    "dated numbers": "A-B-20240101-", "orders": "O-20240428-3○", "labelled orders": "订单A1234567 ",
    "mails and numbers": "a@b.三”_随便您O-20240428-386", "words and numbers": "随便您86世世代代",
    "requests": "请提供发我", "secrets": "密码验证码身份证号",
    "both": "请提供密码验证码",
    "denials": "不能保证不会", "sounds alike": "保正收意", "no sentence": "的一是在了有和人这中大为上个国我以要",
}  # fmt: skip
DRAWN = {"digits": "0123456789", "numerals": "一二三四五六七八九零", "Latin letters": "abcdefghijklmnopqrstuvwxyz"}


def hard_texts(rules: Iterable[Rule], length: int, drawn: int = 6, seed: int = 1) -> Iterator[tuple[str, str]]:
    """(name, text) of texts of `length` characters, `drawn` of them from the fragments of the rules by chance."""
    for name, part in REPEATED.items():
        yield name, endless(part, length)
    chance = random.Random(seed)
    for name, letters in DRAWN.items():
        yield name, "".join(chance.choices(letters, k=length))
    pieces = fragments(rules)
    between = ["", "", " ", "，", "。", "\n", "\u200b", "😀", "·"]
    for number in range(drawn):
        some = chance.sample(pieces, min(len(pieces), chance.choice((3, 12, 200, 5_000))))
        sign = chance.choice(between)
        parts = [chance.choice(some) + sign for _ in range(length // (2 if sign else 1) + 1)]
        yield f"fragments {number}", "".join(parts)[:length]


def endless(part: str, length: int) -> str:
    """One part again and again, to a length."""
    return (part * (length // len(part) + 1))[:length]


def fragments(rules: Iterable[Rule]) -> list[str]:
    """The words of the rules: what they find, what excuses it."""
    found: dict[str, None] = {}
    for rule in rules:
        for pattern in rule.patterns:
            parts = parse(pattern).parts
            found.update((word, None) for part in parts for word in part if isinstance(word, str) and word)
            found["".join(part[0] for part in parts if part and isinstance(part[0], str))] = None
        for allow in rule.allow:
            found.update(dict.fromkeys((*allow.around, *allow.before, *allow.after, *allow.unless)))
    return [word for word in found if word]
