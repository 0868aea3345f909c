"""`kb links`: the links between articles that lead nowhere."""

from __future__ import annotations

from agentdesk.cli.common import DONE, REFUSED, opened_desk, out, print_json, say
from agentdesk.present.i18n import t


def run(as_json: bool) -> int:
    """List them; returns the exit code: 1 where there are any."""
    from agentdesk.desk import article_links
    from agentdesk.present.articles import broken_link
    from agentdesk.present.safe import plain

    with opened_desk("kb links", write=False) as desk:
        found = article_links.breaks(desk)
    for one in found:
        if as_json:
            named = {"link": one.link.id, "shown": one.link.shown, "state": one.target.state}
            print_json({"article": one.source_id, "title": one.title, **named})
        else:
            out(f"{plain(one.title)} ({plain(one.source_id)})  {broken_link(one.link, one.target)}")
    if not found and not as_json:
        say(t("kb.links.none"))
    return REFUSED if found else DONE
