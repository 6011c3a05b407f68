import os
import subprocess
import sys
from importlib import import_module

import pytest

from alongside.config import command_line
from alongside.config.command_line import SUBCOMMANDS, Needs
from alongside.config.environment import PROJECT


def alongside(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, in which nothing but what the test says is set."""
    return subprocess.run(
        [sys.executable, "-m", "alongside", *arguments],
        cwd=PROJECT, env={"PATH": os.environ["PATH"], **variables}, capture_output=True, text=True,
    )  # fmt: skip


def test_help_names_every_command_and_imports_nothing_heavy():
    said = subprocess.run(
        [sys.executable, "-c", HELP_AND_WHAT_IT_LOADED],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert [one.name for one in SUBCOMMANDS if f"    {one.name} " not in said] == []
    assert said.splitlines()[-1] == "loaded: []"


HELP_AND_WHAT_IT_LOADED = """
import sys
from alongside.config.command_line import main
try:
    main(["--help"])
except SystemExit:
    print("loaded:", [name for name in ("django", "psycopg", "yaml", "msgspec") if name in sys.modules])
"""


@pytest.mark.parametrize("subcommand", SUBCOMMANDS, ids=lambda one: one.name)
def test_every_command_explains_itself_with_examples(subcommand, capsys):
    with pytest.raises(SystemExit) as ended:
        command_line.main([subcommand.name, "--help"])

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"usage: alongside {subcommand.name}" in said
    assert all(f"  {example}" in said for example in subcommand.examples)


@pytest.mark.parametrize("subcommand", SUBCOMMANDS, ids=lambda one: one.name)
def test_every_command_explains_itself_to_a_stranger_and_leaves_nothing_behind(subcommand, tmp_path):
    said = alongside(subcommand.name, "--help", ALONGSIDE_HOME=str(tmp_path))

    assert (said.returncode, said.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("subcommand", SUBCOMMANDS, ids=lambda one: one.name)
def test_every_command_keeps_to_the_convention(subcommand):
    module = import_module(subcommand.module)

    assert callable(module.add_arguments)
    assert callable(module.run)


def test_a_command_that_needs_nothing_brings_no_django():
    for one in SUBCOMMANDS:
        if one.needs is Needs.NOTHING:
            done = subprocess.run(
                [sys.executable, "-c", f"import sys, {one.module}; print('django' in sys.modules)"],
                cwd=PROJECT, capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert done.stdout == "False\n"


def test_a_mistyped_command_is_refused():
    done = alongside("serv")

    assert done.returncode == 2
    assert "invalid choice: 'serv'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "sentence"),
    [
        (["serve"], {}, "alongside: SECRET_KEY is missing, short or well known"),
        (
            ["worker"],
            {"SECRET_KEY": "k7Jq2mZx9Rw4Tn8Vb3Yc6Lp1Hs5Gd0Fa-eUoIiQ_", "DEBUG": "1"},
            "alongside: DEBUG shows",
        ),
        (["check"], {"ALONGSIDE_MODE": "production"}, "alongside: in production set DATABASE_URL"),
        (["migrate"], {"ALONGSIDE_MODE": "live"}, "alongside: ALONGSIDE_MODE is 'live'"),
        (
            ["migrate"],
            {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
            "alongside: the database can not be used: connection",
        ),
    ],
)
def test_what_is_set_up_wrongly_ends_with_one_sentence_and_code_2(arguments, variables, sentence):
    done = alongside(*arguments, **variables)

    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_pipe_that_is_closed_early_is_no_error(monkeypatch):
    class Closed:
        @staticmethod
        def add_arguments(parser): ...

        @staticmethod
        def run(args):
            raise BrokenPipeError

    monkeypatch.setattr(command_line, "import_module", lambda name: Closed)
    monkeypatch.setattr(command_line.os, "dup2", lambda *descriptors: None)

    assert command_line.main(["duties"]) == 141
