"""What the tests inside the lexicon leave open, and how large it is.

python scripts/lexicon.py [FILE.toml …]     exit 1 where a word rule is not proven by its own tests
"""

from __future__ import annotations

import sys
from pathlib import Path

from agentdesk.text.lexicon import LexiconError, parse_rules
from agentdesk.text.proving import gaps

FOLDER = Path(__file__).resolve().parent.parent / "agentdesk" / "content" / "lexicon"


def main(files: list[str]) -> int:
    """Judge the files, by default all that ship."""
    rules = []
    for path in map(Path, files) if files else sorted(FOLDER.glob("*.toml")):
        try:
            rules += parse_rules(path.read_text(encoding="utf-8"))
        except LexiconError as error:
            sys.stdout.write(f"{path.name}: {error}\n")
            return 1
    words = [rule for rule in rules if not rule.detect]
    open_ends = [gap for rule in words for gap in gaps(rule)]
    for gap in open_ends:
        sys.stdout.write(f"{gap.rule}: {gap.problem}: {gap.detail}\n")
    patterns = sum(len(rule.patterns) + len(rule.regex) + bool(rule.pair) for rule in words)
    tests = sum(len(rule.tests) for rule in words)
    sys.stdout.write(f"{len(rules)} rules, {patterns} patterns, {tests} tests, {len(open_ends)} left open\n")
    return int(bool(open_ends))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
