"""The laws of laws.py, held against every rendered release."""

import itertools
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from tests.chart.engine import Case
from tests.chart.laws import LAWS, Law
from tests.chart.matrix import SWITCHES
from tests.chart.release import Release


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_it_holds_in_every_release(law: Law, releases: Mapping[str, Release]) -> None:
    breaches = [f"{name}: {breach}" for name, release in releases.items() for breach in law(release)]
    assert breaches == []


def test_every_three_switches_meet_in_all_ways(releases: Mapping[str, Release]) -> None:
    sets = [release.case.switches for release in releases.values()]
    for triple in itertools.combinations(SWITCHES, 3):
        assert len({tuple(name in chosen for name in triple) for chosen in sets}) == 8, triple
    assert set().union(*sets) == set(SWITCHES)


def _first_container(release: "_Spoilt", component: str) -> dict[str, Any]:
    container: dict[str, Any] = release.pod(component).spec["containers"][0]
    return container


class _Spoilt(Release):
    """A release whose objects may be written to."""


def _spoil(release: Release) -> _Spoilt:
    spoilt = _Spoilt(Case("spoilt", release.case.values), {})
    spoilt.__dict__["objects"] = deepcopy(release.objects)
    return spoilt


# law → what breaks it; a law that nothing breaks would prove nothing
SPOILERS: dict[str, Any] = {
    "names_are_unique_and_tell_whose_they_are": lambda r: r.objects.append(r["Service", "web"]),
    "workloads_own_their_pods_alone": lambda r: r.pod("web").labels.update({"app.kubernetes.io/component": "x"}),
    "services_lead_to_ports_that_exist": lambda r: _first_container(r, "web")["ports"][0].update(name="https"),
    "the_ways_in_lead_to_services": lambda r: r["Service", "web"]["spec"]["ports"][0].update(name="www"),
    "monitors_find_whoever_has_figures": lambda r: r["Service", "worker-metrics"]["spec"]["ports"][0].update(name="x"),
    "scalers_own_the_number_of_pods": lambda r: r["Deployment", "web"]["spec"].update(replicas=2),
    "budgets_let_one_go": lambda r: r["PodDisruptionBudget", "web"]["spec"].update(maxUnavailable=0),
    "what_comes_before_needs_nothing_that_comes_later": lambda r: r.pod("install").spec.update(
        serviceAccountName="rel-huilian-data"
    ),
    "hooks_come_in_order": lambda r: r["Job", "install"]["metadata"]["annotations"].update(
        {"helm.sh/hook-weight": "0"}
    ),
    "policies_mean_somebody": lambda r: r["NetworkPolicy", "beat"]["spec"]["podSelector"]["matchLabels"].update(a="b"),
    "nobody_stands_outside_the_policies": lambda r: r["NetworkPolicy", "default-deny"]["spec"]["podSelector"][
        "matchLabels"
    ].update({"app.kubernetes.io/component": "web"}),
    "probes_ask_ports_that_exist": lambda r: _first_container(r, "web")["livenessProbe"]["httpGet"].update(port="x"),
    "pods_are_restricted": lambda r: _first_container(r, "beat")["securityContext"].update(privileged=True),
    "resources_are_said": lambda r: _first_container(r, "beat")["resources"]["limits"].pop("memory"),
    "images_are_pinned": lambda r: _first_container(r, "beat").update(image="huilian:latest"),
    "mounts_and_volumes_agree": lambda r: _first_container(r, "beat")["volumeMounts"].pop(),
    "claims_exist": lambda r: (
        r.pod("worker").spec["volumes"].append({"name": "x", "persistentVolumeClaim": {"claimName": "nowhere"}})
    ),
}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_it_notices_a_breach(law: Law, everything: Release) -> None:
    spoilt = _spoil(everything)
    assert list(law(spoilt)) == []
    SPOILERS[law.__name__](spoilt)
    fresh = _spoil(spoilt)  # what it remembers is gone
    assert list(law(fresh)) != []
