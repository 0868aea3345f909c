"""Lint rules of the site from the command line: look, try, propose, approve, put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentdesk.cli.common import Command, argument, group, opened_desk, option, out, read_input
from agentdesk.present.i18n import t
from agentdesk.present.review import done

if TYPE_CHECKING:
    from agentdesk.desk.rule_views import Shadow, SiteRule
    from agentdesk.text.lexicon import Rule


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    rules = group("rules")
    app.add_typer(rules, name="rules")
    _add_looking(rules)
    _add_deciding(rules)


def _add_looking(rules: typer.Typer) -> None:
    @rules.command("list", cls=Command, help=t("cli.command.rules_list"))
    def _list(words: Annotated[str, argument("rule_words")] = "") -> None:
        from agentdesk.desk import rules as lexicon

        with opened_desk("rules list", write=False) as desk:
            own = {one.rule_id: one for one in lexicon.site_rules(desk)}
            for rule in lexicon.search(desk, words):
                out(_line(rule, own.pop(rule.id, None)))
            for one in own.values():  # not in force: proposed, returned, retired
                if words.casefold() in one.rule_id.casefold():
                    out(_line(one.versions[-1].rule, one))

    @rules.command("show", cls=Command, help=t("cli.command.rules_show"))
    def _show(rule_id: Annotated[str, argument("rule")]) -> None:
        from agentdesk.desk import rules as lexicon
        from agentdesk.present.timefmt import stamp

        with opened_desk("rules show", write=False) as desk:
            found = lexicon.site_rule(desk, rule_id)
            for one in found.versions:
                state = "in_force" if one.in_force else "proposed" if one == found.proposed else "earlier"
                words = t("list.comma").join(one.rule.patterns)
                out(t("rules.version", id=one.id[:8], at=stamp(one.at), state=t(f"rules.{state}"), words=words))

    @rules.command("try", cls=Command, help=t("cli.command.rules_try"))
    def _try(
        file: Annotated[str, argument("rule_file")],
        days: Annotated[int, option("--days", key="days", min=1, max=366)] = 30,
    ) -> None:
        from agentdesk.desk import rules as lexicon

        _, rule = lexicon.read(read_input(file).decode("utf-8", "replace"))
        for gap in lexicon.unproven(rule):
            out(t(f"rules.gap.{gap.problem}", detail=gap.detail))
        with opened_desk("rules try", write=False) as desk:
            _tell_shadow(lexicon.shadow(desk, rule, days))


def _add_deciding(rules: typer.Typer) -> None:
    @rules.command("propose", cls=Command, help=t("cli.command.rules_propose"))
    def _propose(file: Annotated[str, argument("rule_file")]) -> None:
        from agentdesk.desk import rules as lexicon

        source = read_input(file).decode("utf-8", "replace")
        with opened_desk("rules propose", write=True) as desk:
            found = lexicon.propose(desk, source)
            _tell_shadow(lexicon.shadow(desk, found.versions[-1].rule))
            out(done("rules.done.proposed", lexicon.KIND, found))

    @rules.command("approve", cls=Command, help=t("cli.command.rules_approve"))
    def _approve(rule_id: Annotated[str, argument("rule")]) -> None:
        from agentdesk.desk import rules as lexicon

        with opened_desk("rules approve", write=True) as desk:
            out(done("rules.done.approved", lexicon.KIND, lexicon.approve(desk, rule_id)))

    @rules.command("put-back", cls=Command, help=t("cli.command.rules_put_back"))
    def _put_back(rule_id: Annotated[str, argument("rule")], version: Annotated[str, argument("rule_version")]) -> None:
        from agentdesk.desk import rules as lexicon

        with opened_desk("rules put-back", write=True) as desk:
            out(done("rules.done.approved", lexicon.KIND, lexicon.put_back(desk, rule_id, version)))

    @rules.command("return", cls=Command, help=t("cli.command.rules_return"))
    def _return(rule_id: Annotated[str, argument("rule")], why: Annotated[str, option("--why", key="why")]) -> None:
        from agentdesk.desk import rules as lexicon

        with opened_desk("rules return", write=True) as desk:
            out(done("rules.done.returned", lexicon.KIND, lexicon.send_back(desk, rule_id, why)))

    @rules.command("retire", cls=Command, help=t("cli.command.rules_retire"))
    def _retire(rule_id: Annotated[str, argument("rule")], why: Annotated[str, option("--why", key="why")]) -> None:
        from agentdesk.desk import rules as lexicon

        with opened_desk("rules retire", write=True) as desk:
            out(done("rules.done.retired", lexicon.KIND, lexicon.retire(desk, rule_id, why)))


def _line(rule: Rule, own: SiteRule | None) -> str:
    """A rule in one line: id, category, severity, how many words, and where the site's own stands."""
    from agentdesk.present.labels import label

    state = "" if own is None else t("rules.proposed") if own.proposed else t(f"rules.state.{own.state}")
    told = (rule.id, label("severity", rule.severity), label("lint", rule.category), str(len(rule.patterns)), state)
    return "  ".join(part for part in told if part)


def _tell_shadow(found: Shadow) -> None:
    from agentdesk.text.clean import clean_line

    out(t("rules.shadow", days=found.days, texts=found.texts, found=found.found))
    for text in found.examples:
        out("  " + clean_line(text, 200))
