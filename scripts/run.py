"""Open the desk from a fresh clone: `python3 scripts/run.py`. Words after it go to `agentdesk`.

Makes `.venv`, installs what is pinned (the centre's extra included, no test tools) and compiles the catalogues; a
second start does none of it. Needs nothing but Python 3.11 to 3.13 with venv.
"""

from __future__ import annotations

import os
import subprocess
import sys

import environment


def main() -> int:
    """Prepare the environment and become `agentdesk`; returns its exit code where a process cannot be replaced."""
    try:
        environment.prepare(("central",))
    except environment.CannotPrepare as error:
        sys.stderr.write(f"agentdesk: {error}\n")
        return 1
    command = [str(environment.program_path("agentdesk")), *sys.argv[1:]]
    if os.name == "nt":
        return subprocess.run(command).returncode
    os.execv(command[0], command)


if __name__ == "__main__":
    raise SystemExit(main())
