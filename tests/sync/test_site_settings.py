"""Guards go by the site's settings, at the desk that has pulled them and at the centre whatever a desk knows."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentdesk.central.admin import SITE, now_ms, write_own
from agentdesk.central.database import writing
from agentdesk.central.ledger import ScopeLog
from agentdesk.changes import derived_id, stamp_time
from agentdesk.desk import articles, capture, editing, policies, reading, workspace
from agentdesk.desk.context import Desk
from agentdesk.desk.views import NextStep
from agentdesk.domain.refusal import Refusal
from agentdesk.store.exchange import Exchange
from agentdesk.sync.exchange import sync_once
from tests.sync.centres import CentreProcess
from tests.sync.joined_desks import Make, sync
from tests.unit.desk.conftest import ROW_B
from tests.unit.desk.test_policies import NEW, OLD, row

HOUR = timedelta(hours=1)


def decide(centre: CentreProcess, key: str, value: Any) -> None:
    """The site decides on a setting: a row of `site` that desks pull."""
    with contextlib.closing(centre.database()) as conn, writing(conn):
        log = ScopeLog(conn, SITE, now_ms())
        with log.part():
            write_own(
                log, "site_setting", derived_id("site_setting", key), {"value": {"key": key, "value": value, "why": ""}}
            )


def announce(desk: Desk, ahead: timedelta) -> None:
    change = datetime.now(UTC).replace(microsecond=0) + ahead
    articles.import_articles(desk, [row(NEW, effective_from=stamp_time(change))])


def test_a_notice_is_in_time_by_what_the_site_says(centre: CentreProcess, joined: Make) -> None:
    author, rep = joined("李四", "legal"), joined("王五", "rep")
    articles.import_articles(author, [row(OLD)])
    decide(centre, "clock.CK-19", 24 * 3_600)
    sync(author, rep)
    announce(author, 30 * HOUR)
    sync(author, rep)
    assert [one.customer_text for one in policies.notices(rep)] == [NEW]


def test_the_centre_goes_by_a_setting_that_the_desk_has_not_heard_of(centre: CentreProcess, joined: Make) -> None:
    author = joined("李四", "legal")
    articles.import_articles(author, [row(OLD)])
    sync(author)
    announce(author, 80 * HOUR)
    decide(centre, "clock.CK-19", 100 * 3_600)
    identity = author.journal.identity
    assert identity is not None
    sync_once(author.store, author.journal, identity)
    assert "lane.notice" in {one.code for one in Exchange(author.journal).parked()}
    with pytest.raises(Refusal, match=r"import\.row") as told:
        announce(author, 80 * HOUR)
    assert told.value.args["problem"] == "policy_too_soon"


def test_a_request_is_judged_by_them_too(centre: CentreProcess, joined: Make) -> None:
    rep = joined("王五", "rep")
    sync(rep)
    request = capture.record(rep, dict(ROW_B)).request_id
    decide(centre, "intake.description_min", 400)
    sync(rep)
    assert reading.load(rep, request).state == "DRAFT", "recording was only proposed: the record is incomplete here"
    assert reading.load(rep, request).facts.settings.get("intake.description_min") == 400
    assert workspace.view(rep, request).next == NextStep("capture", "T2", ("description",)), "it says what is missing"
    form = editing.begin(rep, request)
    editing.save(rep, form, {**form.values, "description": str(form.values["description"]) + "，客户说得很细" * 60})
    sync(rep)
    assert reading.load(rep, request).state not in ("DRAFT", None), "completed, it is recorded"
