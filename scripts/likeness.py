"""Make what lint knows of likeness, `agentdesk/text/likeness.txt`: a linear model (`agentdesk/text/likeness.py`).

    python scripts/likeness.py            write it
    python scripts/likeness.py --check    exit 1 where the file was made of other sentences, or was changed since
    python scripts/likeness.py --cross    what it is worth: trained without one hand or without some rules, and tried on
                                          what the rules do not find there

It learns from the tests inside the lexicon, from the sentences of the shipped phrases and articles, from invented ones
of several hands (`likeness_sentences`, a file each: kind, category, sentence) and from the tuned half of the evaluation
set; the other half is not read.
"""

from __future__ import annotations

import hashlib
import math
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from agentdesk.text.findings import RANK, Finding  # noqa: E402
from agentdesk.text.lexicon import Rule, parse_rules  # noqa: E402
from agentdesk.text.likeness import CATEGORIES, SCALE, SURE, Model, features, parts  # noqa: E402
from agentdesk.text.lint import Linter  # noqa: E402
from tests.evaluation.scoring import FOLDER, HALVES, LINT, half  # noqa: E402

CONTENT = ROOT / "agentdesk" / "content"
MODEL = ROOT / "agentdesk" / "text" / "likeness.txt"
HANDS = Path(__file__).with_name("likeness_sentences")
GOOD = ""
COST = 3.0
"""What an error costs beside large weights (C of a support vector machine)."""
ROUNDS = 15
SEEN = 3
"""Sentences in which a feature must stand to count."""
EVEN = 0.4
"""How much a feature weighs that stands in forbidden sentences as often as in good ones, beside a usual one."""
LEAST = 0.1
"""Weights below which a feature is left out."""
SHARE = 0.01
"""Good sentences, half of them near-misses, of a hand it was not trained with, that may be hinted at."""
EASED = 0.02
"""Violations of such a hand that a rule warns of, but around which all may sound right, so that it only hints. It is
meant for days in which some hundred good sentences come on a violation: every second warning would be a false one."""
GROUPS = {"hands": 4, "rules": 8}
"""In how many groups hands or rules are left out in turn."""
_SENTENCE = re.compile("[^。！？!?；;\n]+")
_BODY = re.compile(r'^body\.zh-(?:CN|TW) = "(.*)"$', re.MULTILINE)
_AS_LABELLED = {"insult": "anger"}
HAND = ("near", "good")
"""Kinds of right sentences of a hand."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One to learn from: what it sounds like (GOOD: nothing), the file it is from, and its rule or kind there."""

    text: str
    features: tuple[str, ...]
    category: str
    file: str
    rule: str = ""


def rules_by_file() -> dict[str, list[Rule]]:
    """The shipped rules that judge words, by their file."""
    found = {
        path.name: parse_rules(path.read_text(encoding="utf-8")) for path in sorted(CONTENT.glob("lexicon/*.toml"))
    }
    return {
        name: [rule for rule in rules if rule.category in CATEGORIES and not rule.needs and not rule.detect]
        for name, rules in found.items()
    }


def sentences() -> list[Sentence]:
    """Everything to learn from, each once. A good sentence that the rules do stop is none, unless a hand says it is: it
    tells most of what a rule wrongly fears."""
    rules = rules_by_file()
    linter = Linter(rule for some in rules.values() for rule in some)
    seen: dict[str, Sentence] = {}
    for text, category, file, rule in (*_tests(rules), *_evaluated(), *_shipped(), *_invented()):
        pieces = _SENTENCE.findall(text)
        if category != GOOD and len(pieces) > 1:
            continue  # which of them it is nobody says
        for piece in pieces:
            names = tuple(features(known)) if (known := parts(piece)) else ()
            labelled = category != GOOD or rule in HAND
            if names and piece not in seen and (labelled or not _stopped(linter, piece)):
                seen[piece] = Sentence(piece, names, category, file, rule)
    return list(seen.values())


