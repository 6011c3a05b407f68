"""Row security of the care file, references that can not cross forces, and history that is only added to."""

from django.db import migrations
from django.db.migrations import RunSQL

from alongside.kernel import rls

STAFF = "alongside_staff"

# Run as their owner, so that a policy can ask "which records am I named on?" without asking itself.
READERS = RunSQL(
    [
        """
        CREATE FUNCTION app_named_records() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS
        $$ SELECT care_record_id FROM public.care_named WHERE user_id = public.app_user() $$
        """,
        """
        CREATE FUNCTION app_shared_records() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS
        $$ SELECT care_record_id FROM public.care_grant
           WHERE to_force_id = public.app_force() AND revoked_at IS NULL AND until > now() $$
        """,
    ],
    ["DROP FUNCTION app_shared_records()", "DROP FUNCTION app_named_records()"],
)

REFERENCES = {
    "care_carerecord": {
        "person_id": "care_person",
        "crime_id": "care_crime",
        "officer_id": "access_user",
        "coordinator_id": "access_user",
        "witness_care_officer_id": "access_user",
        "team_id": "access_team",
    },
    "care_party": {"care_record_id": "care_carerecord", "person_id": "care_person"},
    "care_named": {
        "care_record_id": "care_carerecord",
        "named_by_id": "access_user",
    },
    "care_grant": {"care_record_id": "care_carerecord", "granted_by_id": "access_user"},
    "care_event": {"care_record_id": "care_carerecord", "by_id": "access_user"},
    "care_note": {"care_record_id": "care_carerecord", "by_id": "access_user"},
    "care_duty": {
        "care_record_id": "care_carerecord",
        "assigned_to_id": "access_user",
        "team_id": "access_team",
    },
    "care_savedfilter": {"user_id": "access_user"},
}
ALL_TABLES = (
    "care_carerecord",
    "care_person",
    "care_crime",
    *(t for t in REFERENCES if t != "care_carerecord"),
)


def _visible(column: str) -> str:
    """Own force or shared with it; and where restricted, only those named."""
    return (
        f"({rls.OWN_FORCE} OR {rls.SHARED.format(column=column)})"
        f" AND (NOT restricted OR {rls.NAMED.format(column=column)})"
    )


def _staff_own(table: str, column: str) -> list[RunSQL]:
    writable = f"{rls.OWN_FORCE} AND (NOT restricted OR {rls.NAMED.format(column=column)})"
    return [
        rls.policy(table, "staff_select", role=STAFF, command="SELECT", using=_visible(column)),
        rls.policy(table, "staff_insert", role=STAFF, command="INSERT", check=rls.OWN_FORCE),
        rls.policy(table, "staff_update", role=STAFF, command="UPDATE", using=writable, check=writable),
    ]


def _through_the_record(table: str, *ways: str) -> list[RunSQL]:
    """People and crimes are seen through a visible care record, or not at all."""
    seen = " OR ".join(ways)
    return [
        rls.policy(table, "staff_select", role=STAFF, command="SELECT", using=seen),
        rls.policy(table, "staff_insert", role=STAFF, command="INSERT", check=rls.OWN_FORCE),
        rls.policy(
            table,
            "staff_update",
            role=STAFF,
            command="UPDATE",
            using=f"{rls.OWN_FORCE} AND ({seen})",
            check=rls.OWN_FORCE,
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial"), ("access", "0002_guard_access")]

    operations = [
        READERS,
        *(rls.key_with_force(table) for table in ("care_person", "care_crime", "care_carerecord")),
        *(
            rls.same_force(table, column, target)
            for table, columns in REFERENCES.items()
            for column, target in columns.items()
        ),
        *(rls.lock(table) for table in ALL_TABLES),
        *_staff_own("care_carerecord", "id"),
        *_staff_own("care_duty", "care_record_id"),
        rls.policy(
            "care_duty",
            "staff_delete",
            role=STAFF,
            command="DELETE",
            using=f"{rls.OWN_FORCE} AND (NOT restricted OR {rls.NAMED.format(column='care_record_id')})",
        ),
        *_through_the_record(
            "care_person",
            "EXISTS (SELECT 1 FROM care_carerecord AS record WHERE record.person_id = care_person.id"
            " AND record.force_id = care_person.force_id)",
            "EXISTS (SELECT 1 FROM care_party AS party WHERE party.person_id = care_person.id"
            " AND party.force_id = care_person.force_id)",
        ),
        *_through_the_record(
            "care_crime",
            "EXISTS (SELECT 1 FROM care_carerecord AS record WHERE record.crime_id = care_crime.id"
            " AND record.force_id = care_crime.force_id)",
        ),
        *rls.staff_follow_the_record("care_party", commands=("SELECT", "INSERT", "DELETE")),
        *rls.staff_follow_the_record("care_named", commands=("SELECT", "INSERT", "DELETE")),
        *rls.staff_follow_the_record("care_grant", commands=("SELECT", "INSERT", "UPDATE")),
        *rls.staff_follow_the_record("care_event"),
        *rls.staff_follow_the_record("care_note"),
        rls.own_rows("care_savedfilter"),
        *(
            operation
            for table in ALL_TABLES
            if table not in ("care_savedfilter", "care_event")
            for operation in rls.system_sees_own_force(table)
        ),
        *rls.system_sees_own_force("care_event", commands=("SELECT", "INSERT")),
        rls.append_only("care_event"),
        RunSQL(
            "GRANT USAGE ON SEQUENCE care_event_number TO alongside_staff, alongside_system",
            "REVOKE USAGE ON SEQUENCE care_event_number FROM alongside_staff, alongside_system",
        ),
    ]
