"""Which files of a download are to be read, and in which order."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_MONTH = re.compile(rb"\b20\d\d-(?:0[1-9]|1[0-2])\b")
_HEAD = 4096
# Other series of the same publisher, which stand in the same folders.
_OTHER_SERIES = ("-stop-and-search",)


def found(given: Iterable[Path]) -> list[Path]:
    """The files themselves, and those in the folders, in order of their months and street files first.

    Raises FileNotFoundError for what is not there.
    """
    return sorted({path for one in given for path in _files(one)}, key=_order)


def is_outcomes(path: Path) -> bool:
    """Whether its header is that of an outcomes file."""
    return b"Outcome type" in _head(path).split(b"\n", 1)[0]


def fingerprint(path: Path, raw: bytes) -> bytes:
    """Of this very file: where it lies, when it was last written, and every byte of it.

    A release that says again what an earlier one said is another file, and so has another fingerprint.
    """
    where = f"{path.resolve()}\0{path.stat().st_mtime_ns}\0"
    return hashlib.sha256(where.encode(errors="surrogateescape") + raw).digest()


def _files(given: Path) -> Iterator[Path]:
    if not given.exists():
        raise FileNotFoundError(given)
    if not given.is_dir():
        yield given
        return
    for path in given.rglob("*"):
        if path.suffix.lower() in (".csv", ".json") and not path.stem.lower().endswith(_OTHER_SERIES):
            yield path


def _order(path: Path) -> tuple[bytes, bool, str]:
    month = _MONTH.search(path.name.encode(errors="surrogateescape")) or _MONTH.search(_head(path))
    return (month.group() if month else b"", is_outcomes(path), str(path))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)
