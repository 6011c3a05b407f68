"""Row-level security as migration operations.

A shipped function here never changes its meaning: old migrations still call it. Policies read who is
asking from settings that `access.scope` makes for one transaction; a missing setting is NULL, and NULL
matches no row.
"""

from collections.abc import Iterable

from django.db.migrations import RunSQL

OWN_FORCE = "force_id = (SELECT app_force())"
SHARED = "{column} IN (SELECT app_shared_records())"
NAMED = "{column} IN (SELECT app_named_records())"


def lock(table: str) -> RunSQL:
    """Turn row security on: from here on nobody but the owner sees a row without a policy.

    Not FORCE: a forced owner makes data migrations change nothing and say nothing (docs/decisions/0004).
    """
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


def policy(
    table: str, name: str, *, role: str, command: str = "ALL", using: str = "", check: str = ""
) -> RunSQL:
    """One policy and the grant that goes with it."""
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    grant = "SELECT, INSERT, UPDATE, DELETE" if command == "ALL" else command
    return RunSQL(
        [
            f"CREATE POLICY {name} ON {table} FOR {command} TO {role}{clauses}",
            f"GRANT {grant} ON {table} TO {role}",
        ],
        [f"REVOKE {grant} ON {table} FROM {role}", f"DROP POLICY {name} ON {table}"],
    )


def system_sees_own_force(table: str, *, commands: Iterable[str] = ("ALL",)) -> list[RunSQL]:
    """Background work: every row of the one force it was opened for, restricted ones included."""
    return [
        policy(
            table,
            f"system_{command.lower()}",
            role="alongside_system",
            command=command,
            using="" if command == "INSERT" else OWN_FORCE,
            check="" if command in ("SELECT", "DELETE") else OWN_FORCE,
        )
        for command in commands
    ]


def staff_follow_the_record(
    table: str, *, commands: Iterable[str] = ("SELECT", "INSERT"), column: str = "care_record_id"
) -> list[RunSQL]:
    """Staff see a row exactly when they see the care record it belongs to, and write in their own force.

    The sub-select runs under the policies of the care record itself, so the rule is written once.
    """
    visible = f"EXISTS (SELECT 1 FROM care_carerecord AS record WHERE record.id = {table}.{column})"
    return [
        policy(
            table,
            f"staff_{command.lower()}",
            role="alongside_staff",
            command=command,
            using=""
            if command == "INSERT"
            else visible
            if command == "SELECT"
            else f"{OWN_FORCE} AND {visible}",
            check=f"{OWN_FORCE} AND {visible}" if command in ("INSERT", "UPDATE") else "",
        )
        for command in commands
    ]


def own_rows(table: str, *, column: str = "user_id") -> RunSQL:
    """A member of staff's own things (drafts, saved filters): nobody else's."""
    own = f"{OWN_FORCE} AND {column} = (SELECT app_user())"
    return policy(table, "staff_own", role="alongside_staff", using=own, check=own)


def key_with_force(table: str) -> RunSQL:
    """The pair that other tables refer to, so that a reference can not cross from force to force."""
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_force_and_id UNIQUE (force_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_force_and_id",
    )


def same_force(table: str, column: str, target: str) -> RunSQL:
    """A composite foreign key: what is referred to belongs to the same force.

    A plain foreign key looks past row security and would accept another force's row.
    """
    name = f"{table}_{column}_same_force"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (force_id, {column})"
        f" REFERENCES {target} (force_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def append_only(table: str) -> RunSQL:
    """The database itself refuses UPDATE, DELETE and TRUNCATE, whoever asks."""
    return RunSQL(
        [
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ],
        [
            f"DROP TRIGGER {table}_is_append_only ON {table}",
            f"DROP TRIGGER {table}_is_never_emptied ON {table}",
        ],
    )
