"""Which connection a model goes by: the street map by the resolver, changes to it by the provisioner."""

from typing import Any

from django.conf import settings
from django_tenants.routers import TenantSyncRouter


class BorderRouter(TenantSyncRouter):  # type: ignore[misc]
    """Registry rows never travel on a society's connection, nor society rows on another."""

    def db_for_read(self, model: type[Any], **hints: Any) -> str | None:
        if model._meta.app_label != "tenants":
            return None
        return "provisioner" if hints.get("write") or "registry" not in settings.DATABASES else "registry"

    def db_for_write(self, model: type[Any], **hints: Any) -> str | None:
        return "provisioner" if model._meta.app_label == "tenants" else None

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool | None:
        if first._meta.app_label == second._meta.app_label == "tenants":
            return True
        return None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        if db != "provisioner":
            return False
        allowed: bool | None = super().allow_migrate(db, app_label, model_name, **hints)
        return allowed
