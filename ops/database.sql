-- What the roles of ops/roles.sql may do in this database. Run before the migrations, by the same
-- administrator; safe to run again. `alongside migrate` does it.

DO $database$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO alongside_web, alongside_worker', current_database());
    -- Rows by the thousand pass through a temporary table: COPY is not possible under row-level security.
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO alongside_system', current_database());
    EXECUTE format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO alongside_owner', current_database());
END
$database$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO alongside_owner;
GRANT USAGE ON SCHEMA public TO
    alongside_web, alongside_worker,
    alongside_staff, alongside_system, alongside_portal, alongside_partner, alongside_commissioner;

-- Large objects stand outside row-level security, and nothing here uses them. Only a superuser may say so.
DO $large_objects$
DECLARE
    maker text;
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        FOREACH maker IN ARRAY ARRAY['lo_create(oid)', 'lo_creat(integer)', 'lo_from_bytea(oid, bytea)'] LOOP
            EXECUTE format('REVOKE EXECUTE ON FUNCTION pg_catalog.%s FROM PUBLIC', maker);
        END LOOP;
    END IF;
END
$large_objects$;
