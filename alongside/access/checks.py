"""Proofs about access, read from the database's own catalogue and log. Each returns its faults in words."""

from typing import Any

from django.db import connection

LOGINS = ("alongside_web", "alongside_worker")
AUDIENCES = (
    "alongside_staff",
    "alongside_portal",
    "alongside_partner",
    "alongside_commissioner",
    "alongside_system",
)

UNGUARDED_TABLES = """
    SELECT table_.relname,
           CASE WHEN NOT table_.relrowsecurity THEN 'has no row-level security'
                ELSE 'has row-level security but no policy: nobody can use it' END
    FROM pg_class AS table_
    JOIN pg_attribute AS column_ ON column_.attrelid = table_.oid AND column_.attname = 'force_id'
    WHERE table_.relkind IN ('r', 'p') AND table_.relnamespace = 'public'::regnamespace
      AND (NOT table_.relrowsecurity
           OR NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = table_.oid))
    ORDER BY table_.relname
"""

# A policy that is for everybody (PUBLIC) or a grant to everybody undoes the ones for each audience.
OPEN_TO_EVERYBODY = """
    SELECT polrelid::regclass::text, 'has the policy ' || polname || ' for PUBLIC'
    FROM pg_policy WHERE 0 = ANY (polroles)
    UNION ALL
    SELECT table_name, 'is granted to PUBLIC' FROM information_schema.role_table_grants
    WHERE grantee = 'PUBLIC' AND table_schema = 'public'
    ORDER BY 1
"""

VIEWS_PAST_THE_POLICIES = """
    SELECT relname, CASE relkind WHEN 'm' THEN 'is a materialised view, which has no policies'
                                 ELSE 'is a view that looks with its owner''s eyes (security_invoker is off)' END
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
      AND (relkind = 'm' OR (relkind = 'v' AND NOT coalesce(reloptions::text LIKE '%security_invoker=true%', false)))
    ORDER BY relname
"""

POWERFUL_LOGINS = """
    SELECT rolname, CASE
        WHEN rolsuper THEN 'is a superuser'
        WHEN rolbypassrls THEN 'may bypass row-level security'
        WHEN rolcreaterole THEN 'may make roles'
        WHEN rolinherit AND EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)
            THEN 'inherits the rights of an audience without taking its role'
        WHEN EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) THEN 'owns tables'
        END AS power
    FROM pg_roles WHERE rolname = ANY (%s)
"""

# The login itself (before it takes a role) may touch what signing in needs, and no force's records.
REACH_OF_THE_BARE_LOGIN = """
    SELECT grantee || ' on ' || table_name, 'holds ' || string_agg(privilege_type, ', ')
    FROM information_schema.role_table_grants
    WHERE grantee = ANY (%s) AND table_schema = 'public' AND table_name LIKE 'care\\_%%'
    GROUP BY grantee, table_name ORDER BY 1
"""

BROKEN_CHAIN = """
    WITH entries AS (
        SELECT entry.*, coalesce(force_id, '00000000-0000-0000-0000-000000000000') AS chain,
               lag(hash) OVER following AS hash_before, lag(number) OVER following AS number_before,
               lead(number) OVER following AS number_after, access_hash(entry) AS hash_now
        FROM access_access AS entry
        WINDOW following AS (PARTITION BY force_id ORDER BY number)
    )
    SELECT chain::text || ' number ' || number, CASE
        WHEN hash <> hash_now THEN 'was changed after it was written'
        WHEN number <> coalesce(number_before, 0) + 1 THEN 'follows a gap: an entry was taken out'
        WHEN previous_hash <> coalesce(hash_before, ''::bytea) THEN 'does not follow from the entry before it'
        END
    FROM entries
    WHERE hash <> hash_now OR number <> coalesce(number_before, 0) + 1
       OR previous_hash <> coalesce(hash_before, ''::bytea)
    UNION ALL
    SELECT head.key::text, 'ends at ' || coalesce(last.number, 0) || ' but ' || head.number || ' entries were written'
    FROM access_chainhead AS head
    LEFT JOIN LATERAL (
        SELECT number, hash FROM access_access
        WHERE coalesce(force_id, '00000000-0000-0000-0000-000000000000') = head.key
        ORDER BY number DESC LIMIT 1
    ) AS last ON true
    WHERE head.number <> coalesce(last.number, 0) OR head.hash <> coalesce(last.hash, ''::bytea)
    ORDER BY 1
"""


def tables() -> list[str]:
    """Every table of a force is under row-level security, and nothing leads round it."""
    return [
        *_faults(UNGUARDED_TABLES),
        *_faults(OPEN_TO_EVERYBODY),
        *_faults(VIEWS_PAST_THE_POLICIES),
    ]


def logins() -> list[str]:
    """The logins of the processes can not get past the policies, and own nothing."""
    powers = [f"{name} {power}" for name, power in _rows(POWERFUL_LOGINS, [list(LOGINS)]) if power]
    return [*powers, *_faults(REACH_OF_THE_BARE_LOGIN, [list(LOGINS)])]


def access_log() -> list[str]:
    """The hash chain of the access log is whole, from its first entry to its last."""
    return _faults(BROKEN_CHAIN)


def _faults(query: str, parameters: list[Any] | None = None) -> list[str]:
    return [f"{what} {fault}" for what, fault in _rows(query, parameters)]


def _rows(query: str, parameters: list[Any] | None = None) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
