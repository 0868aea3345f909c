"""The documents say what is there: generated ones are fresh, commands and links in them exist."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

READMES = ("README.md", "README.zh-CN.md")
COMMAND = re.compile(r"`agentdesk ((?:[a-z]+ ?)+)|· `((?:[a-z]+ ?)+)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> set[str]:
    """Commands that a page's table names, without their arguments: `kb search`, `doctor`."""
    table = [line for line in read(name).splitlines() if line.startswith("| `agentdesk")]
    found = [one or other for line in table for one, other in COMMAND.findall(line.split(" | ")[0])]
    return {words.strip() for words in found}


@pytest.mark.parametrize("script", ["keys_doc", "preferences_doc"])
def test_generated_pages_are_what_the_code_says(script: str) -> None:
    command = [sys.executable, f"scripts/{script}.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_both_languages_say_the_same() -> None:
    assert commands(READMES[0]) == commands(READMES[1])
    shapes = [[line.split(" ")[0] for line in read(name).splitlines() if line[:1] == "#"] for name in READMES]
    assert shapes[0] == shapes[1]
    code = [re.findall(r"```sh\n(.*?)```", read(name), re.S) for name in READMES]
    assert code[0] == code[1]


@pytest.mark.parametrize("words", sorted(commands(READMES[0])))
def test_every_command_in_the_readme_exists(words: str) -> None:
    command = [sys.executable, "-m", "agentdesk", *words.split(), "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", [*READMES, "docs/architecture.md", "CHANGELOG.md"])
def test_links_and_scripts_exist(name: str) -> None:
    text = read(name)
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / name).parent.joinpath(target).exists(), target
    for script in re.findall(r"scripts/\w+\.\w+", text):
        assert (ROOT / script).exists(), script


def test_paths_named_in_the_architecture_exist() -> None:
    for path in re.findall(r"`((?:agentdesk|tests|scripts|docs)/[\w./-]+)`", read("docs/architecture.md")):
        assert (ROOT / path).exists(), path


def test_the_changelog_has_a_place_for_what_comes() -> None:
    text = read("CHANGELOG.md")
    assert "## [Unreleased]" in text
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (\w+)", text, re.M)) <= kinds
