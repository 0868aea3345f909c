"""Scores lint and the finder of private numbers on labelled sets, written before the rules and apart from them.

    python -m tests.evaluation.scoring             the figures of both halves
    python -m tests.evaluation.scoring --misses    and the sentences judged wrongly: of the first half alone
    python -m tests.evaluation.scoring --write     put the figures into docs/lint.md

Each set is split by a checksum of its lines. Rules are tuned on the first half; of the second only figures are looked
at. Beside them stand sentences of hands that nobody read and nothing learns from (`hands`, a file each: kind, category,
sentence), who knew no rule.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from agentdesk.desk.library import shipped_linter, shipped_rules
from agentdesk.text.addresses import find_addresses
from agentdesk.text.lint import Context, Linter
from agentdesk.text.privacy import find_private

FOLDER = Path(__file__).parent
LEARNED = FOLDER.parent.parent / "scripts" / "likeness_sentences"
"""Sentences of hands that likeness does learn from."""
PAGE = FOLDER.parent.parent / "docs" / "lint.md"
MARKS = ("<!-- figures -->", "<!-- /figures -->")
HANDS = ("deliveries", "care")
KINDS = ("hit", "near", "good")
"""Of a hand's sentences: violations, right ones beside a forbidden wording, and ordinary ones."""
LINT = ("plain", "evasion", "near_miss", "clean", "traditional", "english")
HALVES = ("tuned", "held back")
ASIDE = frozenset(("PV-05", "PV-06", "PV-07", "PV-08", "JG-01"))
"""Rules that hint at what may be right: a phone number, an address, a technical term."""
WHERE = Context(industry="retail", likeness=True)


