"""Templates for frequent matters: shipped ones and a person's own; they prefill what is still empty in a form."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from agentdesk.desk import forms
from agentdesk.desk.context import Desk
from agentdesk.domain.intake import is_blank
from agentdesk.domain.masking import mask_contacts
from agentdesk.domain.refusal import Refusal
from agentdesk.store import templates as own
from agentdesk.text.clean import clean_line
from agentdesk.text.privacy import redact

FIELDS = (
    "request_type",
    "sub_type",
    "product_service",
    "description",
    "anomaly",
    "attribution",
    "expected_outcome",
    "tags",
)
"""What a template may hold: the matter, never the customer, and no emotion, which is chosen deliberately (§2.3)."""

TITLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language; `values` are fields of the form."""

    id: str
    title: str
    values: Mapping[str, Any]
    own: bool = False


def templates(desk: Desk, language: str) -> list[Template]:
    """A person's own templates, the newest first, then the shipped ones in this language."""
    mine = [Template(f"own:{one.title}", one.title, one.fields, True) for one in own.templates(desk.store.raw())]
    return mine + shipped(language)


def shipped(language: str) -> list[Template]:
    """The templates of the starter pack in one language."""
    folder = files("agentdesk").joinpath("content", "templates")
    found: list[Template] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            data = tomllib.loads(entry.read_text(encoding="utf-8"))
            found += [_shipped(one, language) for one in data["template"]]
    return found


def _shipped(one: Mapping[str, Any], language: str) -> Template:
    words = {name: value[language] if isinstance(value, dict) else value for name, value in one.items()}
    return Template(str(one["id"]), str(words["title"]), {name: words[name] for name in FIELDS if name in words})


def apply(values: Mapping[str, Any], template: Template) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return (what to fill in, the fields left alone because they hold something else already)."""
    filled: dict[str, Any] = {}
    left: list[str] = []
    for name, value in template.values.items():
        present = values.get(name)
        empty = is_blank(present) if isinstance(present, str) and name not in ("request_type", "sub_type") else False
        if not present or empty:
            filled[name] = value
        elif present != value:
            left.append(name)
    return filled, tuple(left)


def keep(desk: Desk, title: str, values: Mapping[str, Any]) -> Template:
    """Store the matter of a form as a template of one's own; one of the same title gives way.

    Private numbers in it are replaced, contacts masked: it goes to other customers.
    Raises Refusal template.title, template.empty.
    """
    named = mask_contacts(redact(clean_line(title))[0])[:TITLE_LENGTH].strip()  # never cut before the look
    if not named:
        raise Refusal("template.title")
    intake, _ = forms.to_intake({name: values[name] for name in FIELDS if name in values})
    fields = {name: _masked(value) for name in FIELDS if (value := getattr(intake, name))}
    if not fields:
        raise Refusal("template.empty")
    with desk.store.plain_write() as conn:
        own.keep(conn, own.OwnTemplate(named, fields), int(desk.now().timestamp() * 1000))
    return Template(f"own:{named}", named, fields, True)


def _masked(value: Any) -> Any:
    return mask_contacts(value) if isinstance(value, str) else value


def remove(desk: Desk, template: Template) -> None:
    """Forget a template of one's own. Raises Refusal template.shipped."""
    if not template.own:
        raise Refusal("template.shipped")
    with desk.store.plain_write() as conn:
        own.remove(conn, template.title)
