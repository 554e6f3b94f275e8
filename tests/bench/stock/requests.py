"""Stock django-tenants' side of `requests`: its middleware and its backend, before the three pages."""

from typing import Any

from tests.bench.requesting import URLCONF, Requests
from tests.bench.rivals import serve
from tests.bench.stock.arena import clone_schemas, enter, open_stock


def main() -> None:
    from django.conf import settings

    wishes = enter(
        MIDDLEWARE=["django_tenants.middleware.main.TenantMainMiddleware"],
        ROOT_URLCONF=URLCONF,
        TENANT_LIMIT_SET_CALLS=False,
    )
    settings.DATABASES["default"]["CONN_MAX_AGE"] = None
    numbers = list(range(1, wishes["societies"] + 1))
    open_stock(1)
    clone_schemas(numbers[1:], "s_stock_1")
    requests = Requests([_give_host(number) for number in numbers])

    def measure(*, limit_set_calls: bool, **wish: Any) -> dict[str, Any]:
        settings.TENANT_LIMIT_SET_CALLS = limit_set_calls
        return requests.measure(**wish)

    serve(measure)


def _give_host(number: int) -> str:
    from django.db import connection

    from tenants.models import Domain, Society

    connection.set_schema_to_public()  # type: ignore[attr-defined]
    host = f"stock-{number}.localhost"
    Domain.objects.create(domain=host, tenant=Society.objects.get(schema_name=f"s_stock_{number}"), is_primary=True)
    return host


if __name__ == "__main__":
    main()
