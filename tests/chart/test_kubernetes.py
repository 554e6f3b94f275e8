"""Every rendered object held against Kubernetes' own schemas, strictly."""

import json
from collections.abc import Mapping

from tests.chart.engine import complaints_of_kubernetes
from tests.chart.release import Release
from tests.chart.thoroughness import WHOLE

VERSIONS = [f"1.{minor}" for minor in range(29, 37)] if WHOLE else ["1.29", "1.36"]


def _different_objects(releases: Mapping[str, Release]) -> set[str]:
    return {json.dumps(one, sort_keys=True) for release in releases.values() for one in release.objects}


def test_kubernetes_takes_every_object(releases: Mapping[str, Release]) -> None:
    assert complaints_of_kubernetes(sorted(_different_objects(releases)), VERSIONS) == []


def test_kubernetes_would_have_complained(external: Release) -> None:
    service = json.loads(json.dumps(external["Service", "web"]))
    service["spec"]["prots"] = []
    unknown = {"apiVersion": "example.org/v1", "kind": "Nothing", "metadata": {"name": "nothing"}}
    told = complaints_of_kubernetes([json.dumps(service), json.dumps(unknown)], ["1.36"])
    assert len(told) == 2
    assert "prots" in told[0] and "Nothing" in told[1]
