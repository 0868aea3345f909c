"""An article opened whole, as finished text: its head, the step in hand, all steps, the body with its links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from agentdesk.domain import article_links
from agentdesk.domain.article_links import IN_FORCE, ArticleLink
from agentdesk.present import article_media, markdown, timefmt
from agentdesk.present.i18n import t
from agentdesk.present.markdown import LINK, Block, Span
from agentdesk.present.safe import ACCENT, DIM, ERROR, GOOD, STRONG, WARNING, Piece, line, lines
from agentdesk.screens import drawn

if TYPE_CHECKING:
    from agentdesk.desk.article_page import Page
    from agentdesk.desk.checklists import Progress
    from agentdesk.domain.article_steps import Step


def head(page: Page, cells: int) -> Content:
    """Title, kind, since when, what is to be known of a policy, the page of the web."""
    one = page.article
    told = [drawn.hang(Content(""), one.title, cells, STRONG), drawn.article_meta(one, cells)]
    told += drawn.policy_warnings(one.next_from, one.copy_age, cells)
    if one.url:
        told.append(drawn.hang(line((t("reader.page") + " ", DIM)), one.url, cells, DIM))
    return lines(*told)


def step(page: Page, at: int, ticks: Progress, cells: int) -> Content:
    """The step in hand, to be read aloud: which one it is, who does it, what it says."""
    one = page.steps[at]
    lead: list[Piece] = [(t("reader.step", number=at + 1, count=len(page.steps)), f"{ACCENT} bold")]
    lead += [("  " + part, style) for part, style in _asides(page, at, one, ticks)]
    return lines(line(*lead), drawn.hang(Content(""), one.text, cells, STRONG))


def steps(page: Page, at: int, ticks: Progress, cells: int) -> list[Content]:
    """All steps, the one in hand marked."""
    return [_row(page, place, at, ticks, cells) for place in range(len(page.steps))]


def _row(page: Page, place: int, at: int, ticks: Progress, cells: int) -> Content:
    one, here = page.steps[place], place == at
    box = "" if not page.is_checklist else "[x] " if place in ticks.ticks else "[ ] "
    lead = line((f"{'>' if here else ' '} {box}{place + 1}. ", ACCENT if here else DIM))
    done = page.is_checklist and place in ticks.ticks
    found = _asides(page, place, one, ticks)
    asides = [part for part, _ in (found if done or not page.is_checklist else found[:-1])]
    said = f"{one.text} ({', '.join(asides)})" if asides else one.text
    return drawn.hang(lead, said, cells, STRONG if here else GOOD if done else "")


def _asides(page: Page, place: int, one: Step, ticks: Progress) -> list[tuple[str, str]]:
    """Who does it, within what time, what is left of that, and once it is ticked when and by whom."""
    found = [(one.actor, DIM)] if one.actor else []
    if one.within is not None:
        found.append((drawn.within(one.within), DIM))
    if (due := ticks.due(place, one)) is not None:
        found.append((timefmt.countdown(due, ticks.now), ERROR if due < ticks.now else WARNING))
    if page.is_checklist:
        done = ticks.ticks.get(place)
        said = (t("reader.ticked", at=timefmt.stamp(done.at), who=done.who), GOOD) if done else ("", "")
        found += [said] if done else [(t("reader.open"), WARNING)]
    return found


def body(page: Page) -> list[Block]:
    """The text of the article, read but not laid out."""
    one = page.article
    told = [*_step_links(page), *(Block(spans=(Span(part),)) for part in one.plain_summary.splitlines())]
    if one.body and one.body != one.plain_summary:
        told += [Block(), *markdown.parse(article_media.told(one.body), lambda link: _link(page, link))]
    if one.attachments:
        told += [Block(), *(Block(spans=(Span(text, DIM),)) for text in article_media.attached(one.attachments))]
    return told


def _step_links(page: Page) -> list[Block]:
    """The links that stand in the steps, below the list of these: the first to be marked."""
    if not page.step_links:
        return []
    found = [span for link in page.step_links for span in (Span(" "), _link(page, link))]
    return [Block(spans=(Span(t("reader.step_links"), DIM), *found)), Block()]


def _link(page: Page, link: ArticleLink) -> Span:
    """A link with the title of what it leads to; one that leads nowhere says why."""
    target = page.targets.get(link.id)
    words = article_links.label(link, target)
    if target is not None and target.state == IN_FORCE:
        return Span(f"[{words}]", LINK, target.id)
    why = t(f"reader.link.{target.state}") if target is not None else ""
    return Span(f"[{words}]{why}", WARNING)


def leads(blocks: Sequence[Block]) -> list[str]:
    """The articles that the links of a text lead to, in the order in which they stand."""
    rows = [block.cells or (block.spans,) for block in blocks]
    return [span.link for cells in rows for cell in cells for span in cell if span.link]
