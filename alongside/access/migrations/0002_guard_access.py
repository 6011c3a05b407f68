"""Who is asking (read by every policy), row security of the sign-in tables, and the hash chain of the log."""

from django.db import migrations
from django.db.migrations import RunSQL

from alongside.kernel import rls

ASKER = RunSQL(
    [
        """
        CREATE FUNCTION app_force() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT nullif(current_setting('app.force_id', true), '')::uuid $$
        """,
        """
        CREATE FUNCTION app_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$
        """,
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'restrict_violation';
        END $$
        """,
    ],
    ["DROP FUNCTION refuse_change()", "DROP FUNCTION app_user()", "DROP FUNCTION app_force()"],
)

# Each entry is hashed with the one before it, force by force. The function runs as its owner, so that a
# role which may add to the log can neither read it nor choose its own place in it.
CHAIN = RunSQL(
    [
        """
        CREATE FUNCTION access_hash(entry access_access) RETURNS bytea LANGUAGE sql STABLE AS
        $$ SELECT sha256(entry.previous_hash || convert_to(concat_ws(chr(31),
            entry.id, coalesce(entry.force_id::text, '-'), entry.number, extract(epoch FROM entry.at)::numeric(20, 6),
            entry.act, entry.what, coalesce(entry.actor_id::text, '-'), entry.actor_label,
            coalesce(entry.care_record_id::text, '-'), entry.reason, entry.address), 'UTF8')) $$
        """,
        """
        CREATE FUNCTION access_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS
        $$ DECLARE
            chain uuid := coalesce(NEW.force_id, '00000000-0000-0000-0000-000000000000');
            head public.access_chainhead;
        BEGIN
            INSERT INTO public.access_chainhead (key, number, hash) VALUES (chain, 0, ''::bytea)
                ON CONFLICT (key) DO NOTHING;
            SELECT * INTO head FROM public.access_chainhead WHERE key = chain FOR UPDATE;
            NEW.number := head.number + 1;
            NEW.previous_hash := head.hash;
            NEW.hash := public.access_hash(NEW);
            UPDATE public.access_chainhead SET number = NEW.number, hash = NEW.hash WHERE key = chain;
            RETURN NEW;
        END $$
        """,
        "CREATE TRIGGER access_is_chained BEFORE INSERT ON access_access FOR EACH ROW EXECUTE FUNCTION access_chain()",
        "REVOKE EXECUTE ON FUNCTION access_chain() FROM PUBLIC",
    ],
    [
        "DROP TRIGGER access_is_chained ON access_access",
        "DROP FUNCTION access_chain()",
        "DROP FUNCTION access_hash(access_access)",
    ],
)

WEB = "alongside_web"
STAFF = "alongside_staff"
SYSTEM = "alongside_system"


def _people_who_work_here() -> list[RunSQL]:
    """The sign-in door (the bare web login) finds anybody; staff and jobs see their own force's people."""
    operations = []
    for table in ("access_team", "access_role", "access_user", "access_membership"):
        writes = ("SELECT", "UPDATE") if table == "access_user" else ("SELECT",)
        operations += [
            rls.lock(table),
            *(
                rls.policy(
                    table,
                    f"web_{command.lower()}",
                    role=WEB,
                    command=command,
                    using="true",
                    check="true" if command == "UPDATE" else "",
                )
                for command in writes
            ),
            rls.policy(table, "staff_select", role=STAFF, command="SELECT", using=rls.OWN_FORCE),
            rls.policy(table, "system_select", role=SYSTEM, command="SELECT", using=rls.OWN_FORCE),
        ]
    return operations


def _access_log() -> list[RunSQL]:
    """Everybody adds, in their own force; nobody reads yet but the owner (the check)."""
    return [
        rls.lock("access_access"),
        rls.lock("access_chainhead"),
        rls.policy("access_access", "web_insert", role=WEB, command="INSERT", check="true"),
        rls.policy("access_access", "staff_insert", role=STAFF, command="INSERT", check=rls.OWN_FORCE),
        rls.policy("access_access", "system_insert", role=SYSTEM, command="INSERT", check=rls.OWN_FORCE),
        rls.append_only("access_access"),
    ]


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        ASKER,
        *(rls.key_with_force(f"access_{name}") for name in ("team", "role", "user")),
        rls.same_force("access_user", "team_id", "access_team"),
        rls.same_force("access_membership", "user_id", "access_user"),
        rls.same_force("access_membership", "role_id", "access_role"),
        rls.same_force("access_draft", "user_id", "access_user"),
        rls.same_force("access_access", "actor_id", "access_user"),
        RunSQL(
            f"GRANT SELECT ON access_force TO {WEB}, {STAFF}, {SYSTEM}",
            f"REVOKE SELECT ON access_force FROM {WEB}, {STAFF}, {SYSTEM}",
        ),
        CHAIN,
        *_people_who_work_here(),
        rls.lock("access_draft"),
        rls.own_rows("access_draft"),
        *_access_log(),
    ]
