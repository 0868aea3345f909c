"""Filled stores: requests by the real journal, many more by copying rows in SQL, articles by the real import."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from agentdesk import preferences
from agentdesk.desk import articles, knowledge
from agentdesk.desk.context import Desk, open_desk
from agentdesk.desk.setup import first_run
from agentdesk.domain.content import StarterArticle, starter_states
from agentdesk.domain.records import REGISTRY
from agentdesk.store import entities, upkeep
from agentdesk.store.journal import Journal
from agentdesk.store.projections import contents, requests, search
from agentdesk.store.transaction import Transaction
from agentdesk.text.lexicon import Rule
from agentdesk.text.synthetic import synthetic_rules
from measure.corpus import corpus
from measure.figures import Sizes

A_TRANSACTION = 15
"""Requests a transaction: six changes each at most, of the hundred that one may hold."""

_GOODS = ("洗衣机", "空调", "冰箱", "电视", "电饭煲", "热水器", "油烟机", "路由器", "净水器", "吸尘器")
_MATTERS = (
    ("complaint", "after_sales", "用了三天就漏水，联系售后一直没人答复", "anxious"),
    ("consult", "product", "想了解能效等级和安装费用", "calm"),
    ("after_sales", "repair", "开机以后一直响，声音很大，影响休息", "dissatisfied"),
    ("consult", "logistics", "昨天下的单，想知道什么时候能送到", "calm"),
)
TAGS = ("vip-call", "加急", "上门", "回访", "退款")
_NAMES = "张王李赵陈刘杨黄周吴"
_CONTROLLED = ("request", "contact", "queue_row", "queue_tag", "clock_row", "customer_key")
"""Tables of which rows are copied; the log of changes is not, so a copied request has no history."""


def new_home(folder: Path) -> Desk:
    """Make a desk in a new home, as the first run does; the caller closes it."""
    desk = open_desk(folder)
    first_run(desk, "张敏", "8021", "客服一组")
    return desk


def add_requests(
    journal: Journal, count: int, *, seed: int = 1, more: int = 0, at_once: int = A_TRANSACTION
) -> list[str]:
    """Record requests through the journal, `at_once` a transaction, each with `more` notes; return their ids."""
    chance = random.Random(seed)
    made: list[str] = []
    for start in range(0, count, at_once):
        with journal.transaction() as txn:
            made += [_capture(txn, chance, number, more) for number in range(start, min(start + at_once, count))]
    return made


def _capture(txn: Transaction, chance: random.Random, number: int, more: int) -> str:
    """Write T1 and T2 (T4 where the request is no simple one) and some notes, with values drawn by chance."""
    request_type, sub_type, text, emotion = chance.choice(_MATTERS)
    rid, contact, at = txn.new_id(), txn.new_id(), txn.now()
    simple = request_type == "consult"
    name = f"AD-{txn.me.letters}-{txn.at:%Y%m%d}-{number + 1:04d}"
    created = {"number": name, "recorder": txn.me.person_id, "recorded_at": at, "at": at}
    txn.write("request", rid, root=rid, patch={"created": created, "channel": {"channel": "phone"}})
    txn.write("contact", contact, root=rid, patch={"opened": {"channel": "phone", "direction": "in", "at": at}})
    txn.transition("request", rid, "flow", "T1", {"owner": txn.me.person_id})
    txn.write("request", rid, root=rid, patch=_record(chance, number, request_type, sub_type, text, emotion, at))
    txn.transition("request", rid, "flow", "T2")
    if not simple:
        txn.transition("request", rid, "flow", "T4")
    for place in range(more):
        note = {"text": f"第{place + 1}次联系：{text}，已告知客户会在{chance.randint(1, 9)}小时内回复。", "at": at}
        txn.write("entry", txn.new_id(), root=rid, patch={"note": note})
    return rid


def _record(
    chance: random.Random, number: int, request_type: str, sub_type: str, text: str, emotion: str, at: str
) -> dict[str, Any]:
    simple = request_type == "consult"
    category, priority = ("simple", "P3") if simple else ("complex", "P2")
    good = chance.choice(_GOODS)
    patch: dict[str, Any] = {
        "reporter": {
            "customer_name": chance.choice(_NAMES) + chance.choice("强芳敏伟丽军"), "contact_kind": "mobile",
            "contact": f"139{number:08d}", "unregistered": True,
        },
        "type": {"request_type": request_type, "sub_type": sub_type},
        "product_service": {"product_service": good},
        "description": f"{good}{text}",
        "emotion": {"emotion": emotion},
        "order": {"no_order": True},
        "category": {"category": category, "also_complex": False, "at": at},
        "priority": {"priority": priority, "proposed": priority, "rule": "PR-12", "modifiers": [], "why": "", "at": at},
    }  # fmt: skip
    if chance.random() < 0.2:
        patch["tags"] = {chance.choice(TAGS): True}
    if not simple:
        patch |= {"anomaly": text[:12], "expected_outcome": "尽快处理"}
        patch |= {"occurred": {"occurred_at": "2026-01-28"}, "attribution": {"attribution": "product_quality"}}
    return patch


def add_articles(desk: Desk, count: int) -> None:
    """Import made articles as `kb import` does."""
    articles.import_articles(desk, ({"id": item.id, "title": item.title, "body": item.body} for item in corpus(count)))


def add_shelf(desk: Desk, count: int, *, at_once: int = 2_000) -> None:
    """Lay made articles into the store as the pack is laid there, without a log: a hundred thousand in a minute."""
    made = corpus(count)
    while part := [_shelved(item) for item in islice(made, at_once)]:
        states = starter_states((), part, REGISTRY)
        with desk.store.write() as conn:
            entities.save(conn, {(state.entity, state.id): state for state in states}, {})
            contents.refresh(conn, states)
    while upkeep.drain(desk.store, slice_size=at_once):
        pass


def _shelved(item: search.Item) -> StarterArticle:
    return StarterArticle(
        code=item.id, kind="faq", title=item.title, title_en="", body=item.body, plain_summary="", plain_summary_en="",
        steps=(), category="", product="", keywords=(), synonyms=(), tags=(), audience="may_quote", industry="",
        effective_from="", effective_to="", revision=1,
    )  # fmt: skip


def add_rules(journal: Journal, count: int, *, at_once: int = 40) -> None:
    """Publish made lint rules of the site, two changes each."""
    rules = synthetic_rules(count)
    for start in range(0, count, at_once):
        with journal.transaction() as txn:
            for rule in rules[start : start + at_once]:
                _publish_rule(txn, rule)


def _publish_rule(txn: Transaction, rule: Rule) -> None:
    value = {
        "id": rule.id, "category": rule.category, "severity": rule.severity, "why": rule.why,
        "patterns": list(rule.patterns), "plain": list(rule.plain),
    }  # fmt: skip
    rule_id = txn.new_id()
    version = {"rule": value, "effective_from": txn.now(), "at": txn.now()}
    current = txn.write("lexicon_rule", rule_id, root=rule_id, patch={"version": version})
    txn.transition("lexicon_rule", rule_id, "status", "publish", {"current": current})


class Homes:
    """The filled homes of one run, each made once and handed out as copies. Use as a context manager.

    `desk`: the requests and articles of a common desk. `large`: many requests and articles; `great`: and site rules.
    `shelf`: few requests, and as many articles as are searched.
    """

    def __init__(self, sizes: Sizes, say: Callable[[str], None]) -> None:
        """Nothing is made yet; `say` is told what is being made."""
        self._sizes = sizes
        self._say = say
        self._folder = tempfile.TemporaryDirectory()
        self._made: dict[str, Path] = {}
        self._copies = 0

    def copy(self, kind: str) -> Path:
        """Return a fresh copy of a home: `empty`, `desk`, `large`, `great` or `shelf`."""
        if kind not in self._made:
            self._made[kind] = Path(self._folder.name, kind)
            self._make(kind, self._made[kind])
        self._copies += 1
        return Path(shutil.copytree(self._made[kind], Path(self._folder.name, f"{kind}-{self._copies}")))

    def _make(self, kind: str, home: Path) -> None:
        sizes = self._sizes
        below = {"large": "desk", "great": "large"}.get(kind)
        self._say(f"filling a store ({kind})")
        if below is not None:
            shutil.copytree(self.copy(below), home)
        desk = open_desk(home) if below is not None else new_home(home)
        if kind == "desk":
            add_requests(desk.journal, sizes.requests)
            add_articles(desk, sizes.shelf)
        elif kind == "large":
            add_articles(desk, sizes.articles)
        elif kind == "great":
            add_rules(desk.journal, sizes.rules)
        elif kind == "shelf":
            add_requests(desk.journal, A_TRANSACTION)
            add_shelf(desk, sizes.searched)
        search_index(desk)
        store = desk.store.path
        desk.close()
        if kind == "large":
            self._say("copying rows by SQL, then indexing them as the desk does")
            multiply(store, max(1, sizes.many // sizes.requests))
            index_copies(home)

    def close(self) -> None:
        """Delete all of them."""
        self._folder.cleanup()

    def __enter__(self) -> Homes:
        """Use as a context manager that deletes."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Delete."""
        self.close()


