"""Images and files of an article as words."""

from __future__ import annotations

from datetime import UTC, datetime

from agentdesk.desk.article_check import view_of
from agentdesk.domain.article_media import Attachment, as_text, attachment, images
from agentdesk.present import article_media, i18n
from agentdesk.present.safe import lines
from agentdesk.screens import drawn


def test_an_image_is_a_sentence_with_its_place() -> None:
    i18n.use("zh_CN")
    text = "先看 ![盒\u202e子](img/a%20b.png)，再看 ![](https://example.com/x.png)。[网](y) ![坏](a b)"
    said = "先看 图：盒\u202e子（img/a b.png），再看 图：（https://example.com/x.png）。[网](y) ![坏](a b)"
    assert article_media.told(text) == said
    value = {"title": "题", "body": text, "attachments": ["f.pdf | 表\x1b[31m | sha256:" + "0" * 64]}
    shown = lines(*drawn.article(view_of(value, datetime.now(UTC)), 60)).plain
    assert "图：盒子（img/a b.png）" in shown and "附件：表（f.pdf）" in shown and "\x1b" not in shown


def test_an_attachment_is_one_text_and_back() -> None:
    whole = Attachment("a/b.pdf", "申请表", "0" * 64)
    assert attachment(as_text(whole)) == whole
    assert attachment("a/b.pdf") == Attachment("a/b.pdf", "b.pdf")
    assert attachment("x | sha256:short | 名") == Attachment("x", "sha256:short 名")


def test_hostile_images_are_read_once() -> None:
    assert images("![" * 50_000) == images("![x](" * 50_000) == []
