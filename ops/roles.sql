-- The database roles of Alongside. They belong to the whole PostgreSQL cluster, so they are never a
-- migration. Run by a superuser, or by a role with CREATEROLE; safe to run again at any time:
--
--     psql "$ADMINISTRATOR_URL" -v ON_ERROR_STOP=1 --single-transaction -f ops/roles.sql
--
-- Afterwards give the two logins a password each (\password alongside_web, \password alongside_worker).
--
--   alongside_owner         owns every table and runs the migrations; nobody signs in as it
--   alongside_web           the login of the web processes   } own nothing and inherit nothing: to read a
--   alongside_worker        the login of the worker          } record they take an audience's role for
--                                                              one transaction (alongside/access/scope.py)
--   alongside_staff, alongside_portal, alongside_partner, alongside_commissioner, alongside_system
--                           the audiences: what row-level security policies are written for

DO $roles$
DECLARE
    role_name text;
    granted record;
BEGIN
    -- Two of these at once would trip over each other's catalogue rows.
    PERFORM pg_advisory_xact_lock(hashtext('alongside roles'));

    FOREACH role_name IN ARRAY ARRAY[
        'alongside_owner', 'alongside_staff', 'alongside_system',
        'alongside_portal', 'alongside_partner', 'alongside_commissioner'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;

    FOREACH role_name IN ARRAY ARRAY['alongside_web', 'alongside_worker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', role_name);
        END IF;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = role_name AND rolinherit) THEN
            EXECUTE format('ALTER ROLE %I NOINHERIT', role_name);
        END IF;
    END LOOP;

    FOR granted IN
        SELECT audience, login
        FROM (VALUES
            ('alongside_staff', 'alongside_web'),
            ('alongside_portal', 'alongside_web'),
            ('alongside_partner', 'alongside_web'),
            ('alongside_commissioner', 'alongside_web'),
            ('alongside_system', 'alongside_worker')
        ) AS wanted (audience, login)
    LOOP
        IF current_setting('server_version_num')::integer >= 160000 THEN
            -- From 16 on the grant itself says whether it inherits; before, the login's NOINHERIT does.
            EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', granted.audience, granted.login);
        ELSIF NOT pg_has_role(granted.login, granted.audience, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', granted.audience, granted.login);
        END IF;
    END LOOP;

    -- Whoever runs this also runs the migrations, as the owner, and imports, rebuilds and checks, as the
    -- system. A superuser may already.
    FOREACH role_name IN ARRAY ARRAY['alongside_owner', 'alongside_system'] LOOP
        IF current_setting('server_version_num')::integer >= 160000 THEN
            IF NOT pg_has_role(current_user, role_name, 'SET') THEN
                EXECUTE format('GRANT %I TO %I WITH SET TRUE', role_name, current_user);
            END IF;
        ELSIF NOT pg_has_role(current_user, role_name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', role_name, current_user);
        END IF;
    END LOOP;

    -- A page that takes this long has failed already; a forgotten transaction must not hold locks.
    ALTER ROLE alongside_web SET statement_timeout = '20s';
    ALTER ROLE alongside_web SET lock_timeout = '10s';
    ALTER ROLE alongside_web SET idle_in_transaction_session_timeout = '60s';
    ALTER ROLE alongside_worker SET lock_timeout = '60s';

    SELECT string_agg(rolname, ', ') INTO role_name
    FROM pg_roles
    WHERE starts_with(rolname, 'alongside_') AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb);
    IF role_name IS NOT NULL THEN
        RAISE EXCEPTION '% may do more than a role of Alongside ever should', role_name
            USING HINT = 'ALTER ROLE ... NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;';
    END IF;
END
$roles$;
