"""`make reset`: forget a demonstration, after asking whether anything is still using it."""

import fcntl
import os
import shutil
import sys

from alongside.config import environment

OURS = ("database", "database.new", "secrets", "logs", "database.lock", "database.users")


def main() -> int:
    home = environment.read(os.environ).home
    with (home / "database.users").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"alongside: {home} is in use: stop `make run` first.", file=sys.stderr)
            return 2
        for name in OURS:
            path = home / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    print(f"The demonstration in {home} is gone. `make run` makes another.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
