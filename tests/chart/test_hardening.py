"""What Checkov finds in the rendered objects and in the Dockerfile: exactly what is said here, each with its reason."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.chart.engine import ROOT
from tests.chart.matrix import NAMED
from tests.chart.release import Release
from tests.chart.thoroughness import TOOLS, only_whole

pytestmark = only_whole
EVERY_POD = {
    *("Deployment web", "Deployment worker", "Deployment provisioner", "Deployment beat"),
    *("Job install", "Job upgrade", "CronJob reconcile", "CronJob backup", "Pod test"),
    *("StatefulSet trial-postgresql", "StatefulSet trial-valkey"),
}

# finding → (why it stays, where it is found); anything else that is found fails, and so does a finding that is gone
ACCEPTED: dict[str, tuple[str, set[str]]] = {
    "CKV_K8S_8": ("The test runs once and has a deadline; nobody would restart it.", {"Pod test"}),
    "CKV_K8S_9": (
        "Nobody is sent to them: tasks are fetched. A worker's startup probe asks it through the broker.",
        {"Deployment worker", "Deployment provisioner", "Deployment beat", "Pod test"},
    ),
    "CKV_K8S_11": (
        "A CPU limit throttles a request although the node is idle; CPU is requested, memory is limited.",
        EVERY_POD,
    ),
    "CKV_K8S_15": (
        "A version or digest names one image for ever; asking the registry each time would couple every start to it.",
        EVERY_POD,
    ),
    "CKV_K8S_40": (
        "999 is the user of these two images, which keep files of his; they are for trials only.",
        {"StatefulSet trial-postgresql", "StatefulSet trial-valkey"},
    ),
    "CKV_K8S_43": ("The operator's registry gives the digest: image.digest, as in ci/everything.yaml.", EVERY_POD),
}
# The base is an argument with a version in it, which Checkov does not put in.
ACCEPTED_IN_DOCKERFILE = {"CKV_DOCKER_7"}


def _findings(*arguments: str) -> dict[str, Any]:
    command = [str(TOOLS / "checkov"), "--skip-download", "--quiet", "--compact", "--output=json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["summary"]["parsing_errors"] == 0
    return found


def _by_check(found: Mapping[str, Any]) -> dict[str, set[str]]:
    places: dict[str, set[str]] = defaultdict(set)
    for one in found["results"]["failed_checks"]:
        kind, _, rest = str(one["resource"]).rpartition("/")[2].rpartition(":")[2].partition(".")
        places[one["check_id"]].add(f"{kind} {rest.removeprefix('fed.rel-huilian-')}")
    return places


@pytest.fixture(scope="module")
def found(releases: Mapping[str, Release], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("manifests")
    for name in NAMED:
        objects = releases[f"{name}.yaml"].objects
        (folder / f"{name}.yaml").write_text("---\n".join(f"{json.dumps(one)}\n" for one in objects))
    return _findings(f"--directory={folder}", "--framework=kubernetes")


def test_it_finds_what_was_accepted_and_nothing_else(found: dict[str, Any]) -> None:
    assert found["summary"]["passed"] > 2000
    assert _by_check(found) == {check: places for check, (_, places) in ACCEPTED.items()}


def test_with_a_digest_nothing_asks_for_one(releases: Mapping[str, Release], tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(json.dumps(releases["everything.yaml"]["Deployment", "web"]))
    found = set(_by_check(_findings(f"--directory={tmp_path}", "--framework=kubernetes")))
    assert "CKV_K8S_11" in found and not found & {"CKV_K8S_43", "CKV_K8S_15"}


def test_it_finds_what_it_accepts_in_the_dockerfile() -> None:
    found = _by_check(_findings("--file=Dockerfile", "--framework=dockerfile"))
    assert set(found) == ACCEPTED_IN_DOCKERFILE
