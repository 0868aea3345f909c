"""An invented help desk and what people type to find something in it: seeded, from words written by hand.

Articles: faults of goods and matters of business, some in traditional script, and titles with characters of several
readings. The right answers of a query follow from what it was made of (the same good and fault, the piece of text it
was cut from), never from a search. Pinyin is put together from syllables written by hand, traditional queries are made
by OpenCC, typos from a list of look-alike sounds: nothing of it is made by what makes the index.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from agentdesk.store import starter

MODELS = 3
"""Articles on one fault of one good, each of another brand and model."""
TRADITIONAL = 0.15
"""Share of the articles that are written in traditional script."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Words with their pinyin, how else they are said, as Taiwan says them, and the letters or code beside them."""

    words: str
    sounds: tuple[str, ...]
    said: tuple[str, ...] = ()
    taiwan: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One made article; `about` and `what` say what it is on, `sounds` the pinyin of the head of its title."""

    id: str
    title: str
    body: str
    about: Thing | None = None
    what: Thing | None = None
    model: str = ""
    head: tuple[str, ...] = ()
    traditional: bool = False

    @property
    def topic(self) -> tuple[str, str]:
        """What several articles have in common."""
        return (self.about.words, self.what.words) if self.about and self.what else (self.id, "")


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: what is typed, and the articles of which any one is the right answer."""

    kind: str
    words: str
    right: frozenset[str]


@cache
def words() -> dict[str, Any]:
    """The words of the help desk as they stand in the file."""
    return tomllib.loads(Path(__file__).with_name("helpdesk.toml").read_text(encoding="utf-8"))


@cache
def converter(name: str) -> Callable[[str], str]:
    """A converter between the scripts that the product does not use."""
    import opencc  # type: ignore[import-untyped, unused-ignore]

    made = opencc.OpenCC(name)
    return lambda text: str(made.convert(text))


# -- articles ---------------------------------------------------------------------------------------------------------


def articles(seed: int = 7, models: int = MODELS) -> list[Article]:
    """The whole base: made ones, those for the polyphones, and the shipped ones."""
    chance = random.Random(seed)
    made = [*_faults(chance, models), *_matters(chance, models), *_polyphones(chance)]
    chance.shuffle(made)
    shipped = [Article(one.code, one.title, f"{one.plain_summary}\n{one.body}") for one in starter.articles()]
    return [*(_in_script(one, chance) for one in made), *shipped]


def _faults(chance: random.Random, models: int) -> Iterator[Article]:
    for number, group in enumerate(words()["group"]):
        goods = [_thing(line, "good") for line in group["goods"]]
        faults = [_thing(line, "fault") for line in group["faults"]]
        for at, (good, fault) in enumerate((good, fault) for good in goods for fault in faults):
            for turn in range(models):
                model = f"{good.code}{chance.randint(10, 99)}-{chance.choice('ABCEGHKMPT')}{chance.randint(1, 99)}"
                title = _title(chance, good, fault, model, turn)
                body = _body(chance, group["parts"], good, fault, model)
                yield Article(f"f{number}-{at}-{turn}", title, body, good, fault, model, good.sounds + fault.sounds)


def _title(chance: random.Random, good: Thing, fault: Thing, model: str, turn: int) -> str:
    brand, line = chance.choice(words()["brands"]), chance.choice(words()["lines"])
    if turn == 0:
        return good.words + fault.words + chance.choice(("怎么办", "怎么处理", "的排查步骤", "是什么原因"))
    if turn == 1:
        return f"{brand}{line}{good.words}{fault.words}{chance.choice(('的处理方法', '能不能退换', '怎么报修'))}"
    return f"{brand}{good.words} {model} {fault.words}{chance.choice(('案例', '说明', '维修指引'))}"


