"""Addresses down to the house in a text, mainland and Taiwan: street and number, or building and flat. Lint hints.

A city, a district or a street alone is no address: shops and customers are told apart by the number. Each look is
anchored at a word such as 路, 弄 or 栋 and reads a bounded piece around it, so that the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ADDRESS = "address"

_N = r"(?:[0-9０-９]{1,5}|[〇零一二三四五六七八九十百]{1,5})"
_SP = r"[ \t\u3000]{0,2}"
_STREET = re.compile(
    rf"[路街道巷同村屯]{_SP}(?:[东南西北中東](?:路|街)|支路)?{_SP}"
    rf"(?:[东南西北中上下東]?{_N}?{_SP}[段组組]{_SP})?(?:{_N}{_SP}巷{_SP})?(?:{_N}{_SP}弄{_SP})?"
    rf"[甲乙丙丁附]?{_N}(?:[-－–之]{_N})?{_SP}(?:(?P<sign>[号號弄])(?:之{_N})?)?"
)
"""A street with a number; a number without 号 counts only behind a district."""
_BUILDING = re.compile("[栋棟幢座舍弄号號单單](?:(?<=[栋棟幢座舍弄])|(?<=[号號])[楼樓院]|(?<=[单單])元)")
_BEFORE = re.compile(rf"(?:{_N}|[A-Za-zＡ-Ｚ]){_SP}$")
_FLAT = rf"(?:{_N}[室房层層楼樓号號]|[0-9０-９]{{3,4}}(?![0-9０-９]))"
_BEHIND = {
    "元": re.compile(rf"{_SP}{_FLAT}"),
    "弄": re.compile(rf"{_SP}{_N}{_SP}[号號]"),
    "": re.compile(
        rf"{_SP}(?:{_N}{_SP}(?:单元|單元|门){_SP}(?:{_FLAT})?|{_N}[室房层層楼樓]|[0-9０-９]{{3,4}}(?![0-9０-９]))"
    ),
}
"""A building and what is in it, a part of a building with its flat, a lane with its house."""
_WITHIN = re.compile(
    rf"(?:{_SP}(?:[甲乙附]?(?:{_N}|[A-Za-z])(?:[-－–之]{_N})?{_SP}(?:号楼|號樓|号院|号|號|栋|棟|幢|座|单元|單元|室|房|层|層|楼|樓)"
    rf"(?:之{_N})?|院|[0-9０-９]{{3,4}}(?![0-9０-９]))){{1,6}}"
)
"""What follows a number of a house: building, floor, flat."""
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{1,24}$")
_DISTRICT = re.compile("[省市区區县縣镇鎮乡鄉州道园園]")
_LEADS = re.compile("[在到是为為址于於寄送往住去给給：:，,。]|我|您|你|请|請")
"""Words that lead to an address and are no part of it."""
_NO_STREET = tuple("线線电電思套网網这這那条條走道问問岔半迷引多逛本该該全几幾")
"""线路, 这条路, 一路: no names of streets."""
_NO_HOUSE = re.compile(
    r"[店线線口机機柜链鏈出仓倉色码碼日]|之?前|[上下]午|[早晚]上|到|施工|封路|停[电水電]|开业|開業|起"
)
"""What follows a number that is a day, a shop or an exit."""
_COUNTED = re.compile("[0-9０-９年月日天米公元次分小时個个人家辆公块條条车車折期款%％.．]")
"""What follows a number that counts something, behind a street without 号."""


def may_be_address(sentence: str) -> bool:
    """Whether a sentence holds an address, or begins with what may be one behind the line break before it."""
    found = _STREET.search(sentence) or _BUILDING.search(sentence)
    return found is not None and (
        _BUILDING.match(sentence) is not None or not found.start() or any(find_addresses(sentence))
    )


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every address with a house or a flat, in order, not overlapping."""
    done = 0
    for start, end in sorted((*_streets(text), *_buildings(text))):
        if start >= done:
            done = end
            yield start, end


def _streets(text: str) -> Iterator[tuple[int, int]]:
    for found in _STREET.finditer(text):
        head = _NAME.search(text[max(0, found.start() - 24) : found.start()])
        name = head.group() if head else ""
        if not _is_street(found.group()[0], name):
            continue
        end = found.end()
        if found.group("sign"):
            if _NO_HOUSE.match(text, end) and not text.startswith(("楼", "樓", "院"), end):
                continue
        elif not _DISTRICT.search(name) or _COUNTED.match(text, end):
            continue
        yield found.start() - len(_told(name)), _inside(text, end)


def _is_street(sign: str, name: str) -> bool:
    """Whether a name and 路, 街, 道, 巷, 同, 村 or 屯 behind it are a street, or a village."""
    if sign in "道同":
        return name.endswith("大" if sign == "道" else "胡")
    return len(name) > 1 and not name.endswith(_NO_STREET)


def _buildings(text: str) -> Iterator[tuple[int, int]]:
    for found in _BUILDING.finditer(text):
        before = _BEFORE.search(text[max(0, found.start() - 7) : found.start()])
        behind = _BEHIND.get(found.group()[-1], _BEHIND[""]).match(text, found.end()) if before else None
        if before and behind:
            yield found.start() - len(before.group()), _inside(text, behind.end())


def _inside(text: str, end: int) -> int:
    """Where the address ends once building, floor and flat are read too."""
    more = _WITHIN.match(text, end)
    return more.end() if more else end


def _told(name: str) -> str:
    """The name without what leads to it: 我家在张杨 → 张杨."""
    leads = [found.end() for found in _LEADS.finditer(name)]
    return name[leads[-1] :] if leads and leads[-1] < len(name) else name
