"""The glossary of the site in the lint: what its articles of this kind explain is hinted at, with the plain words.

The articles that ship explain words that many customers know; they are read, not enforced: what is jargon is the
site's to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from agentdesk.desk import library
from agentdesk.desk.context import Desk
from agentdesk.domain import glossary
from agentdesk.text.lexicon import Rule


def rules(desk: Desk, counting: Iterable[Rule]) -> list[Rule]:
    """A rule for each term of the site's glossary articles in force; none where the site has no JG-01 in force."""
    from agentdesk.store import queries, starter

    base = next((rule for rule in counting if rule.id == glossary.RULE), None)
    ids = queries.articles_of_kind(desk.store.raw(), glossary.KIND)
    pack = starter.by_key()
    ours = library.articles(desk, (one for one in ids if ("article", one) not in pack)) if ids else {}
    if base is None or not ours:
        return []
    in_force = (one for _, one in sorted(ours.items()) if one.value.get("kind") == glossary.KIND)
    return glossary.rules((term for one in in_force for term in glossary.terms(one.value)), base)
