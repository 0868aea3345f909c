"""What the desk knows for the variables of a phrase, written in the language in which the phrase speaks.

A value that would read as nonsense there (a Chinese need in an English sentence) is left out: the variable is then
asked for, and the agent puts it in the customer's language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from agentdesk.desk import library, reading
from agentdesk.desk.context import Desk, content
from agentdesk.desk.reading import Whole
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.text import values as typed_values
from agentdesk.text.fold import simplify, to_script
from agentdesk.text.templates import FORMATS

_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile("[A-Za-z]")
_CLAUSE = {False: re.compile("[，,。；;！!？?\n]"), True: re.compile(r"[.;!?\n]|, ")}
_POLICY = "policy"
_VERSION = re.compile(r"v\d+")
_ACTION_LENGTH = 200


def known(desk: Desk, whole: Whole | None, language: str) -> dict[str, str]:
    """The variables with a value that can be said in `language` (`zh-CN`, `zh-TW`, `en`).

    An instant has its faces too: `eta` as a moment, `eta:date`, `eta:time`.
    """
    words, me = _words(language), desk.me
    values = {"agent_name": me.name, "work_no": me.work_no, "supervisor_title": words["supervisor_title"]}
    if whole is not None:
        values |= _of_request(desk, whole, language, words)
    return {name: value for name, value in values.items() if value.strip()}


def _of_request(desk: Desk, whole: Whole, language: str, words: Mapping[str, Any]) -> dict[str, str]:
    intake = whole.facts.intake
    # What goes into a text by itself names nobody's phone: whoever wants to, types it. Masked before anything is cut.
    product, anomaly, description = (
        mask_contacts(text, intake.contact) for text in (intake.product_service, intake.anomaly, intake.description)
    )
    values = {
        "customer_title": _customer_title(intake.customer_name, language, words),
        "product": _said(product, language, mixed=True),
        "need": need(anomaly, description, product, language),
        "request_no": whole.number,
        "order_no": intake.order_no,
        "channel": words["channel"].get(intake.channel, ""),
        "feeling": words["feeling"].get(intake.emotion, ""),
        **_faces("next_update", _next_update(desk, whole), words),
    }
    plan = whole.facts.plan()
    if plan is not None:
        values |= _faces("eta", reading.when(plan.value.get("finish")), words)
        told = words["join"].join(item["text"] for item in plan.value.get("steps") or ())
        steps = mask_contacts(told, intake.contact)
        values["action"] = _said(steps[:_ACTION_LENGTH], language)
    return values | _policy(desk, whole, language, words)


def need(anomaly: str, description: str, product: str, language: str) -> str:
    """The matter in a few words, to stand after the product: the anomaly, else the first clause of the description."""
    words = _words(language)
    english, limit = language == "en", int(words["need_length"])
    text = (anomaly if 0 < len(anomaly) <= limit else description).strip()
    clause = _CLAUSE[english].split(text, maxsplit=1)[0].strip()
    asking = re.match(words.get("asking") or _words("zh-CN")["asking"], simplify(clause), re.IGNORECASE)
    clause = clause[asking.end() :] if asking else clause
    if product and clause.casefold().startswith(product.casefold()):
        clause = clause[len(product) :].removeprefix(words.get("of", ""))
    return _said(_cut(clause.strip(), limit, english), language)


def written(at: datetime | date | time | None, form: str, words: Mapping[str, Any]) -> str:
    """A time as the language writes it, "" for None."""
    if at is None:
        return ""
    parts: dict[str, Any] = {}
    if not isinstance(at, time):
        months = words.get("months")
        parts |= {"year": at.year, "month": months[at.month - 1] if months else at.month, "day": at.day}
    if isinstance(at, (datetime, time)):
        parts |= {"hour": at.hour, "minute": at.minute}
    return form.format(**parts)


def said_as(form: str, typed: str, language: str, now: datetime) -> str:
    """What somebody typed for a blank of that format, as the language writes it; text as it stands.

    Raises Refusal blank.date, blank.time, blank.moment, blank.number, blank.money where it is none.
    """
    if form not in FORMATS:
        return typed.strip()
    words = _words(language)
    said = ""
    if form == "date":
        day = typed_values.read_date(typed, now.date())
        said = written(day, words["day"] if day is not None and day.year == now.year else words["date"], words)
    elif form == "time":
        said = written(typed_values.read_time(typed), words["time"], words)
    elif form == "moment":
        said = written(typed_values.read_moment(typed, now), words["moment"], words)
    elif form == "number":
        said = typed_values.read_number(typed) or ""
    else:
        said = _money(typed_values.read_money(typed), words)
    if not said:
        raise Refusal(f"blank.{form}")
    return said


def _money(amount: int | None, words: Mapping[str, Any]) -> str:
    if amount is None:
        return ""
    whole, rest = divmod(amount, 100)
    return str(words["money"].format(amount=f"{whole}.{rest:02}" if rest else str(whole)))


def _faces(name: str, at: datetime | None, words: Mapping[str, Any]) -> dict[str, str]:
    """An instant as a moment, and as each face that a blank may ask for."""
    moment = written(at, words["moment"], words)
    return {
        name: moment,
        f"{name}:moment": moment,
        f"{name}:date": written(at, words["day"], words),
        f"{name}:time": written(at, words["time"], words),
    }


def _cut(clause: str, limit: int, english: bool) -> str:
    """At most so many characters; an English clause is cut between words."""
    if len(clause) <= limit or not english:
        return clause[:limit]
    return clause[: limit + 1].rpartition(" ")[0] or clause[:limit]


def _said(text: str, language: str, *, mixed: bool = False) -> str:
    """A text that others wrote, where it can stand in a sentence of that language; "" where it cannot.

    `mixed`: Latin letters alone may stand in a Chinese sentence, as the name of a product does.
    """
    chinese = bool(_HAN.search(text))
    if language == "en":
        return "" if chinese else text
    if not chinese and not mixed and _LETTER.search(text):
        return ""
    return to_script(text, language)


def _customer_title(name: str, language: str, words: Mapping[str, Any]) -> str:
    """The customer's name where it carries a form of address, else a polite word that fits everybody."""
    bare = name.strip()
    if "*" not in bare and language == "en":
        titled = any(re.match(rf"{title}\.? \w", bare) for title in words["titles"])
        return f"Dear {bare}" if titled and not _HAN.search(bare) else str(words["customer_title"])
    titled = "*" not in bare and any(len(bare) > len(title) and bare.endswith(title) for title in words["titles"])
    return bare if titled else str(words["customer_title"])


