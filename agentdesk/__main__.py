"""The way in: the bare command opens the desk before anything of the command line is imported."""

from __future__ import annotations

import sys
from collections.abc import Sequence

VERSION = ("--version", "-V")


def main(words: Sequence[str] | None = None) -> int:
    """Run the command of these words (None: those of the process); returns the exit code 0, 1 or 2."""
    given = list(sys.argv[1:] if words is None else words)
    if not given:
        from agentdesk.app.run import run

        return run()
    if len(given) == 1 and given[0] in VERSION:
        from agentdesk import __version__

        sys.stdout.write(f"agentdesk {__version__}\n")
        return 0
    from agentdesk.cli import main as command

    return command(given)


if __name__ == "__main__":
    sys.exit(main())