@dataclass
class Score:
    """How many sentences of one kind and half were judged rightly."""

    right: int = 0
    count: int = 0
    warned: int = 0
    """Of violations: those found above the level of a hint."""
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The part judged rightly."""
        return self.right / self.count if self.count else 1.0


Scores = dict[tuple[str, str, str], Score]
"""(set, hit or pass, half) -> score."""


def half(line: str) -> str:
    """Which half a line belongs to."""
    return HALVES[zlib.crc32(line.encode()) % 2]


def lint_scores() -> Scores:
    """Judge the sentences of the lint set. A violation counts as found by a finding of any level; a good sentence
    passes where nothing above a hint is found, as a hint asks for nothing."""
    linter, scores = shipped_linter(), defaultdict[tuple[str, str, str], Score](Score)
    for name in LINT:
        for line in (FOLDER / "lint" / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            label, _, text = line.split("\t")
            _judge(linter, scores[name, label, half(line)], label == "hit", text, line)
    return scores


def hand_scores() -> Scores:
    """Judge the sentences of unknown hands in the same way."""
    linter, scores = shipped_linter(), defaultdict[tuple[str, str, str], Score](Score)
    for name, kind, text in hand_sentences():
        _judge(linter, scores[name, kind, HALVES[1]], kind == "hit", text, text)
    return scores


def hand_sentences() -> Iterator[tuple[str, str, str]]:
    """(hand, kind, sentence) of all hands that are held back."""
    for name in HANDS:
        for line in (FOLDER / "hands" / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            kind, _, text = line.split("\t")
            yield name, kind, text


def _judge(linter: Linter, score: Score, forbidden: bool, text: str, line: str) -> None:
    found = [one for one in linter.check(text, WHERE) if one.rule not in ASIDE]
    graver = [one for one in found if one.severity != "hint"]
    score.count += 1
    score.warned += bool(graver)
    if bool(found if forbidden else graver) is forbidden:
        score.right += 1
    else:
        score.wrong.append(f"{line}\t{', '.join(f'{one.rule}:{one.text}' for one in graver)}")


def lacking_scores() -> Scores:
    """Good sentences in which nothing is missing: told to a calm customer and to an upset one, in a phase of the
    contact that still wants its polite word. A single sentence is no whole message, so this is the worst case."""
    linter = Linter(shipped_rules())
    scores: Scores = defaultdict(Score)
    for emotion in ("calm", "angry"):
        where = Context(industry="retail", emotion=emotion, due=linter.due(()))
        for line in (FOLDER / "lint" / "clean.tsv").read_text(encoding="utf-8").splitlines():
            found = [one.rule for one in linter.check(line.split("\t")[2], where) if one.adds]
            score = scores[f"clean, {emotion}", "pass", half(line)]
            score.count += 1
            score.right += not found
            if found:
                score.wrong.append(f"{line}\t{', '.join(found)}")
    return scores


def privacy_scores() -> Scores:
    """Judge the private numbers, each for itself, addresses, and the lookalikes of both."""
    scores: Scores = defaultdict(Score)
    for line in (FOLDER / "privacy" / "numbers.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = [one.kind for one in find_private(row["text"])]
        for kind in row["kinds"]:
            score = scores[kind, "hit", half(line)]
            score.count += 1
            if kind in found:
                found.remove(kind)
                score.right += 1
            else:
                score.wrong.append(line)
    for line in (FOLDER / "privacy" / "lookalikes.jsonl").read_text(encoding="utf-8").splitlines():
        found = [one.kind for one in find_private(json.loads(line)["text"])]
        score = scores["lookalikes", "pass", half(line)]
        score.count += 1
        score.right += not found
        if found:
            score.wrong.append(f"{line} {found}")
    for name, label in (("addresses", "hit"), ("address_lookalikes", "pass")):
        for line in (FOLDER / "privacy" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            found = list(find_addresses(json.loads(line)["text"]))
            score = scores[name.replace("_", " "), label, half(line)]
            score.count += 1
            if bool(found) is (label == "hit"):
                score.right += 1
            else:
                score.wrong.append(line)
    return scores


def table(scores: Scores) -> list[str]:
    """The figures as rows of a Markdown table."""
    rows = ["| set | should | " + " | ".join(HALVES) + " |", "|---|---|" + "---|" * len(HALVES)]
    for name, label in dict.fromkeys((name, label) for name, label, _ in scores):
        cells = [scores[name, label, part] for part in HALVES]
        told = [
            f"{one.right} of {one.count} ({one.share:.1%}"
            + (f"; {one.warned} above a hint)" if label == "hit" and one.warned else ")")
            for one in cells
        ]
        rows.append(f"| {name} | {'be found' if label == 'hit' else 'pass'} | {' | '.join(told)} |")
    return rows


def hand_table(scores: Scores) -> list[str]:
    """The figures of unknown hands, a row for each and their sum."""
    rows = ["| hand | violations found | near-misses that pass | good that pass |", "|---|---|---|---|"]
    for name in (*HANDS, "both"):
        sums = [
            [one for (hand, kind, _), one in scores.items() if kind == wanted and name in (hand, "both")]
            for wanted in KINDS
        ]
        told = [
            Score(*(sum(getattr(one, part) for one in some) for part in ("right", "count", "warned"))) for some in sums
        ]
        cells = [f"{one.right:,} of {one.count:,} ({one.share:.2%})" for one in told]
        cells[0] += f"; {told[0].warned:,} above a hint"
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def figures(lint: Scores, lacking: Scores, numbers: Scores, hands: Scores) -> str:
    """The tables as docs/lint.md holds them."""
    tables = [table(lint), table(lacking), table(numbers), hand_table(hands)]
    return "\n".join([MARKS[0], "\n\n".join("\n".join(rows) for rows in tables), MARKS[1]])


def documented(page: str, told: str) -> str:
    """The page with these figures between its marks."""
    before, _, rest = page.partition(MARKS[0])
    return before + told + rest.partition(MARKS[1])[2]


def main(words: list[str]) -> int:
    """Print the figures."""
    all_scores = [lint_scores(), lacking_scores(), privacy_scores()]
    hands = hand_scores()
    if "--write" in words:
        PAGE.write_text(documented(PAGE.read_text(encoding="utf-8"), figures(*all_scores, hands)), encoding="utf-8")
    for scores in all_scores:
        sys.stdout.write("\n".join(table(scores)) + "\n\n")
        if "--misses" in words:
            for (name, label, part), score in scores.items():
                if part == HALVES[0]:
                    sys.stdout.write("".join(f"{name} {label}: {one}\n" for one in score.wrong))
    sys.stdout.write("\n".join(hand_table(hands)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