def _body(chance: random.Random, parts: list[str], good: Thing, fault: Thing, model: str) -> str:
    first, second = chance.sample(parts, 2)
    known = {"good": good.words, "fault": fault.words, "part": first, "part2": second, "model": model}
    known |= {"code": fault.code or "Err", "line": chance.choice(words()["lines"]), "page": str(chance.randint(3, 60))}
    known["place"] = chance.choice(words()["matters"]["places"])
    chosen = chance.sample(words()["sentences"]["fault"], chance.randint(4, 8))
    said = chance.choice(fault.said) if fault.said and chance.random() < 0.6 else ""
    return "\n".join([*(one.format_map(known) for one in chosen), *([f"客户常说：{said}。"] if said else [])])


def _matters(chance: random.Random, models: int) -> Iterator[Article]:
    known = words()["matters"]
    owners = zip(known["of"], known["of_pinyin"], strict=True)
    of_all = [Thing(one, tuple(sounds.split())) for one, sounds in owners]
    whats = [_thing(line, "matter") for line in known["words"]]
    for at, (of, what) in enumerate((of, what) for of in of_all for what in whats):
        for turn in range(models):
            place = chance.choice(known["places"])
            title = of.words + what.words if turn == 0 else f"{place}{of.words}{what.words}"
            title += (
                chance.choice(("", "说明", "常见问答", "怎么回答")) if turn else chance.choice(("怎么答复", "是怎样的"))
            )
            slots = {"of": of.words, "word": what.words, "place": place}
            chosen = chance.sample(words()["sentences"]["matter"], chance.randint(3, 7))
            body = "\n".join(one.format_map(slots | {"days": str(chance.randint(2, 15))}) for one in chosen)
            yield Article(f"m{at}-{turn}", title, body, of, what, "", of.sounds + what.sounds)


def _polyphones(chance: random.Random) -> Iterator[Article]:
    for at, line in enumerate(words()["typed"]["polyphones"]):
        title, _, letters = line.partition("|")
        body = chance.choice(words()["sentences"]["matter"]).format(
            of=title, word="这件事", place=chance.choice(words()["matters"]["places"]), days=chance.randint(2, 15)
        )
        yield Article(f"p{at}", title, body, head=(letters,))


def _thing(line: str, kind: str) -> Thing:
    parts = line.split("|")
    if kind == "good":
        return Thing(parts[0], tuple(parts[1].split()), taiwan=parts[2], code=parts[3])
    return Thing(parts[0], tuple(parts[1].split()), tuple(parts[2].split(",")), code=parts[3] if len(parts) > 3 else "")


def _in_script(one: Article, chance: random.Random) -> Article:
    if one.id[0] == "p" or chance.random() >= TRADITIONAL:
        return one
    turn = converter("s2t")
    return Article(one.id, turn(one.title), turn(one.body), one.about, one.what, one.model, one.head, traditional=True)


# -- queries ----------------------------------------------------------------------------------------------------------

KINDS = (
    "simplified", "body words", "colloquial", "traditional", "cross-script", "regional", "random typo",
    "homophone typo", "short typo", "title", "full pinyin", "partial pinyin", "initials", "polyphones", "mixed",
)  # fmt: skip


def asked(base: list[Article], count: int = 300, seed: int = 11) -> list[Asked]:
    """Queries of every kind, up to `count` of each."""
    chance = random.Random(seed)
    topics: dict[tuple[str, str], set[str]] = {}
    for one in base:
        topics.setdefault(one.topic, set()).add(one.id)
    made = [one for one in base if one.about]
    simple = [one for one in made if not one.traditional]
    found: list[Asked] = []

    def several(kind: str, among: list[Article], make: Callable[[Article], str]) -> None:
        for one in chance.sample(among, min(count, len(among))):
            typed = make(one)
            if typed:
                found.append(Asked(kind, typed, frozenset(topics[one.topic])))

    several("simplified", simple, lambda one: _plain(chance, one))
    several("colloquial", [one for one in simple if one.what and one.what.said], lambda one: _said(chance, one))
    several("traditional", simple, lambda one: converter("s2t")(_plain(chance, one)))
    several("cross-script", [one for one in made if one.traditional], lambda one: _plain(chance, one))
    several("regional", [one for one in simple if one.about and one.about.taiwan], _regional)
    several("random typo", simple, lambda one: _wrong(chance, _joined(one), _any_character))
    several("homophone typo", simple, lambda one: _wrong(chance, _joined(one), _same_sound))
    several("short typo", simple, lambda one: _wrong(chance, _joined(one)[:4], _same_sound))
    several("full pinyin", made, lambda one: "".join(one.head))
    several("partial pinyin", made, lambda one: _cut(chance, one.head))
    several("initials", made, lambda one: "".join(sound[0] for sound in one.head))
    found += [Asked("title", one.title, frozenset((one.id,))) for one in chance.sample(base, min(count, len(base)))]
    found += [Asked("body words", *piece) for piece in _pieces(chance, base, count)]
    several_models = [one for one in made if one.model and one.model in one.body + one.title]
    for one in chance.sample(several_models, min(count, len(several_models))):
        code = one.model if chance.random() < 0.5 else one.model.partition("-")[0].lower()
        holders = (other.id for other in base if code.lower() in f"{other.title} {other.body}".lower())
        found.append(Asked("mixed", f"{_names(one)[0]} {code}", frozenset(holders) & topics_of_good(base, one)))
    found += [Asked("polyphones", one.head[0], frozenset((one.id,))) for one in base if one.id[0] == "p" and one.head]
    return [one for one in found if one.right]


