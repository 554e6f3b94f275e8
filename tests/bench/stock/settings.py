"""The same apps on stock django-tenants: one login that owns everything, SET search_path, migrations per tenant."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES, SOCIETY_APPS

DATABASES = {
    "default": {**DATABASES["provisioner"], "ENGINE": "django_tenants.postgresql_backend", "NAME": "bench_stock"}
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_SYNC_ROUTER = "django_tenants.routers.TenantSyncRouter"
TENANT_DB_ALIAS = "default"
HAS_MULTI_TYPE_TENANTS = False
TENANT_MODEL = "tenants.Society"
SHARED_APPS = ["django_tenants", "tenants"]
TENANT_APPS = SOCIETY_APPS
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, "django.contrib.staticfiles"]
TENANT_TYPES = {}
