"""Words in the code: every public thing says what it is for, and none of them are words for the screen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import modules

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
ANALYSIS: dict[str, str] = {
    "agentdesk/text/": "patterns and character classes of the language itself",
    "agentdesk/domain/contact.py": "marks of an extension in a telephone number",
    "agentdesk/domain/intake.py": "what people type into a field to say nothing",
    "agentdesk/domain/masking.py": "surnames of two characters, to be kept when a name is masked",
    "agentdesk/screens/plan.py": "the signs of hour and day as people type them",
}
"""Module or folder -> reason: Chinese that text is searched for, not words that are shown."""


@pytest.mark.parametrize("path", sorted(modules()))
def test_every_public_thing_has_its_docstring(path: str) -> None:
    tree = modules()[path]
    assert ast.get_docstring(tree), f"{path} says nothing about itself"
    assert not list(_silent(tree, ""))


def _silent(node: ast.Module | ast.ClassDef, inside: str) -> Iterator[str]:
    """Names of public classes, functions and methods without a docstring."""
    for child in node.body:
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or child.name.startswith("_"):
            continue
        name = f"{inside}{child.name}"
        if not ast.get_docstring(child) and not _is_variant(child):
            yield name
        # A protocol lists members that are described where the real thing is.
        if isinstance(child, ast.ClassDef) and not any(ast.unparse(base) == "Protocol" for base in child.bases):
            yield from _silent(child, f"{name}.")


def _is_variant(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Overloads and setters are described where the thing itself is."""
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(name.endswith((".setter", "overload")) for name in decorators)


@pytest.mark.parametrize("path", sorted(modules()))
def test_no_words_for_the_screen_in_code(path: str) -> None:
    found = [text for text in _strings(modules()[path]) if CJK.search(text)]
    assert not found or path.startswith(tuple(ANALYSIS)), (
        f"{path}: {found[:3]} are words for the catalogue or the content"
    )


@pytest.mark.parametrize("start", sorted(ANALYSIS))
def test_exceptions_are_needed(start: str) -> None:
    inside = [tree for path, tree in modules().items() if path.startswith(start)]
    assert any(CJK.search(text) for tree in inside for text in _strings(tree))


def _strings(tree: ast.Module) -> Iterator[str]:
    """String constants of a module but for docstrings."""
    docs: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for child in body if isinstance(body, list) else []:
            # Docstrings, and the strings under fields that describe them.
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                docs.add(id(child.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value
