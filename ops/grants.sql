-- Who may use the tables that libraries bring. Our own tables carry their grants and policies in their
-- migrations. Run as alongside_owner after the migrations (`alongside migrate` does); safe to run again.

-- Signing in comes before any audience, so the bare web login does it. None of these tables holds
-- anything about a victim or a witness.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    django_session, django_cache, account_emailaddress, account_emailconfirmation, mfa_authenticator
    TO alongside_web;
GRANT SELECT ON django_migrations, django_content_type, auth_permission, procrastinate_workers TO alongside_web;

-- Whoever acts may leave a job in the queue, in the transaction of what they did. Arguments are ids.
GRANT SELECT, INSERT ON procrastinate_jobs TO alongside_staff, alongside_system;
GRANT INSERT ON procrastinate_events TO alongside_staff, alongside_system;
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_events_id_seq TO alongside_staff, alongside_system;

-- The worker runs the queue.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, procrastinate_workers
    TO alongside_worker;
GRANT USAGE ON SEQUENCE
    procrastinate_jobs_id_seq, procrastinate_events_id_seq, procrastinate_periodic_defers_id_seq
    TO alongside_worker;
GRANT SELECT ON django_migrations, django_content_type TO alongside_worker;
-- A job that is for everybody goes through the forces one scope at a time, and so has to know them.
GRANT SELECT ON access_force TO alongside_worker;

DO $sequences$
DECLARE
    sequence regclass;
BEGIN
    FOR sequence IN
        SELECT pg_get_serial_sequence(format('%I', name), 'id')
        FROM unnest(ARRAY['account_emailaddress', 'account_emailconfirmation', 'mfa_authenticator']) AS name
    LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %s TO alongside_web', sequence);
    END LOOP;
END
$sequences$;
