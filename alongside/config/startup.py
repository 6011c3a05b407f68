"""What must hold before a process serves or works. Otherwise it does not start, and says what to do."""

import psycopg

from alongside.config.environment import Environment
from alongside.config.provision import LOGINS
from alongside.config.trouble import Trouble

SHORTEST_SECRET = 40
WELL_KNOWN = ("django-insecure", "changeme", "change-me", "secret", "default", "example", "password")

# The roles whose rights a login must not have by itself: it has to take them, one transaction at a time.
POWERS = """
SELECT CASE
    WHEN me.rolsuper THEN 'is a superuser'
    WHEN me.rolbypassrls THEN 'has BYPASSRLS'
    WHEN me.rolcreaterole THEN 'has CREATEROLE'
    WHEN EXISTS (
        SELECT FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND relowner = me.oid
    ) THEN 'owns tables'
    WHEN pg_has_role(me.oid, 'alongside_owner', 'MEMBER') THEN 'is a member of alongside_owner'
    WHEN EXISTS (
        SELECT FROM pg_roles AS audience
        WHERE audience.rolname IN (
            'alongside_staff', 'alongside_system', 'alongside_portal', 'alongside_partner', 'alongside_commissioner'
        ) AND pg_has_role(me.oid, audience.oid, 'USAGE')
    ) THEN 'inherits the role of an audience'
END
FROM pg_roles AS me WHERE me.rolname = current_user
"""


def refuse_what_is_unsafe(here: Environment, *, login: str) -> None:
    """Raises Trouble for the first thing found. `login` is the role that this process should use."""
    if here.is_production:
        _refuse_unsafe_settings(here)
    if not here.database_url:
        raise Trouble(f"DATABASE_URL is not set: set it to the database, by the login {login}.")
    with psycopg.connect(here.database_url, connect_timeout=10) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'alongside_owner'").rowcount:
            raise Trouble(
                "the database has no roles of Alongside yet: run `alongside migrate` as its administrator."
            )
        row = connection.execute(POWERS).fetchone()
        if connection.info.user in LOGINS and connection.info.user != login:
            raise Trouble(
                f"the database login {connection.info.user} belongs to another process, which may do other things:"
                f" set DATABASE_URL to the login {login}."
            )
        if row and row[0]:
            raise Trouble(
                f"the database login {connection.info.user} {row[0]} and could read past the policies that"
                f" guard records: set DATABASE_URL to the login {login} (see ops/roles.sql)."
            )


def _refuse_unsafe_settings(here: Environment) -> None:
    secret = here.secret_key
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 10 or secret.lower().startswith(WELL_KNOWN):
        raise Trouble(
            f"SECRET_KEY is missing, short or well known: set it to {SHORTEST_SECRET} or more random characters, for"
            " example from `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`, and keep it the same."
        )
    if here.debug:
        raise Trouble("DEBUG shows records to strangers when something fails: unset it in production.")
    if not here.allowed_hosts or "*" in here.allowed_hosts:
        raise Trouble("ALLOWED_HOSTS is empty or '*': set it to the host names of this service, with commas.")
