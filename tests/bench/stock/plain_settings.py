"""No tenancy at all: one login, one connection that lives on, one fixed search_path."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES

DATABASES = {"default": {**DATABASES["provisioner"], "ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None}}
DATABASE_ROUTERS = []
INSTALLED_APPS = ["django.contrib.contenttypes"]
MIDDLEWARE = []
ROOT_URLCONF = "tests.bench.pages"
