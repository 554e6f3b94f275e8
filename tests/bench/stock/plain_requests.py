"""The side of `requests` without tenancy: the three pages before one schema, as if it were the only one."""

import json
import sys

from tests.bench.arena import point_at, prepare_environment
from tests.bench.requesting import Requests
from tests.bench.rivals import serve


def main() -> None:
    prepare_environment()
    host, port, wishes = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"] = {"options": f"-c search_path={wishes['schema']}"}
    point_at(host, port)
    import django

    django.setup()
    serve(Requests(["localhost"]).measure)


if __name__ == "__main__":
    main()
