"""Make the table of readings, `agentdesk/text/syllables.txt`: each syllable of pinyin and the characters read so.

    python scripts/pinyin_table.py            write it
    python scripts/pinyin_table.py --check    exit 1 where the file is not what would be written

The library that knows the readings takes 65 MB and half a second to import; the desk reads this file instead. A
character with several readings stands under each of them, before the bar under its first, after it under the others.
Without tone marks; ü is v, as it is typed.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

from pypinyin import Style, pinyin

TABLE = Path(__file__).resolve().parent.parent / "agentdesk" / "text" / "syllables.txt"
FIRST, LAST = 0x4E00, 0x9FFF
"""The block of unified characters: names outside it are found by number and phone."""


def readings(char: str) -> list[str]:
    """Return the syllables of one character, the usual one first; none where it has no reading."""
    found = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
    return [one for one in dict.fromkeys(map(_plain, found)) if one]


def _plain(syllable: str) -> str:
    """A syllable in ASCII letters; interjections such as ê and what is no syllable are left out."""
    bare = "".join(one for one in unicodedata.normalize("NFD", syllable) if not unicodedata.combining(one))
    return bare if bare.isascii() and bare.isalpha() and any(vowel in bare for vowel in "aeiouv") else ""


def table() -> str:
    """Return the whole file: a syllable, a blank, its characters, a line each, sorted."""
    usual: dict[str, list[str]] = defaultdict(list)
    other: dict[str, list[str]] = defaultdict(list)
    for code in range(FIRST, LAST + 1):
        for place, syllable in enumerate(readings(chr(code))):
            (other if place else usual)[syllable].append(chr(code))
    return "".join(
        f"{syllable} {''.join(usual[syllable])}{'|' if other[syllable] else ''}{''.join(other[syllable])}\n"
        for syllable in sorted({*usual, *other})
    )


def main(words: list[str]) -> int:
    """Write the table, or compare it with the file."""
    made = table()
    if words == ["--check"]:
        if TABLE.exists() and TABLE.read_text(encoding="utf-8") == made:
            return 0
        sys.stderr.write(f"{TABLE.name} is not up to date: run scripts/pinyin_table.py\n")
        return 1
    TABLE.write_text(made, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
