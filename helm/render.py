"""`python render.py CHART < cases`: render a chart with Helm 4's own code, many times in one process.

A case is one line of JSON, `{"id", "values", "upgrade"}`; so is its answer, `{"id", "files"}` or `{"id", "error"}`.
Needs helm-python-sdk, and nothing of Huilian.
"""

import json
import sys
from typing import Any

from helm_python import Chart, HelmError


def main() -> None:
    """Answer every line of standard input."""
    with Chart.load(sys.argv[1]) as chart:
        for line in sys.stdin:
            case = json.loads(line)
            print(json.dumps({"id": case["id"], **rendered(chart, case)}), flush=True)


def rendered(chart: Chart, case: dict[str, Any]) -> dict[str, Any]:
    """The files of one case, or what Helm said instead."""
    upgrade = bool(case.get("upgrade"))
    try:
        files = chart.render(
            case["values"],
            name="rel",
            namespace="fed",
            revision=2 if upgrade else 1,
            is_install=not upgrade,
            is_upgrade=upgrade,
        )
    except HelmError as problem:
        return {"error": str(problem)}
    return {"files": files}


if __name__ == "__main__":
    main()
