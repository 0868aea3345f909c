"""Images and files of an article in words: what they are called and where they are. Nothing of them is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

from agentdesk.domain.article_media import attachment, images
from agentdesk.present.i18n import t
from agentdesk.present.safe import plain


def told(text: str) -> str:
    """A text with a sentence in the place of each image."""
    parts: list[str] = []
    place = 0
    for one in images(text):
        parts += [text[place : one.start], t("article.image", name=one.shown, place=unquote(one.place)).strip()]
        place = one.end
    return "".join([*parts, text[place:]])


def attached(attachments: Iterable[str]) -> list[str]:
    """A line for each file that belongs to an article."""
    found = map(attachment, attachments)
    return [t("article.attachment", name=plain(one.name), place=plain(unquote(one.place))) for one in found]
