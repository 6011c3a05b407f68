"""Django's settings. What can differ between two installations comes from `environment` and nowhere else."""

import os

import dj_database_url
from csp.constants import NONE, SELF

from alongside.config import environment
from alongside.config.environment import PROJECT, Mode

ENVIRONMENT = environment.read(os.environ)
PRODUCTION = ENVIRONMENT.is_production

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.former_secret_keys)
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
# The demonstration force, its sign-in links and the outbox that anyone can read exist only here.
DEMONSTRATION = ENVIRONMENT.mode is Mode.DEMONSTRATION

INSTALLED_APPS = [
    "alongside.kernel",
    "alongside.access",
    "alongside.care",
    "alongside.contact",
    "alongside.intake",
    "alongside.staff",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
]
if not PRODUCTION:
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    "alongside.config.middleware.real_address",
    "alongside.kernel.logs.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "alongside.config.middleware.keep_private",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "alongside.config.urls"
WSGI_APPLICATION = "alongside.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {"environment": "alongside.kernel.jinja.environment"},
    },
    {  # for the pages of libraries that have no Jinja form
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# --- The database, and what is kept in it besides care records

DATABASES = {}
if ENVIRONMENT.database_url:
    DATABASES["default"] = {
        **dj_database_url.parse(
            ENVIRONMENT.database_url,
            engine="django.db.backends.postgresql",
            conn_max_age=600,
            conn_health_checks=True,
        ),
        "TEST": {
            "NAME": os.environ.get("ALONGSIDE_TEST_DATABASE"),
            "TEMPLATE": os.environ.get("ALONGSIDE_TEST_TEMPLATE"),
        },
    }
CACHES = {  # shared by all processes, because rate limits are counted here
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
PROCRASTINATE_ON_APP_READY = "alongside.config.schedule.register"

# --- Signing in: see alongside/access/sign_in

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["alongside.access.sign_in.backend.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email", "collar_number")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Where this installation is found, for addresses that are given to people outside of a request.
SITE_ADDRESS = (
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION and ALLOWED_HOSTS else f"http://localhost:{ENVIRONMENT.port}"
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/signed-out/"
PASSWORD_RESET_TIMEOUT = 24 * 3600  # how long an address that an administrator gave out opens an account
ACCOUNT_ADAPTER = "alongside.access.sign_in.adapters.StaffAccounts"
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_FORMS = {
    "login": "alongside.access.sign_in.forms.SignIn",
    "reauthenticate": "alongside.access.sign_in.forms.Reauthenticate",
    "reset_password_from_key": "alongside.access.sign_in.forms.SetPassword",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# A whole police station may stand behind one address, so the limits on an address are far wider than those on
# an account (key: the e-mail address that was typed, whether somebody has it or not).
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/10m/ip,5/10m/key",
    "reauthenticate": "20/m/user",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator makes every account
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_ADAPTER = "alongside.access.sign_in.adapters.SecondFactors"
MFA_FORMS = {
    "authenticate": "alongside.access.sign_in.forms.SignInCode",
    "reauthenticate": "alongside.access.sign_in.forms.ReauthenticateCode",
    "activate_totp": "alongside.access.sign_in.forms.SetUpApp",
    "add_webauthn": "alongside.access.sign_in.forms.AddPasskey",
    "login_webauthn": "alongside.access.sign_in.forms.SignInPasskey",
    "authenticate_webauthn": "alongside.access.sign_in.forms.SecondFactorPasskey",
    "reauthenticate_webauthn": "alongside.access.sign_in.forms.ReauthenticatePasskey",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no address is ever verified: see ACCOUNT_EMAIL_VERIFICATION
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Alongside"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SESSION_LOCKS_AFTER = 20 * 60  # seconds of doing nothing; then one proof opens it again
SESSION_ENDS_AFTER = 12 * 3600  # seconds after signing in, whatever was done
# Longer, so that somebody who comes back late is still known, and what they had typed can be kept.
SESSION_COOKIE_AGE = 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- What a browser is told

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked by the machine's own supervisor, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "alongside.kernel.error_pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    }
}

# --- Words, time, files

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "static/"
STATIC_ROOT = PROJECT / "static-collected"
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT.mode is Mode.TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = ENVIRONMENT.mode is Mode.TEST
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # real sending belongs to contact.channels
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "alongside.kernel.logs.JsonFormatter"}},
    "handlers": {"output": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["output"], "level": "INFO" if ENVIRONMENT.mode is not Mode.TEST else "WARNING"},
    "loggers": {
        # Django's own handlers would print addresses with their query strings, and mail stack traces.
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "CRITICAL"},  # alongside.request says the same, without the address
        "django.security.csrf": {"level": "ERROR"},  # the same: its warning ends with the address
        "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
        "procrastinate": {"level": "WARNING"},  # its INFO prints the arguments of every job
    },
}

if ENVIRONMENT.mode is Mode.TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; nothing here is secret
