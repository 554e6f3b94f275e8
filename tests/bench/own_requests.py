"""Huilian's side of `requests`: its middleware and its database wrapper, before the three pages."""

import json
import sys
from typing import Any

from tests.bench.arena import point_at, prepare_environment
from tests.bench.requesting import URLCONF, Requests
from tests.bench.rivals import serve


def main() -> None:
    prepare_environment()
    host, port, wishes = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    from django.conf import settings

    settings.MIDDLEWARE = ["tenants.middleware.SocietyMiddleware"]
    settings.TENANT_TYPES["branch"]["URLCONF"] = settings.TENANT_TYPES["province"]["URLCONF"] = URLCONF
    point_at(host, port)
    import django

    django.setup()
    from tenants.postgresql.base import idle_connections

    requests = Requests(wishes["hosts"])

    def measure(*, idle: int, **wish: Any) -> dict[str, Any]:
        idle_connections.limit = idle
        return requests.measure(**wish)

    serve(measure, idle=idle_connections.limit)


if __name__ == "__main__":
    main()
