"""Lint: forbidden words, red lines and private numbers in a text, with reason and replacement (standard §5.3, TEXT §5).

A text is judged sentence by sentence, so that after a key press only the changed sentence is judged again
(`LintSession`) and the answer still equals that of the whole text. Within a sentence: fold, keep letters and digits
(lane 1), collapse repeated characters (lane 2), find all terms with one automaton a lane, then apply each rule's own
exceptions. Private numbers and quotations are judged on the whole text, as they may span sentences.
Offsets are code points of the input, end exclusive.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, islice
from typing import NamedTuple

from agentdesk.text import likeness, privacy, wanting
from agentdesk.text.addresses import ADDRESS, find_addresses
from agentdesk.text.bounds import LONG, Bound
from agentdesk.text.findings import Drafts, Finding, Findings, finding
from agentdesk.text.fold import simplify, to_script
from agentdesk.text.foreign import OpenRequest, find_foreign
from agentdesk.text.lexicon import Rule
from agentdesk.text.likeness import Like
from agentdesk.text.quotes import find_quotes
from agentdesk.text.repeats import find_repeated
from agentdesk.text.sentence import Hit, Matcher
from agentdesk.text.signs import ALL, NUMBER, OPEN, ORDER, PLACE, QUOTE, signs_of
from agentdesk.text.unfilled import find_unfilled

__all__ = ["Context", "Finding", "LintSession", "Linter", "OpenRequest"]

_SENTENCE = re.compile("[^。！？!?；;\n]*[。！？!?；;\n]+|[^。！？!?；;\n]+")
_Sentence = tuple[int, str]
"""Where a sentence begins, and itself."""
_UNKNOWN = Like(0, 0, "")
_REMEMBERED = 2_000  # sentences a session remembers


@dataclass(frozen=True, slots=True)
class Context:
    """Where the text is going: the open request (for PV-03; None: not applied), channel and industry ("" any).

    `template`: a phrase before it is filled, whose variables are not missing; nor are parts of the message around it.
    `emotion`: what the customer feels ("" nobody knows: what is asked for upset people alone is not asked). `due`: the
    rules that the present phase of the contact has not satisfied (`Linter.due`). `often`: what its messages said often
    (`text.repeats`). `likeness`: whether sentences without any finding are hinted at for what they sound like, and
    warnings of rules that yield are hints where what is around them sounds right.
    """

    open_request: OpenRequest | None = None
    channel: str = ""
    industry: str = ""
    template: bool = False
    emotion: str = ""
    due: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()
    likeness: bool = False


class _Judged(NamedTuple):
    """The hits of a sentence, and what else it may hold (`text.signs`)."""

    hits: tuple[Hit, ...]
    signs: int


class _Memory:
    """What is remembered of the sentences of a text that is being typed."""

    def __init__(self) -> None:
        self.judged: dict[str, _Judged] = {}
        self.seen = wanting.Seen()
        self.likes: dict[str, Like | None] = {}
        """What sentences sounded like."""
        self.fine: dict[tuple[str, int, int], bool] = {}
        """Of the words of a sentence that were warned of, whether what is around them sounded right."""

    def forget(self, most: int) -> None:
        """Begin anew where more than so many sentences are remembered."""
        self.seen.forget(most)
        for judged in (self.judged, self.likes, self.fine):
            if len(judged) > most:
                judged.clear()


class Linter:
    """Compiled rules. Building costs about 3 µs a term; checking does not depend on the number of rules."""

    def __init__(
        self, rules: Iterable[Rule], severities: Mapping[str, str] | None = None, yielding: Collection[str] = ()
    ) -> None:
        """`severities`: rule id → severity, the site's setting over the rule's own. `yielding`: ids of rules whose
        warning is a hint where what is around it sounds right (`Context.likeness`)."""
        changed = severities or {}
        self.rules = [replace(rule, severity=changed[rule.id]) if rule.id in changed else rule for rule in rules]
        self._yielding = frozenset(yielding) - changed.keys()
        self._detect = {rule.detect: rule for rule in self.rules if rule.detect}
        self._asked = {rule.id: wanting.Asked(rule) for rule in self.rules if rule.needs}
        self._per_phase = [one for one in self._asked.values() if one.rule.per_phase]
        self._matcher = Matcher([rule for rule in self.rules if not rule.detect])
        self._first: dict[str, Rule | None] = {}

    def check(self, text: str, context: Context | None = None) -> Findings:
        """All findings of a text in order of place; of overlapping ones the gravest, then the longest, stays.

        Of a text longer than a field that is full of hits the graver ones alone, from some place on (`text.bounds`).
        """
        context, memory = context or Context(), _Memory()
        return self._findings(text, context, _sentences(text) if context.likeness else [], memory, ALL)

    def warm(self, most: int = 64) -> None:
        """Compile the words of so many rules that ask for some: at the first text it takes up to 15 ms a rule."""
        for one in islice(self._asked.values(), most):
            one.ready()

    def due(self, texts: Iterable[str]) -> frozenset[str]:
        """The rules whose words the messages of the present phase of a contact do not hold yet."""
        said = list(texts)
        return frozenset(one.rule.id for one in self._per_phase if one.lacking(said))

    def unmet(self, texts: Iterable[str]) -> frozenset[str]:
        """The same of a phase that is over: one of a few words is asked for nothing."""
        said, seen = list(texts), wanting.Seen()
        return frozenset(one.rule.id for one in self._per_phase if one.missing(said, "", seen))

    def _typed(self, text: str, context: Context, memory: _Memory) -> Findings:
        """The same of a text that is being typed: only sentences that are not remembered are matched."""
        parts = _sentences(text)
        if len(text) > LONG:
            return self._findings(text, context, parts, memory, ALL)
        signs = 0
        hits: list[Hit] = []
        for (start, _), judged in zip(parts, self._judged(parts, memory.judged), strict=True):
            signs |= judged.signs
            if judged.hits:
                hits += [hit.moved(start) for hit in judged.hits]
        return self._findings(text, context, parts, memory, signs, hits)

    def _findings(
        self,
        text: str,
        context: Context,
        parts: list[_Sentence],
        memory: _Memory,
        signs: int,
        known: list[Hit] | None = None,
    ) -> Findings:
        """`signs`: what may stand in the text; `known`: its hits, where they were looked for."""
        quotes = find_quotes(text) if signs & QUOTE else []

        def counts(hit: Hit) -> bool:
            quoted = quotes and _in_quote(hit, hit.start, hit.end, quotes, text)
            return bool(hit.rule.needs) or (_applies(hit.rule, context) and not quoted)

        bound = Bound(text, counts)
        drafts = Drafts()
        wanted: dict[str, Hit] = {}
        for hit in self._matcher.match(text, bound) if known is None else filter(counts, known):
            if hit.rule.needs:
                first = wanted.get(hit.rule.id, hit)
                wanted[hit.rule.id] = hit if hit.end < first.end else first
            else:
                drafts.add(hit.rule, hit.start, hit.end, hit.kind, hit.lane)
        for told, rule in self._wanting(text, context, wanted.values(), memory.seen):
            drafts.add(rule, told.start, told.end, told.kind, told.lane, told)
        for rule, start, end, kind in self._detected(text, context, signs):
            if bound.wants(rule):
                drafts.add(rule, start, end, kind)
                bound.found(rule, start)
        kept = drafts.merged(text)
        if context.likeness and bound.judged == len(text):
            hints = self._alike(text, parts, context, kept, quotes, memory.likes)
            kept = sorted([*self._eased(parts, kept, memory.fine), *hints], key=lambda one: one.start)
        return Findings(kept, bound.judged)

    def _eased(
        self, parts: list[_Sentence], found: list[Finding], fine: dict[tuple[str, int, int], bool]
    ) -> list[Finding]:
        """The same, with hints for the warnings of rules that yield where what is around them sounds right."""
        starts = [begin for begin, _ in parts]
        told: list[Finding] = []
        for one in found:
            if one.severity == "warn" and one.rule in self._yielding and not one.adds:
                begin, part = parts[bisect_right(starts, one.start) - 1]
                where = part, one.start - begin, min(len(part), one.end - begin)
                if where not in fine:
                    fine[where] = likeness.shipped().is_fine(*where)
                one = one._replace(severity="hint", lane="eased") if fine[where] else one
            told.append(one)
        return told

    def _alike(
        self,
        text: str,
        parts: list[_Sentence],
        context: Context,
        found: list[Finding],
        quotes: list[tuple[int, int]],
        likes: dict[str, Like | None],
    ) -> Iterator[Finding]:
        """Hints at sentences in which nothing was found, for what they sound like."""
        starts = [one.start for one in found]
        for begin, part in parts:
            if likes.get(part, _UNKNOWN) is None:
                continue
            within = found[bisect_left(starts, begin) : bisect_left(starts, begin + len(part))]
            if not all(one.adds for one in within):
                continue
            if part not in likes:
                likes[part] = likeness.shipped().judge(part)
            like = likes[part]
            rule = self._first_of(like.category) if like else None
            if like is None or rule is None or not _applies(rule, context):
                continue
            # What asks for more stands at one letter; the words that are like something begin behind it.
            start, end = max([begin + like.start, *(one.end for one in within)]), begin + like.end
            if start < end and not any(first <= start and end <= last for first, last in quotes):
                hint = finding(rule, start, end, "phrase", text, "likeness")
                yield hint if part == simplify(part) else _in_taiwan(hint)

    def _first_of(self, category: str) -> Rule | None:
        """The rule whose reason and replacement speak for a category: the one with the shortest id."""
        if category not in self._first:
            rules = [one for one in self.rules if one.category == category and not one.detect and not one.needs]
            self._first[category] = min(rules, key=lambda one: (len(one.id), one.id), default=None)
        return self._first[category]

    def _judged(self, parts: list[_Sentence], cache: dict[str, _Judged]) -> list[_Judged]:
        """What these sentences hold; those that were not seen before and follow one another are matched in one go."""
        judged = [cache.get(part) for _, part in parts]
        if None not in judged:
            return [one for one in judged if one]
        for new, some in groupby(zip(parts, judged, strict=True), lambda one: one[1] is None):
            if new:
                self._remember([part for (_, part), _ in some], cache)
        return [cache[part] for _, part in parts]

    def _remember(self, parts: list[str], cache: dict[str, _Judged]) -> None:
        """Match sentences in one go and remember what each holds."""
        starts = list(accumulate(map(len, parts), initial=0))
        held: list[list[Hit]] = [[] for _ in parts]
        for hit in self._matcher.match("".join(parts)):
            number = bisect_right(starts, hit.start) - 1
            held[number].append(hit.moved(-starts[number]))
        for part, hits in zip(parts, held, strict=True):
            cache[part] = _Judged(tuple(hits), signs_of(part))

    def _wanting(
        self, text: str, context: Context, hits: Collection[Hit], seen: wanting.Seen
    ) -> Iterator[tuple[Finding, Rule]]:
        """What the text lacks, told once a rule: at its first hit, or at the first letter if it asks of the whole."""
        first = wanting.first_letter(text) if context.due else 0
        whole = [one.rule for one in self._per_phase if one.rule.id in context.due and text.strip()]
        asking = [(hit.rule, hit.start, hit.end, hit.kind, hit.lane) for hit in hits]
        asking += [(rule, first, first + 1, "phrase", "text") for rule in whole]
        said = _SENTENCE.findall(text) if asking else []
        for rule, start, end, kind, lane in asking:
            if _applies(rule, context) and (missing := self._asked[rule.id].missing(said, context.emotion, seen)):
                parts = tuple(need.part for need in missing if need.part)
                if parts and context.template:
                    continue
                found = finding(rule, start, end, kind, text, lane)
                plain, template = wanting.wording(rule, missing, text)
                yield found._replace(replacement=plain, template=template, missing=parts, adds=True), rule

    def _detected(self, text: str, context: Context, signs: int) -> Iterator[tuple[Rule, int, int, str]]:
        """What is found by its form, of what may be there: rule, where it stands, and what it is."""
        detect = {kind: rule for kind, rule in self._detect.items() if _applies(rule, context)}
        if not detect:
            return
        private = privacy.find_private(text) if signs & NUMBER else []
        yield from ((detect[one.kind], one.start, one.end, one.kind) for one in private if one.kind in detect)
        if signs & OPEN and (rule := detect.get("unfilled")) and not context.template:
            yield from ((rule, *span, "unfilled") for span in find_unfilled(text))
        if signs & PLACE and (rule := detect.get(ADDRESS)):
            yield from ((rule, *span, ADDRESS) for span in find_addresses(text))
        if (rule := detect.get("repeated")) and context.often:
            yield from ((rule, *span, "phrase") for span in find_repeated(text, context.often))
        if (rule := detect.get("foreign")) and context.open_request is not None:
            for one in find_foreign(text, context.open_request, private, bool(signs & ORDER)):
                yield rule, one.start, one.end, one.kind


class LintSession:
    """Lint of a text that is being typed: remembers sentences, so that a key press costs one sentence."""

    def __init__(self, linter: Linter, context: Context | None = None) -> None:
        self._linter, self._context = linter, context or Context()
        self._memory = _Memory()

    def check(self, text: str) -> Findings:
        """The same findings as `Linter.check` of the whole text."""
        self._memory.forget(_REMEMBERED)
        return self._linter._typed(text, self._context, self._memory)


def _sentences(text: str) -> list[_Sentence]:
    """The sentences of a text; nothing stands between them."""
    found = _SENTENCE.findall(text)
    return list(zip(accumulate(map(len, found), initial=0), found, strict=False))


def _in_taiwan(finding: Finding) -> Finding:
    """The same with its wording in the script of a traditional text."""
    plain, template = (to_script(words, "zh-TW") for words in (finding.replacement, finding.template))
    return finding._replace(replacement=plain, template=template)


def _applies(rule: Rule, context: Context) -> bool:
    channel = "*" in rule.channels or not context.channel or context.channel in rule.channels
    felt = not rule.emotions or context.emotion in rule.emotions
    return channel and felt and ("*" in rule.industries or not context.industry or context.industry in rule.industries)


def _in_quote(hit: Hit, start: int, end: int, quotes: list[tuple[int, int]], text: str) -> bool:
    """Customer's words in quotation marks are not linted for tone (standard §5.3), where the rule says so."""
    at = bisect_right(quotes, (start, len(text))) - 1
    if at < 0 or quotes[at][1] < end:
        return False
    for allow in hit.rule.allow:
        if allow.quoted:
            return True
        if allow.quoted_after and text.endswith(allow.quoted_after, 0, quotes[at][0]):
            return True
    return False
