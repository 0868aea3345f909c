"""The rows of the table of keys for the lexicon: looking through its rules, writing one, deciding, trying a text."""

from __future__ import annotations

from agentdesk.present.action import Action

RULE_SCOPES = ("rules", "rulefilter", "rule", "trial", "wordings")
"""The list, its filter, the editor, a text to try, wordings that could become a rule."""

RULE_ACTIONS: tuple[Action, ...] = (
    Action("app-rules", (), "app", "app.rules", label="key.rules", help="key.rules.why"),
    Action("rules-edit", ("f8", "ctrl+s"), "rules", "edit", label="key.rule_edit", help="key.rule_edit.why", footer=3),
    Action("rules-new", ("ctrl+n",), "rules", "new", label="key.rule_new", help="key.rule_new.why", footer=5),
    Action("rules-decide", ("f6",), "rules", "decide", label="key.decide", help="key.decide.why", footer=6),
    Action("rules-trial", ("f7",), "rules", "trial", label="key.trial", help="key.trial.why"),
    Action("rules-wordings", ("ctrl+l",), "rules", "wordings", label="key.wordings", help="key.wordings.why"),
    Action("rules-filter", ("ctrl+t",), "rules", "filter", label="key.filter", help="key.rule_filter.why", footer=9),
    Action("rules-read", ("ctrl+g",), "rules", "read", label="key.rule_read", help="key.rule_read.why"),
    Action(
        "rulefilter-apply",
        ("f8", "ctrl+s"),
        "rulefilter",
        "apply",
        label="key.show",
        help="key.rule_filter.do.why",
        footer=3,
    ),
    Action("rule-propose", ("f8", "ctrl+s"), "rule", "propose", label="key.propose", help="key.propose.why", footer=3),
    Action("rule-gap", ("ctrl+g",), "rule", "next_gap", label="key.gap", help="key.gap.why", footer=6),
    Action(
        "trial-rule", ("f8", "ctrl+s"), "trial", "rule", label="key.trial_rule", help="key.trial_rule.why", footer=3
    ),
    Action("wordings-take", ("f8", "ctrl+s"), "wordings", "take", label="key.take", help="key.take.why", footer=3),
    Action("wordings-refuse", ("ctrl+r",), "wordings", "refuse", label="key.refuse", help="key.refuse.why", footer=6),
)
