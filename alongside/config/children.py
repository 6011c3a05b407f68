"""The processes that `make run` looks after."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from alongside.config.environment import PROJECT
from alongside.config.trouble import Trouble

STOPS_WITHIN = 25
RESTARTS = 5  # in a minute; what keeps falling over is not started for ever
SET_UP_WRONGLY = 2
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Child:
    """One subcommand, in a session of its own so that Ctrl-C reaches it only through us."""

    def __init__(self, name: str, variables: Mapping[str, str], *, log: Path) -> None:
        self.name = name
        self.variables = variables
        self.log = log
        self.starts: list[float] = []
        self.process = self._started()

    def restart_if_it_fell_over(self) -> None:
        """Raises Trouble when starting it again would not help."""
        code = self.process.poll()
        if code is None:
            return
        if code == SET_UP_WRONGLY:  # it said why, and would only say it again
            last_words = self.log.read_text(errors="replace").splitlines()[-1:]
            raise Trouble(f"`alongside {self.name}` can not start. It said: {' '.join(last_words)}")
        recent = [start for start in self.starts if start > time.monotonic() - 60]
        if len(recent) > RESTARTS:
            raise Trouble(
                f"`alongside {self.name}` ended {len(recent)} times in a minute: {self.log} says why."
            )
        print(f"`alongside {self.name}` ended by itself (code {code}): starting it again.", flush=True)
        self._end_what_it_left()
        self.process = self._started()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> None:
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._end_what_it_left()

    def _started(self) -> subprocess.Popen[bytes]:
        self.starts.append(time.monotonic())
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "alongside", self.name],
                cwd=PROJECT,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    def _end_what_it_left(self) -> None:
        """Processes of its own that outlive it for a moment would still hold the port."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    """If we are killed outright our children go too; nobody else would ever stop them."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
