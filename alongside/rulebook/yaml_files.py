"""Reading YAML strictly: a key written twice is a mistake, not the last one's win."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

BOOKS = Path(__file__).parent / "books"


class _Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, in C where it is built, that refuses duplicate keys."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key.value!r} is written twice", key.start_mark
            )
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(text: str) -> Any:
    """What the text says; `yaml.YAMLError` with line and column when it is not YAML."""
    return yaml.load(text, Loader=_Strict)


def read_shipped(name: str) -> Any:
    """One of the files that ship in `books/`."""
    return read_yaml((BOOKS / name).read_text(encoding="utf-8"))
