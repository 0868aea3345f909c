"""Taking a push: the whole table of SYNC 2.4, in its order, and the verdicts of 2.5. Runs under the scope's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from agentdesk.central.accounts import UP_ONLY, Author
from agentdesk.central.batch import Batch, Item
from agentdesk.central.ledger import REPAIRING, Answered, Refused, ScopeLog
from agentdesk.central.problems import Problem
from agentdesk.central.states import site_settings
from agentdesk.changes import Change, Group, Kind, Registry, Row, Ruling, fold_row, hlc_to_hex, judge
from agentdesk.changes.hlc import LOGICAL_BITS, hlc_at
from agentdesk.domain.settings import Settings

APPLIED = "applied"
_TXN = Refused("txn", {})


@dataclass(frozen=True, slots=True)
class Taken:
    """What a push is answered: one answer a change, and how far the device's counters have come."""

    answers: list[dict[str, Any]]
    have: int


def take(log: ScopeLog, batch: Batch, registry: Registry) -> Taken:
    """Take a push into the log; `Problem` 503 or 409 (`epoch`, `gap`, `fork`) where nothing of it is taken."""
    if log.state == REPAIRING:
        raise Problem(503, "repairing", retry_after=30)
    if batch.epoch != log.epoch:
        raise Problem(409, "epoch", epoch=log.epoch)
    taking = _Taking(log, batch, registry)
    answers = [answer for txn in batch.txns for answer in taking.take_txn(txn)]
    log.set_device(batch.author.device, taking.have, taking.eff)
    return Taken(answers, taking.have)


