"""How well and how fast the knowledge search finds, beside other engines, on an invented help desk.

    python scripts/bench_search.py [--check] [--queries N] [--seed N]     what is found, a kind of query a row
    python scripts/bench_search.py --speed [1000 10000 100000]            what it costs at these sizes

The base is made from words written by hand (`measure/helpdesk.toml`), with the shipped articles in it. Cells are
R@1 / R@10 / MRR. With --check the exit code is 1 where another engine is better in a kind by more than chance.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 10_000, 100_000)


def main(words: Sequence[str]) -> int:
    """Measure and print; returns 1 where --check finds ours worse."""
    sys.path.insert(1, str(ROOT))
    asked = _asked(words)
    if asked.speed is not None:
        from measure import search_speed

        sys.stdout.write(search_speed.table(asked.speed or SIZES))
        return 0
    from measure import helpdesk, retrieval

    base = helpdesk.articles(asked.seed)
    results = retrieval.scored(base, helpdesk.asked(base, asked.queries, asked.seed + 4))
    sys.stdout.write(f"{len(base):,} articles. R@1 / R@10 / MRR\n\n{retrieval.table(results)}")
    missed = retrieval.worse(results)
    sys.stdout.writelines(f"WORSE {line}\n" for line in missed)
    return 1 if asked.check and missed else 0


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--queries", type=int, default=300, help="queries of a kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--speed", type=int, nargs="*", metavar="ARTICLES")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