def store_of(home: Path) -> Path:
    """Return where the file of a home's store lies."""
    return preferences.paths({preferences.HOME_VARIABLE: str(home)}).store


def search_index(desk: Desk) -> None:
    """Bring the search index up to date, as the first search would."""
    knowledge.search(desk, "漏水", 1)


def multiply(path: Path, times: int) -> None:
    """Copy the rows of every request `times - 1` times by SQL, under ids of their own, without history."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA synchronous=OFF")  # only while the store is made
        conn.execute("BEGIN")
        for copy in range(1, times):
            for table in _CONTROLLED:
                conn.execute(_copying(conn, table), {"mark": f"{copy:08x}", "tail": f"{copy:02d}"})
        conn.execute("COMMIT")
        conn.execute("ANALYZE queue_row")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def index_copies(home: Path) -> None:
    """Let the desk's own indexer take up the requests that the search does not hold yet."""
    desk = open_desk(home)
    try:
        with desk.store.write() as conn:
            dbapi = conn.connection.driver_connection
            assert dbapi is not None
            rows = dbapi.execute("SELECT root FROM queue_row WHERE substr(root, 1, 4) = '0000'")
            search.enqueue(dbapi, requests.KIND, [root for (root,) in rows])
        while upkeep.drain(desk.store, (requests.KIND,), 2_000):
            pass
    finally:
        desk.close()


def _copying(conn: sqlite3.Connection, table: str) -> str:
    """Write the statement: ids get a head of their own, numbers a letter, everything else stays."""
    columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    new = {name: f":mark || substr({name}, 9)" for name in ("id", "root", "subject", "episode")}
    new |= {"number": "number || '-' || :tail", "short_number": ":tail || substr(short_number, 3)"}
    new |= {"number_tail": "substr(:tail, 2) || substr(:tail, 1, 1) || '-' || number_tail"}
    chosen = ", ".join(new.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    originals = "substr(root, 1, 4) <> '0000'"
    return f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} WHERE {originals}"


def numbers(path: Path) -> Iterator[str]:
    """Yield the short numbers of the open requests in queue order."""
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute(
            "SELECT short_number FROM queue_row WHERE is_open = 1"
            " ORDER BY coalesce(next_due_at, 9223372036854775807), priority, number"
        )
        yield from (number for (number,) in rows)
