"""`python validate.py 1.29 1.36 < objects`: hold objects against Kubernetes' own schemas, strictly and offline.

Standard input is one object in JSON per line; every complaint is a line of standard output. A kind without a schema is
one too, unless it is a resource that somebody else defines.
"""

import json
import sys
from functools import cache

from kubernetes_validate import utils

ELSEWHERE = {  # tools/crds.mjs has their models
    "Certificate": "cert-manager.io/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1",
    "ServiceMonitor": "monitoring.coreos.com/v1",
    "PrometheusRule": "monitoring.coreos.com/v1",
}

utils.schema_contents = cache(utils.schema_contents)  # the definitions alone are megabytes


def main() -> int:
    """Count what was held against what, and say what did not fit."""
    objects = [json.loads(line) for line in sys.stdin]
    wrong = 0
    for version in sys.argv[1:]:
        for one in objects:
            if ELSEWHERE.get(one["kind"]) == one["apiVersion"]:
                continue
            name = f"{one['kind']}/{one['metadata']['name']}"
            try:
                utils.validate(one, version, strict=True)
            except utils.ValidationError as problem:
                wrong += 1
                print(f"{version} {name}: {'.'.join(map(str, problem.path))}: {problem.message}")
            except utils.SchemaNotFoundError as problem:
                wrong += 1
                print(f"{version} {name}: {problem.message}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
