"""The house rules that can be read off the files."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("alongside", "demo")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
VAGUE = {
    "utils",
    "helpers",
    "common",
    "misc",
    "base",
    "manager",
    "managers",
    "libraries",
    "service",
    "services",
}


def test_no_module_name_is_vague():
    assert [str(path) for path in SOURCES if path.stem in VAGUE or VAGUE & set(path.parts)] == []


def test_no_module_is_over_400_lines():
    long = [path.name for path in SOURCES if len(path.read_text().splitlines()) > 400]

    assert long == []


def test_migrations_are_named():
    unnamed = [path.name for path in ROOT.rglob("alongside/*/migrations/*_auto_*.py")]

    assert unnamed == []


def test_only_history_writes_events_and_duties():
    """`Event` and `Duty` rows are created nowhere but behind the one door."""
    allowed = {"history.py", "loading.py", "derivation.py"}
    writers = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name not in allowed
        and path.parent.name != "models"
        and re.search(
            r"\b(Event|Duty)(\.objects\.(create|bulk_create|update|update_or_create|get_or_create)\(|\()",
            path.read_text(),
        )
        and "care.models" in path.read_text()
    ]

    assert writers == []


def test_nothing_overrides_save():
    overriding = [
        f"{path.name}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(part, ast.FunctionDef) and part.name in ("save", "delete") for part in node.body)
    ]

    assert overriding == []


def test_actions_take_keywords_only():
    positional = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in SOURCES
        if path.name == "actions.py"
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args
    ]

    assert positional == []


def test_decisions_are_numbered_once():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]

    assert sorted(numbers) == sorted(set(numbers))
    assert all(number.isdigit() for number in numbers)


@pytest.mark.parametrize(
    "words",
    [
        re.compile(r"pypi\.org|registry\.npmjs|pythonhosted|deb\.debian", re.I),
        re.compile(r"(?<![\w.])/work/(main|shared|\.library)"),
    ],
)
def test_nothing_committed_names_a_registry_or_this_machine(words):
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    this = Path(__file__).relative_to(ROOT).as_posix()
    guilty = [
        name
        for name in tracked
        if name
        and name != this
        and (ROOT / name).is_file()
        and words.search((ROOT / name).read_text(errors="replace"))
    ]

    assert guilty == []


def test_each_floor_uses_only_the_floors_below():
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()
