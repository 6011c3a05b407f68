"""Which role may do what, as a table that the client reads and signs: tests/golden/roles.csv."""

import csv
from pathlib import Path

import pytest

from alongside.access import actions, actors
from alongside.access.models import Role
from alongside.access.permissions import Permission
from tests.factories import force, user

GOLDEN = Path(__file__).parents[1] / "golden" / "roles.csv"


def test_roles_match_the_golden_table():
    roles = actions.first_roles()
    table = [["permission", *(role["title"] for role in roles.values())]]
    for permission in Permission:
        table.append(
            [permission, *("yes" if permission in role["permissions"] else "" for role in roles.values())]
        )

    with GOLDEN.open(newline="") as golden:
        assert list(csv.reader(golden)) == table


def test_every_permission_is_held_by_some_role():
    held = {permission for role in actions.first_roles().values() for permission in role["permissions"]}

    assert held == set(Permission)


@pytest.mark.django_db
def test_a_force_has_its_own_copy_of_the_roles():
    ours, theirs = force("WM"), force("WY")
    Role.objects.filter(force=ours, code="officer").update(permissions=["view_record"])

    again = actions.establish_force(code="WM", name="West Mercia")  # as an upgrade does

    assert again == ours
    assert actors.staff(user(ours, "officer")).permissions == {Permission.VIEW_RECORD}
    assert actors.staff(user(theirs, "officer")).may(Permission.TELL_VICTIM)


@pytest.mark.django_db
def test_somebody_with_two_roles_may_do_what_either_may(django_assert_num_queries):
    both = user(force("WM"), "call-handler", "analyst")

    with django_assert_num_queries(1):
        actor = actors.staff(both)

    assert actor.label == "analyst, call-handler"
    assert actor.permissions == {
        Permission.VIEW_WORKLIST,
        Permission.VIEW_RECORD,
        Permission.ADD_EVENT,
        Permission.VIEW_PERFORMANCE,
    }


@pytest.mark.django_db
def test_a_permission_that_this_version_does_not_know_is_let_pass():
    here = force("WM")
    Role.objects.filter(force=here, code="analyst").update(
        permissions=["view_performance", "of_a_later_version"]
    )

    assert actors.staff(user(here, "analyst")).permissions == {Permission.VIEW_PERFORMANCE}
