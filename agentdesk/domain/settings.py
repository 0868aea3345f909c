"""Site settings: every value that no source states ([ours]) and every disagreement D-01…D-16 that is in use.

A setting is declared here once, with its default and what it does; a site may override it by a `site_setting` row.
Durations are seconds, money is integer minor units, shares are whole percent. Only settings that a rule reads stand
here: one without a reader would be a promise that the product does not keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared value: its default, the rule of the standard it belongs to, and what it does in one line."""

    key: str
    default: Any
    rule: str
    does: str


DECLARED: Final = (
    # -- intake (§2) ------------------------------------------------------------------------------------------------
    Setting("intake.description_min", 10, "2.1 #5", "shortest problem description, in characters"),
    Setting("intake.override_why_min", 5, "2.5", "shortest reason for another priority than the proposed one"),
    Setting("intake.repeat_window", 30 * DAY, "2.1 #22", "how far back earlier requests on one topic count"),
    # -- requests that are alike (§4.5) -----------------------------------------------------------------------------
    Setting("alike.least", 40, "4.5", "likeness in percent from which two requests are alike"),
    Setting("alike.recent", DAY, "4.5", "how far back a request on the same matter may be the same one"),
    Setting("alike.batch_count", 5, "E4", "requests alike, in the time below, of which the supervisor should know"),
    Setting("alike.batch_window", 15 * MINUTE, "E4", "the time in which they come"),
    # -- triage (§2.5) ----------------------------------------------------------------------------------------------
    Setting("triage.repeat_step_up", 2, "PM-3", "earlier contacts on one topic that raise the priority by one step"),
    Setting("triage.risk_step_up", 70, "PM-4", "risk index that raises the priority by one step"),
    Setting("triage.repeat_complex", 1, "2.4", "earlier contacts on one topic that make a request complex"),
    # -- clocks (§3.4): targets in seconds ----------------------------------------------------------------------------
    Setting("clock.CK-01", 30, "CK-01, D-04", "phone answer"),
    Setting("clock.CK-02", 15, "CK-02, D-03", "first reply online"),
    Setting("clock.CK-05.app_message", 30 * MINUTE, "CK-05", "first reply to a message left in the app"),
    Setting("clock.CK-05.email", 4 * HOUR, "CK-05", "first reply to a mail"),
    Setting("clock.CK-05.social", 15 * MINUTE, "CK-05", "first reply on social media"),
    Setting("clock.CK-06", 30 * MINUTE, "CK-06, D-06", "interim measure told, urgent"),
    Setting("clock.CK-07", 2 * HOUR, "CK-07, D-07", "plan told, complex"),
    Setting("clock.CK-08.P1", 2 * HOUR, "CK-08, D-06", "handling of P1"),
    Setting("clock.CK-08.P2", 24 * HOUR, "CK-08, D-07", "handling of P2"),
    Setting("clock.CK-08.P3", 72 * HOUR, "CK-08", "handling of P3"),
    Setting("clock.CK-10", HOUR, "CK-10, D-06", "progress of an urgent complaint told"),
    Setting("clock.CK-11", 24 * HOUR, "CK-11, D-06", "direction of an ordinary complaint told"),
    Setting("clock.CK-15", 24 * HOUR, "CK-15, D-05", "survey sent after the verdict"),
    Setting("clock.CK-16", 24 * HOUR, "CK-16, D-05", "call-back, early window: amber after it"),
    Setting("clock.CK-17", 72 * HOUR, "CK-17, D-05", "call-back, whole window: breach after it"),
    Setting("clock.CK-19", 72 * HOUR, "CK-19, D-16", "how long before it takes effect a policy's change is announced"),
    Setting("clock.warn_percent", 80, "3.4", "share of a target after which a clock warns"),
    Setting(
        "clock.on_priority",
        "earlier",
        "MODEL 4",
        "earlier: a raised priority sets the handling clock to the earlier of its old due and the new target from"
        " the change on; keep: a running clock stays as it is. A lowered priority never moves a running clock",
    ),
    # -- flow (§3.3, §4) ----------------------------------------------------------------------------------------------
    Setting("flow.unreachable_attempts", 3, "T18", "attempts without reaching the customer before closing"),
    Setting("flow.unreachable_days", 2, "T18", "different days on which they were made"),
    Setting("flow.return_window", 30 * DAY, "T19", "how long after closing the same matter re-opens a request"),
    Setting("flow.free_transfers", 2, "4.7", "transfers without a supervisor; the next one needs one"),
    Setting("callback.exempt_simple", True, "4.9", "simple P3 enquiries confirmed in contact: no call-back"),
    # -- knowledge (§6.4) ---------------------------------------------------------------------------------------------
    Setting("kb.review.product", 30 * DAY, "6.4, CK-21", "how long an article about a product stands without a review"),
    Setting("kb.review.other", 90 * DAY, "6.4", "how long any other article stands without a review"),
    Setting("kb.fresh", 7 * DAY, "6.4, CK-20", "how long the knowledge base as a whole may stand without an update"),
    Setting("kb.suggest_after", 2, "6.5", "searches in vain for the same words that make an authoring suggestion"),
    Setting("kb.weak_least", 3, "6.6", "answers or requests below which no article is called weak by its rates"),
    Setting("kb.weak_percent", 50, "6.6", "rate, in percent, below which an article is called weak"),
    # -- policies (§6.3) ----------------------------------------------------------------------------------------------
    Setting("policy.stale_after", 24 * HOUR, "6.3.6", "age from which an offline copy of the policies says so"),
    # -- words (§5.5) -------------------------------------------------------------------------------------------------
    Setting(
        "lint.industry", "retail", "5.5", "industry of the site, such as finance; red lines of others do not apply"
    ),
    Setting(
        "lint.likeness",
        True,
        "5.3",
        "likeness: hints beside the rules, and shipped warnings milder where what is around sounds right",
    ),
    # -- knowledge search (§6.5): whole percent of what the best hit scores -----------------------------------------
    Setting("search.title", 100, "6.5", "bonus of a title that holds all words of a search; more the more it is all"),
    Setting("search.in_force", 15, "6.5, 6.3.1", "bonus of a policy in force; what is not in force goes back as far"),
    Setting("search.solved", 5, "6.5", "bonus of an article that always solved the matter; never: as much less"),
    Setting("search.use", 5, "6.5", "bonus of an article that is often used"),
    Setting("search.synonyms", "", "6.5", "words that mean the same at this site: groups parted by ;, words by ="),
    Setting("search.fits", 10, "6.5", "bonus beside a request of an article about its product, type or tags, each"),
    Setting("search.fresh", 2, "6.5", "bonus of an article published today; half of it after 180 days"),
    # -- privacy (§5.7) -----------------------------------------------------------------------------------------------
    Setting("privacy.reveal_seconds", 60, "5.7.3", "how long a contact that was revealed stays in full on the screen"),
    Setting(
        "privacy.service_numbers",
        "",
        "PV-03",
        "phones and landlines of the site's own service, separated by commas: they may be told to any customer",
    ),
    # -- authority (§4.1): minor units of the site's currency; the manager is above all ------------------------------
    Setting("money.currency", "CNY", "4.1", "currency of compensations"),
    Setting("money.rep", 5_000, "4.1", "largest compensation a representative may grant"),
    Setting("money.specialist", 20_000, "4.1", "the same for specialist and super agent"),
    Setting("money.supervisor", 100_000, "4.1", "the same for a supervisor"),
)

DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType({setting.key: setting.default for setting in DECLARED})


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force: the defaults with what the site changed. Immutable; make a new one when a row changes."""

    overrides: Mapping[str, Any] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """Return the value in force; KeyError for a key that nobody declared (a typing mistake, not a site's wish).

        An override of another type than the default is ignored: a setting written by a newer version or a slip of
        the administrator must not stop the desk.
        """
        default = DEFAULTS[key]
        value = self.overrides.get(key, default)
        return value if type(value) is type(default) else default

    def seconds(self, key: str) -> int:
        """Return a duration in seconds."""
        return int(self.get(key))


SHIPPED: Final = Settings()
"""The shipped defaults, for callers that have no site yet."""
