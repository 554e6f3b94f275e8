"""Settings of every process, by environment only: `variables` says what may be told."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from config import variables as told
from config.databases import databases, parse_database_url
from config.sight.setup import logging_for
from config.sight.tracing import check_tracing
from config.sms import sms_account

BASE_DIR = Path(__file__).resolve().parents[2]
PLATFORM_DIR = BASE_DIR / "platform"

DEBUG = told.DEBUG.read()
SECRET_KEY = told.SECRET_KEY.read("only-for-debugging" * 4 if DEBUG else "") or "unset"
DATABASE_KEY = told.DATABASE_KEY.read() or "unset"
FIELD_KEY = told.FIELD_KEY.read() or "unset"
DATA_DIR = Path(told.DATA_DIR.read(str(BASE_DIR / ".huilian"))).resolve()
PRESET = told.PRESET.read()

# -- where it answers ----------------------------------------------------------------------------------------------
SITE_DOMAIN = told.DOMAIN.read()
SITE_SCHEME = told.SCHEME.read()
SITE_PORT_SUFFIX = told.PORT_SUFFIX.read(f":{told.PORT.read()}") if SITE_SCHEME == "http" else ""
ALLOWED_HOSTS = [f".{SITE_DOMAIN}", *told.EXTRA_HOSTS.read().split()]
HTTPS = SITE_SCHEME == "https"

# -- the database: one login per society ---------------------------------------------------------------------------
DATABASE_URL = told.DATABASE_URL.read()
DATABASE_NAME = parse_database_url(DATABASE_URL)["NAME"]
DATABASES = databases(DATABASE_URL, told.PROVISIONER_DATABASE_URL.read())
DATABASE_ROUTERS = ["tenants.routers.BorderRouter"]
IDLE_CONNECTIONS = told.IDLE_CONNECTIONS.read()
IDLE_CONNECTION_SECONDS = told.IDLE_CONNECTION_SECONDS.read()
STREET_MAP_SECONDS = told.STREET_MAP_SECONDS.read()

# -- societies (django-tenants) ------------------------------------------------------------------------------------
TENANT_MODEL = "tenants.Society"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_DB_ALIAS = "provisioner"
TENANT_SYNC_ROUTER = "tenants.routers.BorderRouter"
HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "kind"
SOCIETY_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "guardian",
    "huilian.accounts",
    "huilian.journal",
    "huilian.notices",
    "huilian.schemes",
    "huilian.members",
    "huilian.billing",
    "huilian.payments",
    "huilian.applications",
    "huilian.portals",
    "referrals",
    "federation",
    "api",
]
HEADQUARTERS_APPS = [*SOCIETY_APPS, "federation.ledger"]
TENANT_TYPES: dict[str, dict[str, Any]] = {
    "public": {"APPS": ["django_tenants", "tenants"], "URLCONF": "config.urls.nowhere"},
    "headquarters": {"APPS": HEADQUARTERS_APPS, "URLCONF": "config.urls.headquarters"},
    "province": {"APPS": SOCIETY_APPS, "URLCONF": "config.urls.society"},
    "branch": {"APPS": SOCIETY_APPS, "URLCONF": "config.urls.society"},
}
INSTALLED_APPS = [
    "django_tenants",
    "tenants",
    *HEADQUARTERS_APPS,
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config",
]
ROOT_URLCONF = "config.urls.nowhere"
WSGI_APPLICATION = "config.wsgi.application"

MIDDLEWARE = [
    "config.sight.requests.Sight",
    "config.middleware.RefuseNul",
    "config.middleware.Bounds",
    "config.middleware.ContentPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.Health",
    "tenants.middleware.SocietyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "huilian.portals.refusals.ShowRefusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huilian.portals.context.society",
            ]
        },
    }
]
FORM_RENDERER = "huilian.portals.forms.renderer.HuilianRenderer"

# -- people --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["huilian.accounts.backends.ContactBackend", "guardian.backends.ObjectPermissionBackend"]
ANONYMOUS_USER_NAME = None  # guardian: no row stands for nobody
GUARDIAN_MONKEY_PATCH_USER = False
PASSWORD_HASHERS = ["huilian.accounts.hashers.Argon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "phone", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/my/"
_host_prefix = "__Host-" if HTTPS else ""
SESSION_ENGINE = "huilian.accounts.session_store"
SESSION_COOKIE_NAME = f"{_host_prefix}session"
CSRF_COOKIE_NAME = f"{_host_prefix}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS and told.SSL_REDIRECT.read()
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if told.BEHIND_PROXY.read() else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -- files ---------------------------------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_S3: dict[str, str] = {
    "bucket": told.S3_BUCKET.read(),
    "endpoint": told.S3_ENDPOINT.read(),
    "region": told.S3_REGION.read(),
    "addressing": told.S3_ADDRESSING.read(),
    "key_id": told.S3_KEY_ID.read(),
    "key_secret": told.S3_KEY_SECRET.read(),
}
MEDIA_URL = "/media-is-never-served-by-path/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(told.STATIC_ROOT.read(str(DATA_DIR / "static")))
_hashed = told.STATIC_HASHED.read()  # so in the image, where they were collected once
WHITENOISE_USE_FINDERS = not _hashed
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "tenants.objects.SocietyObjects" if MEDIA_S3["bucket"] else "tenants.files.SocietyStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _hashed
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
REQUEST_MAX_BYTES = 64 * 1024 * 1024  # a form with all its papers

# -- language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [PLATFORM_DIR / "kit" / "locale"]  # the other rooms are apps, and found without being told
USE_TZ = True
TIME_ZONE = "UTC"

# -- cache, tasks, letters -----------------------------------------------------------------------------------------
_cache_url = told.CACHE_URL.read()
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
        if _cache_url == "locmem"
        else "config.caching.PatientRedis",
        "LOCATION": "" if _cache_url == "locmem" else _cache_url,
        "KEY_FUNCTION": "tenants.cache.make_key",
        # Redis: no page waits for it.
        "OPTIONS": {"MAX_ENTRIES": 10_000}
        if _cache_url == "locmem"
        else {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    },
    # Pieces of pages, the same whoever made them: two dozen in a form, so they are kept where no network lies between.
    "pieces": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pieces",
        "KEY_FUNCTION": "tenants.cache.make_key",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # room for those of every society
    },
}
BROKER_URL = told.BROKER_URL.read()
EMAIL_BACKEND = told.EMAIL_BACKEND.read()
DEFAULT_FROM_EMAIL = told.FROM_EMAIL.read(f"huilian@{SITE_DOMAIN}")
EMAIL_HOST = told.EMAIL_HOST.read()
EMAIL_PORT = told.EMAIL_PORT.read()
EMAIL_HOST_USER = told.EMAIL_USER.read()
EMAIL_HOST_PASSWORD = told.EMAIL_PASSWORD.read()
EMAIL_USE_TLS = told.EMAIL_TLS.read()
SMS = sms_account()
EMAIL_TIMEOUT = 20  # a letter is sent while its row is locked: below the database's own patience
TASKS_EAGER = told.TASKS_EAGER.read()

# -- API -----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.v1.auth.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.v1.auth.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.v1.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.v1.problems.problem_response",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Huilian API",
    "DESCRIPTION": "One society's applications, members and referral codes; at headquarters also cases, roll and fees.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},  # nobody else is told what is looked at
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ApplicationState": "huilian.applications.models.Application.State",
        "BillState": "huilian.billing.models.Bill.State",
        "CaseState": "federation.ledger.models.Case.State",
        "MemberKind": "huilian.members.models.Member.Kind",
        "MemberState": "huilian.members.models.Member.State",
        "OrderState": "federation.ledger.models.SocietyOrder.State",
        "PaymentState": "huilian.payments.models.PaymentAttempt.State",
        "NewSocietyKind": ["branch", "province"],
    },
}


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

# -- sight ---------------------------------------------------------------------------------------------------------
METRICS_PORT, METRICS_HOST = told.METRICS_PORT.read(), told.METRICS_HOST.read()
METRICS_SECONDS = told.METRICS_SECONDS.read()
TRACES_TO = check_tracing(told.TRACES_TO.read())
LOGGING = logging_for(
    told.LOG_FORMAT.read(),
    level=told.LOG_LEVEL.read(),
    dsn=told.SENTRY_DSN.read(),
    environment=told.SENTRY_ENVIRONMENT.read(),
)
