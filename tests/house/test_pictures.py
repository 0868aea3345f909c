"""The pictures of docs/screens: what a page shows exists, what exists is shown, and Chinese has two cells."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
PAGES = sorted(page for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
TEXT = re.compile(r'<text class="[^"]*-r\d+" x="[\d.]+" y="[\d.]+" textLength="([\d.]+)"[^>]*>([^<]*)</text>')
CELL = 12.2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_picture_that_a_page_shows_is_there(page: Path) -> None:
    lost = [name for name in SHOWN.findall(page.read_text(encoding="utf-8")) if not (page.parent / name).is_file()]
    assert not lost


def test_every_picture_is_shown_in_the_gallery_and_holds_its_cells() -> None:
    folder = ROOT / "docs" / "screens"
    gallery = set(SHOWN.findall((folder / "README.md").read_text(encoding="utf-8")))
    pictures = list(folder.glob("*.svg"))
    assert {picture.name for picture in pictures} == gallery
    for picture in pictures:
        texts = TEXT.findall(picture.read_text(encoding="utf-8"))
        assert texts, f"{picture.name} shows nothing"
        squeezed = [
            text
            for length, text in texts
            if abs(float(length) - cell_len(html.unescape(text).replace("\xa0", " ")) * CELL) > 0.5
        ]
        assert not squeezed, f"{picture.name}: {squeezed[:3]}"