class _Taking:
    """The state of one push while it is taken: earlier answers, the device's counter and merge time."""

    def __init__(self, log: ScopeLog, batch: Batch, registry: Registry) -> None:
        self._log = log
        self._author: Author = batch.author
        self._registry = registry
        self._now = hlc_at(log.now_ms)
        self._received = datetime.fromtimestamp(log.now_ms / 1000, UTC)
        self._births: dict[str, frozenset[str]] = {}
        self.have, last_eff = log.device(batch.author.device)
        # A desk's clock may jump between the writing and the sending; nobody works before being a member.
        self.eff = max(last_eff, min(self._author.first_day, self._now))
        if batch.items[0].ctr > self.have + 1:
            raise Problem(409, "gap", have=self.have)
        self._known = log.answered([item.change.id for item in batch.items])
        fresh = [item.change for item in batch.items if item.change.id not in self._known]
        log.states.load(change.root for change in fresh)
        log.states.load_owners((change.entity, change.entity_id) for change in fresh)

    def take_txn(self, txn: Sequence[Item]) -> list[dict[str, Any]]:
        """Answer one txn: what was answered earlier gets that answer again, the rest is taken or refused as a whole."""
        fresh = [item for item in txn if item.change.id not in self._known]
        if fresh and fresh[0].ctr <= self.have:
            raise Problem(409, "fork", have=self.have)
        taken = self._decide(fresh, torn=self._reuses(txn, fresh)) if fresh else {}
        answers = [self._answer(item, taken) for item in txn]
        self.have = max(self.have, txn[-1].ctr)
        return answers

    def _reuses(self, txn: Sequence[Item], fresh: Sequence[Item]) -> bool:
        """True if a member's id was used before for something else, or twice in this txn."""
        reused = any(item.change.id in self._known and not self._again(item) for item in txn)
        return reused or len({item.change.id for item in fresh}) < len(fresh)

    def _again(self, item: Item) -> bool:
        """True if what was answered earlier is offered again: with the same bytes, or with those that a redaction left.

        Of what goes up only the desk pulls nothing that would confirm it: it cleans what waits, and offers that.
        """
        if self._known[item.change.id].row_hash == item.row_hash:
            return True
        up_only = self._log.scope.startswith(UP_ONLY)
        return up_only and self._log.erased(item.change.id, self._author.device, item.ctr)

    def _answer(self, item: Item, taken: Mapping[str, Row | Refused]) -> dict[str, Any]:
        change = item.change
        earlier = self._known.get(change.id)
        if earlier is not None:
            if not self._again(item):
                return _refused(item, Refused("id_reuse", {}))
            if earlier.refused is not None:
                return _refused(item, earlier.refused)
            return _placed(item, "dup", earlier.seq, earlier.eff, earlier.verdict)
        found = taken[change.id]
        if isinstance(found, Refused):
            self._log.refuse(change, item.row_hash, self._author.device, item.ctr, found)
            self._known[change.id] = Answered(item.row_hash, None, None, None, found)
            return _refused(item, found)
        self._known[change.id] = Answered(item.row_hash, found.seq, found.eff, found.verdict, None)
        return _placed(item, "ok", found.seq, found.eff, found.verdict)

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _decide(self, fresh: Sequence[Item], *, torn: bool) -> dict[str, Row | Refused]:
        """Return the row or the refusal of each new member; one refusal refuses the whole txn (SYNC 2.2, txn)."""
        refused = self._refusals(fresh)
        if refused or torn:
            return {item.change.id: refused.get(item.change.id, _TXN) for item in fresh}
        return self._fold(fresh)

    def _refusals(self, fresh: Sequence[Item]) -> dict[str, Refused]:
        """Find what stands against each member before anything is folded."""
        born = {item.change.entity_id for item in fresh if self._is_birth(item.change)}
        roots: dict[tuple[str, str], str] = {}
        found: dict[str, Refused] = {}
        for item in fresh:
            change = item.change
            key = (change.entity, change.entity_id)
            if self._hangs_in_air(change, born):
                found[change.id] = Refused("depends_on", {"root": change.root})
            elif item.refused is not None:
                found[change.id] = item.refused
            elif roots.setdefault(key, change.root) != change.root or not self._log.states.fits(key, change.root):
                found[change.id] = Refused("shape", {"problem": "root"})
        return found

    def _is_birth(self, change: Change) -> bool:
        """True for what can begin a root: its creation or a version, or a kind that this registry lacks."""
        if change.root != change.entity_id:
            return False
        known = self._registry.entities.get(change.entity)
        if known is None:
            return True
        if not known.own_root:
            return False
        events = self._births.get(change.entity)
        if events is None:
            events = frozenset(name for name, group in known.groups.items() if group.kind is Kind.EVENT)
            self._births[change.entity] = events
        return not events or not events.isdisjoint(change.patch)

    def _hangs_in_air(self, change: Change, born: set[str]) -> bool:
        """True if the root was refused, or nobody ever told of it.

        Outside teams an unknown root may be an item of the starter pack, which no log holds: only a refusal counts.
        """
        if change.root in born or self._log.states.known(change.root):
            return False
        if self._log.scope.startswith("team:") or change.root != change.entity_id:
            return True
        return self._log.refused_root(change.root)

    # -- folding and judging ------------------------------------------------------------------------------------------

    def _fold(self, fresh: Sequence[Item]) -> dict[str, Row | Refused]:
        """Judge and fold the members in order; where a refusable lane says no, nothing of the txn is folded."""
        states = self._log.states
        may_refuse = any(self._refusable(item.change) for item in fresh)
        before = states.remember({item.change.root for item in fresh}) if may_refuse else {}
        eff, rows = self.eff, []
        for place, item in enumerate(fresh, self._log.head + 1):
            eff = self._eff_after(eff, item)
            verdict = self._judge(item.change, eff)
            if isinstance(verdict, Refused):
                states.restore(before)
                return {other.change.id: verdict if other is item else _TXN for other in fresh}
            row = Row(
                item.change, place, eff, verdict, item.row_hash,
                self._author.device, item.ctr, self._author.person, item.adj,
            )  # fmt: skip
            key = (item.change.entity, item.change.entity_id)
            states.put(fold_row(states.get(key, item.change.root), row, self._log.scope, self._registry))
            rows.append(row)
        self.eff = eff
        for row in rows:
            self._log.append(row)
        return {row.change.id: row for row in rows}

    def _eff_after(self, eff: int, item: Item) -> int:
        """Return the merge time: never before the device's previous change, never ahead of the centre (SYNC 2.15)."""
        return max(eff, min(item.change.hlc + (item.adj << LOGICAL_BITS), self._now))

    @cached_property
    def _settings(self) -> Settings:
        """The site's settings in force, read by the first member that is judged."""
        return Settings(site_settings(self._log.conn))

    def _lane(self, change: Change) -> tuple[str, Group] | None:
        for name in change.patch:
            group = self._registry.group(change.entity, name)
            if group is not None and group.lane is not None:
                return name, group
        return None

    def _refusable(self, change: Change) -> bool:
        found = self._lane(change)
        return found is not None and found[1].lane is not None and found[1].lane.on_illegal == "refuse"

    def _judge(self, change: Change, eff: int) -> str | Refused:
        """Return the verdict; all but lanes is applied. A value that no guard can read proves nothing: not legal."""
        found = self._lane(change)
        if found is None or found[1].lane is None:
            return APPLIED
        name, lane = found[0], found[1].lane
        states, author = self._log.states, self._author
        try:
            ruling = judge(
                lane,
                states.get((change.entity, change.entity_id), change.root),
                name,
                change.patch[name],
                change.base.get(name, ()),
                self._registry.facts(states.of_root(change.root), self._settings),
                actor=author.person,
                roles=author.roles,
                member=author.member_at(eff),
                entity_id=change.entity_id,
                received=self._received,
            )
        except (AttributeError, LookupError, TypeError, ValueError):
            ruling = Ruling("proposal" if lane.on_illegal == "proposal" else "refused", ("unreadable",))
        if ruling.verdict != "refused":
            return ruling.verdict
        return Refused(f"lane.{ruling.codes[0]}", {"codes": list(ruling.codes), "t": change.patch[name]["t"]})


def _placed(item: Item, status: str, seq: int | None, eff: int | None, verdict: str | None) -> dict[str, Any]:
    place = {"seq": seq, "eff": hlc_to_hex(eff or 0), "verdict": verdict}
    return {"ctr": item.ctr, "id": item.change.id, "status": status, **place}


def _refused(item: Item, refused: Refused) -> dict[str, Any]:
    return {
        "ctr": item.ctr,
        "id": item.change.id,
        "status": "refused",
        "code": refused.code,
        "args": dict(refused.args),
    }
