"""References and ids that no page could show, or no address could carry, are refused where they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.care import names


@pytest.mark.parametrize(
    "name", ["WM-000123-26/V1", "C000000", "EV/facts", "a b", "Łódź/1", "sent:0f:1", "1.2"]
)
def test_what_can_be_shown_is_fine(name):
    assert names.faults(name, called="it") == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("x" * 65, "it is longer than 64 characters"),
        ("a\nb", "it has a character that can not be shown"),
        ("a\u202eb", "it has a character that can not be shown"),
        (" a", "it begins or ends with a space"),
        ("a/../b", "a part between slashes"),
        ("a//b", "a part between slashes"),
        ("/a", "a part between slashes"),
        ("a/-/tell", "a part between slashes"),
        ("..", "a part between slashes"),
    ],
)
def test_what_can_not_is_said(name, fault):
    (said,) = names.faults(name, called="it")

    assert fault in said


@given(st.text(max_size=70))
def test_the_quick_way_agrees_with_the_whole(name):
    quick = names._PLAIN.fullmatch(name) and len(name) <= names.LONGEST

    assert not quick or (
        name.isprintable() and name == name.strip() and not names._RESERVED & set(name.split("/"))
    )
