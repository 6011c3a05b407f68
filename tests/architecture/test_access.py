"""The three rings, each proved by listing everything: addresses, tables, references, logins."""

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from alongside.access import checks

pytestmark = pytest.mark.django_db


def addresses(resolver: URLResolver, prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += addresses(entry, address)
        elif isinstance(entry, URLPattern):
            found.append((address, entry.callback))
    return found


def rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_every_view_has_a_gate():
    open_doors = [
        address for address, view in addresses(get_resolver()) if getattr(view, "gate", None) is None
    ]

    assert open_doors == []


def test_the_walk_over_addresses_sees_an_ungated_view():
    def forgotten(request):
        raise NotImplementedError

    from django.urls import path
    from django.urls.resolvers import RegexPattern

    resolver = URLResolver(RegexPattern(r"^/"), [path("forgotten/", forgotten)])

    assert [address for address, view in addresses(resolver) if getattr(view, "gate", None) is None] == [
        "forgotten/"
    ]


def test_every_table_of_a_force_is_locked_to_it():
    assert checks.tables() == []


def test_the_check_of_tables_sees_an_unlocked_one():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (id uuid PRIMARY KEY, force_id uuid)")

    assert checks.tables() == ["forgotten has no row-level security"]


def test_the_check_of_tables_sees_a_view_that_looks_past_the_policies():
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIEW everybody AS SELECT name FROM care_person")

    assert checks.tables() == [
        "everybody is a view that looks with its owner's eyes (security_invoker is off)"
    ]


def test_the_logins_of_the_processes_have_no_power():
    assert checks.logins() == []


def test_the_check_of_logins_sees_a_grant_too_many():
    with connection.cursor() as cursor:
        cursor.execute("GRANT SELECT ON care_person TO alongside_web")

    assert checks.logins() == ["alongside_web on care_person holds SELECT"]


def test_every_unique_constraint_of_a_force_table_includes_the_force():
    """Otherwise an error tells one force what another has."""
    without = rows(
        """
        SELECT index_.indexrelid::regclass::text
        FROM pg_index AS index_
        JOIN pg_attribute AS force ON force.attrelid = index_.indrelid AND force.attname = 'force_id'
        WHERE index_.indisunique AND NOT index_.indisprimary
          AND NOT force.attnum = ANY (index_.indkey::smallint[])
          AND index_.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        ORDER BY 1
        """
    )

    # Sign-in comes before any force is known, so an address can stand for one person only.
    assert [name for (name,) in without] == ["access_user_email_key"]


def test_every_reference_between_force_tables_is_composite():
    """A plain foreign key looks past row security and would accept another force's row."""
    plain = rows(
        """
        SELECT constraint_.conrelid::regclass::text, constraint_.conname
        FROM pg_constraint AS constraint_
        JOIN pg_attribute AS here ON here.attrelid = constraint_.conrelid AND here.attname = 'force_id'
        JOIN pg_attribute AS there ON there.attrelid = constraint_.confrelid AND there.attname = 'force_id'
        WHERE constraint_.contype = 'f' AND array_length(constraint_.conkey, 1) = 1
        ORDER BY 1
        """
    )

    # A reader of a shared and restricted record may work for the force that it is shared with.
    assert [table for table, _ in plain] == ["care_named"]


def test_every_key_column_of_a_force_table_is_a_reference():
    """`SameForceKey` leaves the constraint to a migration: none may be forgotten."""
    from django.apps import apps

    from alongside.kernel.keys import SameForceKey

    held = {
        (table, column)
        for table, column in rows(
            """
            SELECT constraint_.conrelid::regclass::text, column_.attname
            FROM pg_constraint AS constraint_
            JOIN pg_attribute AS column_
              ON column_.attrelid = constraint_.conrelid AND column_.attnum = ANY (constraint_.conkey)
            WHERE constraint_.contype = 'f' AND array_length(constraint_.conkey, 1) = 2
            """
        )
    }
    declared = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, SameForceKey)
    }

    assert declared - held == set()


def test_history_and_the_access_log_are_append_only():
    guarded = rows(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%is_append_only' ORDER BY 1"
    )

    assert [table for (table,) in guarded] == ["access_access", "care_event"]


def test_the_logins_can_keep_nothing_outside_the_tables():
    makers = ["lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid, bytea)"]

    allowed = rows(
        "SELECT login, maker FROM unnest(ARRAY['alongside_web', 'alongside_worker', 'alongside_staff']) AS login,"
        f" unnest(ARRAY{makers}) AS maker WHERE has_function_privilege(login, maker, 'EXECUTE')"
    )

    assert allowed == []
