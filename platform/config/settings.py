"""Settings of every process, by environment only."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.databases import databases, parse_database_url
from kit import env

BASE_DIR = Path(__file__).resolve().parents[2]
PLATFORM_DIR = BASE_DIR / "platform"

DEBUG = env.flag("HUILIAN_DEBUG", False)
SECRET_KEY = env.secret("SECRET_KEY", "" if not DEBUG else "only-for-debugging" * 4) or "unset"
DATABASE_KEY = env.secret("HUILIAN_DATABASE_KEY", "") or "unset"
FIELD_KEY = env.secret("HUILIAN_FIELD_KEY", "") or "unset"
DATA_DIR = Path(env.text("HUILIAN_DATA_DIR", str(BASE_DIR / ".huilian"))).resolve()
PRESET = env.text("HUILIAN_PRESET", "cmes")

# -- where it answers ----------------------------------------------------------------------------------------------
SITE_DOMAIN = env.text("HUILIAN_DOMAIN", "localhost")
SITE_SCHEME = env.text("HUILIAN_SCHEME", "http")
_port = env.text("HUILIAN_PORT", "8000")
SITE_PORT_SUFFIX = env.text("HUILIAN_PORT_SUFFIX", f":{_port}") if SITE_SCHEME == "http" else ""
ALLOWED_HOSTS = [f".{SITE_DOMAIN}", *env.text("HUILIAN_EXTRA_HOSTS", "").split()]
HTTPS = SITE_SCHEME == "https"

# -- the database: one login per society ---------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL", "postgresql://localhost/huilian")
DATABASE_NAME = parse_database_url(DATABASE_URL)["NAME"]
DATABASES = databases(DATABASE_URL, env.secret("PROVISIONER_DATABASE_URL", ""))
DATABASE_ROUTERS = ["tenants.routers.BorderRouter"]
IDLE_CONNECTIONS = env.integer("HUILIAN_IDLE_CONNECTIONS", 64)
IDLE_CONNECTION_SECONDS = env.integer("HUILIAN_IDLE_CONNECTION_SECONDS", 60)
STREET_MAP_SECONDS = env.integer("HUILIAN_STREET_MAP_SECONDS", 2)

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
SESSION_COOKIE_NAME = f"{_host_prefix}session"
CSRF_COOKIE_NAME = f"{_host_prefix}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS and env.flag("HUILIAN_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("HUILIAN_BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -- files ---------------------------------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media-is-never-served-by-path/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("HUILIAN_STATIC_ROOT", str(DATA_DIR / "static")))
_hashed = env.flag("HUILIAN_STATIC_HASHED", False)  # so in the image, where they were collected once
WHITENOISE_USE_FINDERS = not _hashed
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "tenants.files.SocietyStorage"},
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
_cache_url = env.secret("CACHE_URL", "locmem")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
        if _cache_url == "locmem"
        else "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "" if _cache_url == "locmem" else _cache_url,
        "KEY_FUNCTION": "tenants.cache.make_key",
        # The memory of one process: room for the pieces of every society's pages.
        "OPTIONS": {"MAX_ENTRIES": 10_000} if _cache_url == "locmem" else {},
    }
}
BROKER_URL = env.secret("BROKER_URL", "filesystem://")
EMAIL_BACKEND = env.text("HUILIAN_EMAIL_BACKEND", "huilian.notices.outbox.OutboxBackend")
DEFAULT_FROM_EMAIL = env.text("HUILIAN_FROM_EMAIL", f"huilian@{SITE_DOMAIN}")
EMAIL_HOST = env.text("HUILIAN_EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("HUILIAN_EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("HUILIAN_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.secret("HUILIAN_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("HUILIAN_EMAIL_TLS", False)
EMAIL_TIMEOUT = 20  # a letter is sent while its row is locked: below the database's own patience
TASKS_EAGER = env.flag("HUILIAN_TASKS_EAGER", False)

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
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("HUILIAN_LOG_LEVEL", "WARNING")},
}