def topics_of_good(base: list[Article], one: Article) -> frozenset[str]:
    """The articles about the same good."""
    return frozenset(other.id for other in base if other.about == one.about)


def _names(one: Article) -> tuple[str, str]:
    assert one.about and one.what
    return one.about.words, one.what.words


def _joined(one: Article) -> str:
    return "".join(_names(one))


def _plain(chance: random.Random, one: Article) -> str:
    about, what = _names(one)
    asked_so = ("{a}{w}", "{w}的{a}", "{a} {w}", "{a}为什么{w}", "我的{a}{w}了怎么弄", "{w} {a} 处理")
    return chance.choice(asked_so).format(a=about, w=what)


def _said(chance: random.Random, one: Article) -> str:
    assert one.about and one.what
    return f"{one.about.words}{chance.choice(one.what.said)}"


def _regional(one: Article) -> str:
    assert one.about and one.what
    return f"{one.about.taiwan} {converter('s2t')(one.what.words)}"


def _any_character(chance: random.Random, char: str) -> str:
    noise: str = words()["typed"]["noise"]
    return chance.choice([other for other in noise if other != char])


@cache
def _sounding() -> dict[str, str]:
    return {char: group for group in words()["typed"]["homophones"] for char in group}


def _same_sound(chance: random.Random, char: str) -> str:
    others = [other for other in _sounding().get(char, "") if other != char]
    return chance.choice(others) if others else ""


def _wrong(chance: random.Random, text: str, other: Callable[[random.Random, str], str]) -> str:
    """The text with one character changed; "" where none can be."""
    places = [at for at, char in enumerate(text) if other(random.Random(0), char)]
    if not places:
        return ""
    at = chance.choice(places)
    return text[:at] + other(chance, text[at]) + text[at + 1 :]


def _cut(chance: random.Random, sounds: tuple[str, ...]) -> str:
    """Pinyin as it stands while the last syllable is being typed."""
    most = min(len(sounds), chance.randint(3, 6))
    last = sounds[most - 1]
    return "".join(sounds[: most - 1]) + last[: chance.randint(1, max(1, len(last) - 1))]


def _pieces(chance: random.Random, base: list[Article], count: int) -> Iterator[tuple[str, frozenset[str]]]:
    """Two pieces of a body, and every article in which both stand, in either script."""
    simple = {one.id: converter("t2s")(one.body) if one.traditional else one.body for one in base}
    for one in chance.sample([one for one in base if one.about and not one.traditional], count):
        lines = [line.rstrip("。") for line in one.body.split("\n") if len(line) >= 12]
        first, second = (chance.sample(lines, 2)) if len(lines) > 1 else (lines[0], lines[0])
        cut = [text[(at := chance.randint(0, len(text) - 7)) : at + 6].strip("，。：") for text in (first, second)]
        yield " ".join(cut), frozenset(known for known, body in simple.items() if all(piece in body for piece in cut))
