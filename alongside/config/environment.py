"""Everything that the environment may say, read once into one typed value. Nothing else reads os.environ."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from alongside.config import secrets
from alongside.config.trouble import Trouble

PROJECT = Path(__file__).resolve().parents[2]


class Mode(StrEnum):
    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Environment:
    """The defaults are those of production, where nothing secret has a default."""

    mode: Mode
    home: Path
    database_url: str
    secret_key: str
    former_secret_keys: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    debug: bool
    host: str
    port: int
    web_processes: int
    proxies: int
    mail_url: str
    mail_from: str

    @property
    def is_production(self) -> bool:
        return self.mode is Mode.PRODUCTION


def read(variables: Mapping[str, str]) -> Environment:
    """The environment as one value. Raises Trouble."""
    mode = _mode(variables)
    home = Path(variables.get("ALONGSIDE_HOME") or PROJECT / "var").expanduser().resolve()
    hosts = _list(variables, "ALLOWED_HOSTS")
    return Environment(
        mode=mode,
        home=home,
        database_url=_database_url(variables),
        secret_key=variables.get("SECRET_KEY") or _own_secret_key(mode, home),
        former_secret_keys=_list(variables, "SECRET_KEY_FALLBACKS"),
        allowed_hosts=hosts or (() if mode is Mode.PRODUCTION else ("*",)),
        debug=variables.get("DEBUG", "").lower() in ("1", "true", "yes", "on"),
        host=variables.get("HOST") or "127.0.0.1",
        port=_number(variables, "PORT", 8000, least=1, most=65535),
        web_processes=_number(variables, "WEB_PROCESSES", 2, least=1, most=64),
        proxies=_number(variables, "PROXIES", 0, least=0, most=9),
        mail_url=variables.get("MAIL_URL", ""),
        mail_from=variables.get("MAIL_FROM", "alongside@localhost"),
    )


def _mode(variables: Mapping[str, str]) -> Mode:
    said = variables.get("ALONGSIDE_MODE") or Mode.PRODUCTION
    try:
        return Mode(said)
    except ValueError:
        raise Trouble(f"ALONGSIDE_MODE is {said!r}: it must be one of {', '.join(Mode)}.") from None


def _database_url(variables: Mapping[str, str]) -> str:
    said = variables.get("DATABASE_URL", "")
    if said and not _is_address(said):
        # Not repeated in the message: whatever it is, there may be a password in it.
        raise Trouble("DATABASE_URL must look like postgresql://login:password@host:5432/database.")
    return said


def _is_address(said: str) -> bool:
    try:
        parts = urlsplit(said)
        return parts.scheme in ("postgresql", "postgres") and parts.port != 0
    except ValueError:  # a port that is no number, half of a pair of brackets: often a password not quoted
        return False


def _own_secret_key(mode: Mode, home: Path) -> str:
    """A demonstration makes its own key and keeps it; production has to be given one."""
    return "" if mode is Mode.PRODUCTION else secrets.kept(home, "secret-key")


def _list(variables: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in variables.get(name, "").split(",") if one.strip())


def _number(variables: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    said = variables.get(name) or str(default)
    if not said.isdecimal() or not least <= int(said) <= most:
        raise Trouble(f"{name} is {said!r}: it must be a number from {least} to {most}.")
    return int(said)
