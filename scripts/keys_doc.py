"""Write docs/keys.md from the one table of keys (`agentdesk/present/keys.py`) and the catalogues.

python scripts/keys_doc.py            write it
python scripts/keys_doc.py --check    exit 1 if what stands there is not what would be written
"""

from __future__ import annotations

import sys
from pathlib import Path

import catalogue

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that a clone works before it is installed

from agentdesk.present.keys import ACTIONS, SCOPES, Action, key_name, of_scope  # noqa: E402

TARGET = ROOT / "docs" / "keys.md"
HEAD = """# Keys

Made by `scripts/keys_doc.py` from `agentdesk/present/keys.py`; do not edit.

F8 or Ctrl+S does what a screen is for: records, sends, resolves, saves. F1 says what the field in hand is for and what
can be done here, F9 lists every action to search in, Escape goes back. No action needs a bare letter, so that all of
them work while an input method is on. On a screen its own keys come before those of the whole desk.

An action without a key stands in the palette (F9). Any action can be given another key with Shift+F9, or by a line
under `[keys]` in `preferences.toml` that names its id: `"queue-open" = "f3,ctrl+o"` ([preferences.md](preferences.md)).
The footer writes Ctrl+G as `^G` and Shift+F9 as `S-F9`.
"""


def document() -> str:
    """Return the whole page: one table a scope, simplified Chinese and English beside each other."""
    texts = [catalogue.load(language) for language in ("zh_CN", "en")]
    parts = [HEAD]
    for scope in SCOPES:
        if actions := of_scope(scope):
            parts.append(_section(scope, actions, texts))
    return "\n".join(parts)


def _section(scope: str, actions: list[Action], texts: list[dict[str, str]]) -> str:
    title = " · ".join(text.get(f"scope.{scope}", scope) for text in texts)
    rows = [f"## {title}", "", "| key | 功能 | 说明 | action | what it does | id |", "|---|---|---|---|---|---|"]
    for action in actions:
        keys = " / ".join(key_name(key) for key in action.keys) or "–"
        words = [text[key] for text in texts for key in (action.label, action.help)]
        rows.append(f"| {keys} | " + " | ".join(_cell(word) for word in words) + f" | `{action.id}` |")
    return "\n".join([*rows, ""])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(words: list[str]) -> int:
    """Write the page, or compare it."""
    missing = {key for action in ACTIONS for key in (action.label, action.help)} - catalogue.load("en").keys()
    if missing:
        sys.stdout.write(f"no text for {', '.join(sorted(missing))}\n")
        return 1
    wanted = document()
    if "--check" in words:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted
        if not same:
            sys.stdout.write("docs/keys.md is not what the table says: run python scripts/keys_doc.py\n")
        return 0 if same else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
