"""How often somebody may do something. Counted in the database, so that all processes count together."""

from datetime import datetime, timedelta

from django.db import connection

PERIOD = timedelta(minutes=1)
READS = 600  # more than a person clicks, far less than a person who copies the whole caseload
WRITES = 120

# One statement: counting and asking apart would let two requests at once both pass.
COUNT = """
    INSERT INTO access_allowance AS allowance (key, since, used) VALUES (%(key)s, %(now)s, 1)
    ON CONFLICT (key) DO UPDATE SET
        used = CASE WHEN allowance.since <= %(ended)s THEN 1 ELSE allowance.used + 1 END,
        since = CASE WHEN allowance.since <= %(ended)s THEN EXCLUDED.since ELSE allowance.since END
    RETURNING used
"""


def allow(key: str, *, limit: int, now: datetime) -> bool:
    """Count one use of `key`. False from the one after `limit` until the minute is over."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "now": now, "ended": now - PERIOD})
        return cursor.fetchone()[0] <= limit