def _next_update(desk: Desk, whole: Whole) -> datetime | None:
    """When the customer was promised to hear again, as long as that is still to come."""
    promised = [at for event in whole.facts.told() if (at := reading.when(event.value.get("promised_at")))]
    return promised[-1] if promised and promised[-1] > desk.now() else None


def _policy(desk: Desk, whole: Whole, language: str, words: Mapping[str, Any]) -> dict[str, str]:
    """Name, version and date of the policy cited last; articles about a policy are named by a question and left out."""
    cited_last = list(reversed(reading.cited(whole)))
    known_articles = library.articles(desk, (cited.id for cited in cited_last))
    for cited in cited_last:
        item = known_articles.get(cited.id)
        if item is not None and item.value.get("kind") == _POLICY:
            titles = (item.value.get("title_en") if language == "en" else "") or item.value.get("title") or ""
            since = reading.when(item.value.get("effective_from"))
            versions = [tag[1:] for tag in item.tags if _VERSION.fullmatch(tag)]
            return {
                "policy_name": _said(str(titles), language, mixed=True),
                "policy_version": words["version"].format(number=versions[0]) if versions else "",
                "effective_date": written(since, words["date"], words),
            }
    return {}


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(content("variables.toml"))


def _words(language: str) -> dict[str, Any]:
    found: dict[str, Any] = _tables().get(language) or _tables()["zh-CN"]
    return found
