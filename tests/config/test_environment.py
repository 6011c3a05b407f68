from pathlib import Path

import pytest

from alongside.config import environment, secrets
from alongside.config.environment import Mode
from alongside.config.trouble import Trouble


def test_production_is_the_default_and_gives_nothing_secret_a_default(tmp_path):
    here = environment.read({"ALONGSIDE_HOME": str(tmp_path)})

    assert here.mode is Mode.PRODUCTION
    assert (here.secret_key, here.allowed_hosts, here.database_url, here.debug) == ("", (), "", False)
    assert list(tmp_path.iterdir()) == []


def test_a_demonstration_makes_its_own_secret_and_keeps_it(tmp_path):
    variables = {"ALONGSIDE_MODE": "demonstration", "ALONGSIDE_HOME": str(tmp_path)}

    first, second = environment.read(variables), environment.read(variables)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64


def test_a_secret_is_readable_by_its_owner_alone(tmp_path):
    secrets.kept(tmp_path, "key")

    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert [(path.name, path.stat().st_mode & 0o777) for path in (tmp_path / "secrets").iterdir()] == [
        ("key", 0o600)
    ]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"ALONGSIDE_MODE": "prod"},
            "ALONGSIDE_MODE is 'prod': it must be one of production, demonstration, test.",
        ),
        ({"PORT": "http"}, "PORT is 'http': it must be a number from 1 to 65535."),
        ({"PORT": "65536"}, "PORT is '65536': it must be a number from 1 to 65535."),
        (
            {"DATABASE_URL": "mysql://root:hunter2@db/care"},
            "DATABASE_URL must look like postgresql://login:password@host:5432/database.",
        ),
        (
            {"DATABASE_URL": "postgresql://root:hunter2#@db/care"},
            "DATABASE_URL must look like postgresql://login:password@host:5432/database.",
        ),
        (
            {"DATABASE_URL": "postgresql://root:hunter2@[db/care"},
            "DATABASE_URL must look like postgresql://login:password@host:5432/database.",
        ),
    ],
)
def test_what_can_not_be_understood_is_said(variables, sentence):
    with pytest.raises(Trouble) as trouble:
        environment.read(variables)

    assert str(trouble.value) == sentence


def test_hosts_are_a_list_with_commas():
    here = environment.read({"ALLOWED_HOSTS": "care.example.police.uk, ,other.example"})

    assert here.allowed_hosts == ("care.example.police.uk", "other.example")


def test_home_is_in_the_project_unless_it_is_named():
    assert environment.read({}).home == Path(environment.PROJECT / "var")
    assert environment.read({"ALONGSIDE_HOME": "/srv/alongside"}).home == Path("/srv/alongside")
