"""Output held back until the whole input is known to be good, then printed in order of care record."""

from __future__ import annotations

import shutil
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

_IN_MEMORY = 8 * 1024 * 1024


class Spool:
    """What was written for each care record, on disk once it is much."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        self._starts: list[tuple[str, int]] = []
        self._is_in_order = True

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, care: str, printed: bytes) -> None:
        """All that is to be printed of one care record."""
        if self._starts and care < self._starts[-1][0]:
            self._is_in_order = False
        self._starts.append((care, self._file.tell()))
        self._file.write(printed)

    def print_to(self, out: BinaryIO) -> None:
        """Everything, by care record."""
        end = self._file.tell()
        self._file.seek(0)
        if self._is_in_order:
            shutil.copyfileobj(self._file, out, _IN_MEMORY)
        else:
            ends = [start for _, start in self._starts[1:]] + [end]
            spans = sorted(zip(self._starts, ends, strict=True))
            for (_, start), stop in spans:
                self._file.seek(start)
                out.write(self._file.read(stop - start))
        out.flush()