def _tests(rules: dict[str, list[Rule]]) -> Iterator[tuple[str, str, str, str]]:
    for name, some in rules.items():
        for rule in some:
            for test in rule.tests:
                yield test.text, rule.category if test.hit else GOOD, name, rule.id


def _evaluated() -> Iterator[tuple[str, str, str, str]]:
    for name in LINT:
        for line in (FOLDER / "lint" / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            if half(line) != HALVES[0]:
                continue
            label, category, text = line.split("\t")
            category = _AS_LABELLED.get(category, category)
            if label != "hit" or category in CATEGORIES:
                yield text, category if label == "hit" else GOOD, "tuned", ""


def _shipped() -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(CONTENT.glob("phrases/*.toml")):
        for body in _BODY.findall(path.read_text(encoding="utf-8")):
            yield re.sub(r"\{\w+\}", "", body), GOOD, "phrases", ""
    for path in sorted(CONTENT.glob("articles/*.md")):
        for line in path.read_text(encoding="utf-8").rpartition("\n+++\n")[2].splitlines():
            if line.endswith("。"):  # a heading is no sentence
                yield line.lstrip("-0123456789. "), GOOD, "articles", ""


def _invented() -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(HANDS.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, category, text = line.split("\t")
            yield text, category if kind == "hit" else GOOD, path.stem, kind


def _stopped(linter: Linter, text: str) -> bool:
    return gravest(linter.check(text)) in ("warn", "block")


def gravest(found: Iterable[Finding]) -> str:
    """The gravest severity of these findings, "" for none."""
    return max((one.severity for one in found), key=RANK.__getitem__, default="")


def train(learned: Sequence[Sentence]) -> Model:
    """The model of these sentences, without its scores."""
    return Model.read(written(learned, 0, 0).splitlines())


def written(learned: Sequence[Sentence], threshold: int, fine: int) -> str:
    """The same as the file holds it, its features sorted."""
    counts = Counter(name for one in learned for name in one.features)
    names = sorted(name for name, count in counts.items() if count >= SEEN)
    number = {name: place for place, name in enumerate(names)}
    rows = [([number[name] for name in one.features if name in number], len(one.features)) for one in learned]
    bad = [place for place, one in enumerate(learned) if one.category != GOOD]
    forbidden = _separate(rows, [one.category != GOOD for one in learned], len(names))
    said: list[list[str]] = [[] for _ in range(len(names) + 1)]
    for letter, category in zip("abcdefghijkl", CATEGORIES, strict=True):
        right = [learned[place].category == category for place in bad]
        weights = _separate([rows[place] for place in bad], right, len(names))
        for cell, weight in zip(said, weights, strict=True):
            if abs(weight) >= 0.1:
                cell.append(f"{letter}{round(weight * SCALE)}")
    lines = [
        f"{name}\t{round(forbidden[place] * SCALE)}\t{''.join(said[place])}"
        for place, name in enumerate(["", *names], -1)
        if abs(forbidden[place]) >= LEAST or not name
    ]
    return "\n".join([f"{threshold} {fine}", *lines]) + "\n"


def _separate(rows: Sequence[tuple[list[int], int]], right: Sequence[bool], size: int) -> list[float]:
    """The weights of a linear support vector machine with squared loss, by descent along one sentence at a time.

    A row holds the features of a sentence and how many it has, counted or not: each weighs one over the root of that,
    times how much it tells. The last weight is that of every sentence.
    """
    telling = _telling(rows, right, size)
    weights = [0.0] * (size + 1)
    pulls = [0.0] * len(rows)
    norms = [sum(map(telling.__getitem__, known)) / count + 1 + 1 / (2 * COST) for known, count in rows]
    order = list(range(len(rows)))
    chance = random.Random(7)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for place in order:
            known, count = rows[place]
            value, sign = count**-0.5, 1.0 if right[place] else -1.0
            score = value * sum(map(weights.__getitem__, known)) + weights[-1]
            pull = max(0.0, pulls[place] - (sign * score - 1 + pulls[place] / (2 * COST)) / norms[place])
            if (change := (pull - pulls[place]) * sign) != 0.0:
                pulls[place] = pull
                weights[-1] += change
                change *= value
                for name in known:
                    weights[name] += change * telling[name]
    return weights


def _telling(rows: Sequence[tuple[list[int], int]], right: Sequence[bool], size: int) -> list[float]:
    """How much each feature tells, squared: the log of how much likelier it is on one side (Wang and Manning, 2012)."""
    seen = [1.0] * size, [1.0] * size
    for (known, _), is_right in zip(rows, right, strict=True):
        for name in known:
            seen[is_right][name] += 1
    even = math.log(sum(seen[True]) / sum(seen[False]))
    ratios = [abs(math.log(yes / no) - even) for no, yes in zip(*seen, strict=True)]
    usual = sum(ratios) / max(1, size)
    return [(EVEN * usual + (1 - EVEN) * ratio) ** 2 for ratio in ratios]


Group: TypeAlias = "Callable[[Sentence], int]"
"""The number of the group in which a sentence is left out."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A sentence that the model did not know: how it was judged, `score` with what being sure of the category adds."""

    sentence: Sentence
    score: int
    category: str
    found: str
    """The gravest that the rules find which the model was trained with: a severity, or nothing."""
    wrong: Sequence[float] = ()
    """How wrong what is around the warned words sounds: alone, behind a good clause, and before one."""


def cross(known: Sequence[Sentence], group: Group, rules: Sequence[tuple[int, Rule]]) -> list[Tried]:
    """Leave out one group of sentences and rules after the other, and judge its sentences by the rest.

    The tuned half of the set is left out of all: the rules, and so their tests, were written with it known.
    """
    learned = [one for one in known if one.file != "tuned"]
    found: list[Tried] = []
    for left in sorted({group(one) for one in learned} - {-1}):
        model = train([one for one in learned if group(one) != left])
        linter = Linter(rule for number, rule in rules if number != left)
        clauses = cycle([one.text for one in learned if one.rule == "good" and group(one) in (left, -1)])
        for one in learned:
            if group(one) == left:
                score, _ = model.score(parts(one.text))
                category, margin = model.category(one.features)
                warned = linter.check(one.text)
                worst = gravest(warned)
                wrong = wrongness(model, one.text, warned, next(clauses)) if worst == "warn" else ()
                found.append(Tried(one, score + min(SURE, margin // 2), category, worst, wrong))
    return found


def wrongness(model: Model, text: str, found: Iterable[Finding], clause: str) -> tuple[float, float, float]:
    """How wrong what is around warned words sounds: alone, behind a good clause, and before one."""
    spans = [(one.start, one.end) for one in found if one.severity == "warn"]
    lead = f"{clause}，"
    return (
        max(model.wrongness(text, *span) for span in spans),
        max(model.wrongness(lead + text, start + len(lead), end + len(lead)) for start, end in spans),
        max(model.wrongness(f"{text}，{clause}", *span) for span in spans),
    )


def threshold_of(tried: Iterable[Tried]) -> int:
    """The score that no more than a hundredth of the good sentences reach."""
    scores = sorted(one.score for one in tried if one.sentence.category == GOOD)
    return scores[-1 - int(len(scores) * SHARE)] + 1


def fine_of(tried: Iterable[Tried]) -> int:
    """The score that all but a few of the violations are above of which the rules warn: up to it what is
    around the words sounds right."""
    scores = sorted(one.wrong[0] for one in tried if one.sentence.category != GOOD and one.found == "warn")
    return int(scores[int(len(scores) * EASED)]) - 1


def by_hand(known: Sequence[Sentence]) -> tuple[Group, list[tuple[int, Rule]]]:
    """Groups of invented sentences by who wrote them; all rules stay, and are what is to be found beyond."""
    hands = sorted({one.file for one in known if one.rule == "hit"})
    number = {name: place % GROUPS["hands"] for place, name in enumerate(hands)}
    return lambda one: number.get(one.file, -1), [(-1, rule) for some in rules_by_file().values() for rule in some]


def by_rule(known: Sequence[Sentence]) -> tuple[Group, list[tuple[int, Rule]]]:
    """Groups of rules, each rule in one of them; of no group (-1), so always learned from, is what tests no rule."""
    rules = [rule for some in rules_by_file().values() for rule in some]
    ids = sorted(rule.id for rule in rules)
    random.Random(3).shuffle(ids)
    number = {rule: place % GROUPS["rules"] for place, rule in enumerate(ids)}
    return lambda one: number.get(one.rule, -1), [(number[rule.id], rule) for rule in rules]


def told(tried: Sequence[Tried]) -> Iterator[str]:
    """What the two scores are worth, a line each."""
    threshold, fine = threshold_of(tried), fine_of(tried)
    kinds: dict[str, list[Tried]] = defaultdict(list)
    warned: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        if one.found == "warn":
            warned["good" if one.sentence.category == GOOD else "bad"].append(one)
        if one.sentence.category == GOOD:
            kinds["good sentences hinted at" if one.sentence.rule == "good" else "near-misses hinted at"].append(one)
        elif not one.found:
            kinds["violations found that the other rules miss"].append(one)
    for kind, some in sorted(kinds.items()):
        hinted = [one for one in some if one.score >= threshold]
        yield f"{kind}: {len(hinted)} of {len(some)} ({len(hinted) / len(some):.1%})"
        if kind.startswith("violations"):
            right = sum(one.category == one.sentence.category for one in hinted)
            yield f"  category right: {right} of {len(hinted)} ({right / max(1, len(hinted)):.1%})"
    for kind, some in sorted(warned.items()):
        for where, place in (("", 0), (" behind a good clause", 1), (" before one", 2)):
            eased = sum(one.wrong[place] <= fine for one in some)
            share = f"{eased} of {len(some)} ({eased / len(some):.1%})"
            yield f"warnings of {kind} sentences{where} that become hints: {share}"


def made() -> str:
    """The file: trained on everything, its scores those of hands left out."""
    known = sentences()
    tried = cross(known, *by_hand(known))
    return stamped(written(known, threshold_of(tried), fine_of(tried)), known)


def stamped(model: str, known: Sequence[Sentence]) -> str:
    """A model that tells of which sentences this script made it, since to make it again takes minutes."""
    scores, _, weights = model.partition("\n")
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update(repr(sorted(rules_by_file().items())).encode())  # what they warn of tells what may sound right
    for one in sorted(known, key=lambda one: one.text):
        digest.update(repr((one.text, one.category, one.file, one.features)).encode())
    digest.update(f"{scores}\n{weights}".encode())
    return f"{scores} {digest.hexdigest()}\n{weights}"


def is_current(model: str, known: Sequence[Sentence]) -> bool:
    """Whether a file was made by this script of these sentences, and nobody changed it since."""
    head, _, weights = model.partition("\n")
    return stamped(f"{head.rpartition(' ')[0]}\n{weights}", known) == model


def main(words: list[str]) -> int:
    """Write the model, look whether the file is current, or say what it is worth."""
    if words == ["--cross"]:
        known = sentences()
        sys.stdout.write(f"{len(known)} sentences, {sum(one.category != GOOD for one in known)} of them forbidden\n")
        for name, groups in (("hands", by_hand(known)), ("rules", by_rule(known))):
            sys.stdout.write("".join(f"{name} left out: {line}\n" for line in told(cross(known, *groups))))
        return 0
    if words == ["--check"]:
        if MODEL.exists() and is_current(MODEL.read_text(encoding="utf-8"), sentences()):
            return 0
        sys.stderr.write(f"{MODEL.name} is not up to date: run scripts/likeness.py\n")
        return 1
    MODEL.write_text(made(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
