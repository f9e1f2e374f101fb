"""
The only reader of the environment; docs/reference/settings.md describes every variable.

Secrets have no default unless DEBUG is on, when they are made up once and kept in var/.
"""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from slotdesk.config import embedded_postgres, local_secrets
from slotdesk.config.database import django_database
from slotdesk.config.environment import (
    BadSetting,
    read_choice,
    read_flag,
    read_int,
    read_list,
    read_networks,
    read_text,
)
from slotdesk.config.logs import logging_settings

ROOT = Path(__file__).resolve().parents[2]
# What a machine keeps for itself. Beside the sources when there are any, else in the working directory.
VAR = Path(read_text("SLOTDESK_VAR", str((ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()) / "var")))

DEBUG = read_flag("DEBUG")
SECRET_KEY = read_text("SECRET_KEY", local_secrets.kept(VAR, "secret_key") if DEBUG else None)
# Encrypts vendors' credentials at rest; the first key encrypts, all of them decrypt, so keys can be rotated.
ENCRYPTION_KEYS = read_list("ENCRYPTION_KEYS", SECRET_KEY)

# The address that links in mails and vendors' settings carry.
PUBLIC_URL = read_text("PUBLIC_URL", "http://localhost:8000" if DEBUG else None).rstrip("/")
if not PUBLIC_URL.startswith(("https://", "http://")):
    raise BadSetting(f"PUBLIC_URL: must begin with https:// (or http://), not {PUBLIC_URL!r}.")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", str(urllib.parse.urlsplit(PUBLIC_URL).hostname))
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# Networks of reverse proxies whose X-Forwarded-* headers are believed; empty = nobody's.
TRUSTED_PROXIES = read_networks("TRUSTED_PROXIES")
# Private networks that vendors' servers may live in (on-premises PSAs); all others are refused.
ALLOWED_PRIVATE_NETWORKS = read_networks("ALLOWED_PRIVATE_NETWORKS", "127.0.0.0/8,::1/128" if DEBUG else "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",  # the widgets' templates, which FORM_RENDERER looks for among the apps
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "procrastinate.contrib.django",
    "slotdesk.domain.tenants",
    "slotdesk.domain.events",
    "slotdesk.domain.sign_in",
    "slotdesk.domain.profile",
    "slotdesk.domain.people",
    "slotdesk.domain.catalog",
    "slotdesk.domain.connections",
    "slotdesk.domain.booking",
    "slotdesk.domain.messages",
    "slotdesk.domain.attributes",
    "slotdesk.domain.workflows",
    "slotdesk.domain.links",
    "slotdesk.domain.removals",
    "slotdesk.domain.privacy",
    "slotdesk.web",
]

MIDDLEWARE = [
    "slotdesk.web.middleware.TrustedProxies",
    "slotdesk.config.probes.Probes",
    "slotdesk.config.metrics.RequestMetrics",
    "django.middleware.security.SecurityMiddleware",
    "slotdesk.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "slotdesk.web.middleware.RequestLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "slotdesk.web.middleware.English",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "slotdesk.config.urls"
WSGI_APPLICATION = "slotdesk.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parents[1] / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "slotdesk.web.context.shared",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "staff/table.html"

DATABASE_URL = read_text("DATABASE_URL", "")
# Where the embedded database lives; None when there is a real one.
EMBEDDED_POSTGRES = None if DATABASE_URL else VAR / "postgres"
if EMBEDDED_POSTGRES:
    if not DEBUG:
        raise ImproperlyConfigured(
            "DATABASE_URL: is required, such as postgresql://slotdesk:secret@db.example/slotdesk; "
            "the embedded database serves demos and development (DEBUG=1) only."
        )
    DATABASE_URL = embedded_postgres.url(EMBEDDED_POSTGRES)
try:
    DATABASES = {"default": django_database(DATABASE_URL)}
except ValueError as error:
    raise BadSetting(f"DATABASE_URL: {error}") from error
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes, since failed sign-ins are counted in it. A migration of slotdesk.web makes its table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "slotdesk_cache",
        # What has run out is thrown away when there are more; then, if need be, a third of the rest.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

PROCRASTINATE_IMPORT_PATHS = ["slotdesk.jobs"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A claimed step run that has not ended after this time is taken to have died with its worker and is run again. It must
# be longer than any one step may take.
STEP_LEASE_SECONDS = read_int("STEP_LEASE_SECONDS", 120, least=1)
# How old the calendars and hours may be in the free times that a page shows; a booking asks afresh.
FREE_TIMES_SECONDS = read_int("FREE_TIMES_SECONDS", 3)
# How often the sweep looks for what is due.
SWEEP_SECONDS = 5

AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/app/"
ACCOUNT_ADAPTER = "slotdesk.web.staff.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {"reset_password": "slotdesk.web.staff.sign_in.AskForPasswordForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = True
USERSESSIONS_TRACK_ACTIVITY = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "slotdesk.web.staff.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # http://localhost
SOCIALACCOUNT_ADAPTER = "slotdesk.web.staff.single_sign_on.SingleSignOnAdapter"
# A link and not a form leads to the provider: the content security policy lets forms go to ourselves only.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False

SESSION_COOKIE_NAME = "slotdesk_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "slotdesk_csrf"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = read_int("HSTS_SECONDS", 0 if DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = read_flag("HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD = read_flag("HSTS_PRELOAD")
SECURE_SSL_REDIRECT = read_flag("SSL_REDIRECT", PUBLIC_URL.startswith("https://"))
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
# Framing is ruled by frame-ancestors in the content security policy, view by view.
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # the header comes from slotdesk.web.middleware, where a view can widen it
    "security.W005",  # whether the policy also holds for subdomains and for browsers' built-in lists
    "security.W021",  # is for the owner of the domain to say
]

EMAIL_HOST = read_text("EMAIL_HOST", "localhost")
EMAIL_PORT = read_int("EMAIL_PORT", 8025 if DEBUG else 587, least=1)
EMAIL_HOST_USER = read_text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = read_text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = read_flag("EMAIL_USE_TLS", not DEBUG)
EMAIL_USE_SSL = read_flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = read_text("DEFAULT_FROM_EMAIL", "Slotdesk <slotdesk@localhost>" if DEBUG else None)

LANGUAGE_CODE = "en"
# What clients may read; staff read English. In the order in which pages offer them.
LANGUAGES = [
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("pt-br", "Português (Brasil)"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(read_text("STATIC_ROOT", str(VAR / "static")))
STATICFILES_DIRS = sorted((ROOT / "slotdesk" / "integrations").glob("*/static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR / "media"

# Who may read /metrics: holders of the token, and callers from these networks. Neither set = nobody.
METRICS_TOKEN = read_text("METRICS_TOKEN", "")
METRICS_NETWORKS = read_networks("METRICS_NETWORKS")
LOGGING_CONFIG = None
logging_settings(
    level=read_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    as_json=read_flag("LOG_JSON", not DEBUG),
)
