"""Which files of a download are to be read, and in which order."""

import errno
import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_MONTH = re.compile(rb"\b20\d\d-(?:0[1-9]|1[0-2])\b")
_HEAD = 4096
# Other series of the same publisher, which stand in the same folders.
_OTHER_SERIES = ("-stop-and-search",)


def found(given: Sequence[Path], *, apart_from: Path | None = None) -> list[Path]:
    """The files themselves, and those in the folders, in order of their months and street files first.

    `apart_from` is where we write ourselves, which may well be among them.
    Raises FileNotFoundError for what is not there, and where nothing is to be read.
    """
    ours = apart_from and apart_from.resolve()
    files = {path for one in given for path in _files(one) if path.resolve() != ours}
    if not files:
        raise FileNotFoundError(
            errno.ENOENT, "there is no CSV or JSON file in it", ", ".join(map(str, given))
        )
    return sorted(files, key=_order)


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
        raise FileNotFoundError(errno.ENOENT, "there is no such file or folder", str(given))
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
