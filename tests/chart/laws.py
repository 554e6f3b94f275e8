"""What holds in every release, whatever is switched on: each law yields a sentence for every breach."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.chart.pod_laws import POD_LAWS
from tests.chart.release import Release, hooks, selects

Breaches = Iterator[str]
Law = Callable[[Release], Breaches]


def names_are_unique_and_tell_whose_they_are(release: Release) -> Breaches:
    seen: set[tuple[str, str]] = set()
    for one in release.objects:
        name = (one["kind"], one["metadata"]["name"])
        if name in seen:
            yield f"{name} twice"
        seen.add(name)
        if one["metadata"]["name"].endswith("-extra"):
            continue  # the operator's own
        labels = one["metadata"]["labels"]
        if one["metadata"]["namespace"] != "fed" or labels["app.kubernetes.io/instance"] != "rel":
            yield f"{name} does not say where it belongs"
        if len(name[1]) > 63:
            yield f"{name} is too long"


def workloads_own_their_pods_alone(release: Release) -> Breaches:
    for owner in (*release.of("Deployment"), *release.of("StatefulSet")):
        meant = [pod for pod in release.pods if selects(owner["spec"]["selector"], pod.labels)]
        if [pod.owner for pod in meant] != [owner]:
            yield f"{owner['metadata']['name']} selects {[pod.name for pod in meant]}"
            continue
        for constraint in owner["spec"]["template"]["spec"].get("topologySpreadConstraints", []):
            if not selects(constraint["labelSelector"], meant[0].labels):
                yield f"{owner['metadata']['name']} spreads others' pods"


def services_lead_to_ports_that_exist(release: Release) -> Breaches:
    for service in release.of("Service"):
        meant = [pod for pod in release.pods if selects(service["spec"]["selector"], pod.labels)]
        if len(meant) != 1:
            yield f"{service['metadata']['name']} leads to {[pod.name for pod in meant]}"
            continue
        for port in service["spec"]["ports"]:
            if port["targetPort"] not in meant[0].ports:
                yield f"{service['metadata']['name']} leads to no port {port['targetPort']}"


def the_ways_in_lead_to_services(release: Release) -> Breaches:
    ports = {
        service["metadata"]["name"]: {port["name"]: port["port"] for port in service["spec"]["ports"]}
        for service in release.of("Service")
    }
    for ingress in release.of("Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = path["backend"]["service"]
                if service["port"]["name"] not in ports[service["name"]]:
                    yield f"Ingress leads to {service}"
    for route in release.of("HTTPRoute"):
        for backend in route["spec"]["rules"][0]["backendRefs"]:
            if backend["port"] not in ports[backend["name"]].values():
                yield f"HTTPRoute leads to {backend}"


def monitors_find_whoever_has_figures(release: Release) -> Breaches:
    for monitor in release.of("ServiceMonitor"):
        meant = [
            one for one in release.of("Service") if selects(monitor["spec"]["selector"], one["metadata"]["labels"])
        ]
        for endpoint in monitor["spec"]["endpoints"]:
            asked = {
                one["metadata"]["labels"]["app.kubernetes.io/component"]
                for one in meant
                if endpoint["port"] in {port["name"] for port in one["spec"]["ports"]}
            }
            telling = {pod.component for pod in release.pods if "metrics" in pod.ports}
            if asked != telling or not asked:
                yield f"{telling} have figures, {asked} are asked"


def scalers_own_the_number_of_pods(release: Release) -> Breaches:
    scaled = {one["spec"]["scaleTargetRef"]["name"] for one in release.of("HorizontalPodAutoscaler")}
    for owner in release.of("Deployment"):
        if ("replicas" in owner["spec"]) == (owner["metadata"]["name"] in scaled):
            yield f"{owner['metadata']['name']}: replicas and autoscaler"
    if not scaled <= {one["metadata"]["name"] for one in release.of("Deployment")}:
        yield f"autoscalers of nothing: {scaled}"


def budgets_let_one_go(release: Release) -> Breaches:
    for budget in release.of("PodDisruptionBudget"):
        meant = [pod for pod in release.pods if selects(budget["spec"]["selector"], pod.labels)]
        if len(meant) != 1 or budget["spec"]["maxUnavailable"] != 1:
            yield f"{budget['metadata']['name']}: {[pod.name for pod in meant]}"


def what_comes_before_needs_nothing_that_comes_later(release: Release) -> Breaches:
    """A pre-install hook runs before any object of the release is there: whatever it names must exist already."""
    made = {one["metadata"]["name"] for one in release.objects if not hooks(one)}
    for pod in release.pods:
        if "pre-install" in hooks(pod.owner) and made & set(_texts(pod.spec)):
            yield f"{pod.name} waits for {made & set(_texts(pod.spec))}"


def hooks_come_in_order(release: Release) -> Breaches:
    weights = {}
    for one in release.objects:
        for hook in hooks(one) - {"test"}:
            weights[hook] = int(one["metadata"]["annotations"]["helm.sh/hook-weight"])
        if hooks(one) and one["metadata"]["annotations"]["helm.sh/hook-delete-policy"] != "before-hook-creation":
            yield f"{one['metadata']['name']} takes its log along"
    if set(weights) - {"pre-install", "pre-upgrade"} or "pre-upgrade" not in weights:
        yield f"unexpected hooks: {weights}"
    # A tool that runs both at every turn, as GitOps does, provisions first.
    if weights.get("pre-install", -99) >= weights["pre-upgrade"]:
        yield f"order: {weights}"


def policies_mean_somebody(release: Release) -> Breaches:
    for policy in release.of("NetworkPolicy"):
        meant = [pod for pod in release.pods if selects(policy["spec"]["podSelector"], pod.labels)]
        if not meant:
            yield f"{policy['metadata']['name']} means nobody"
        for rule in policy["spec"].get("ingress", []):
            named = {port["port"] for port in rule["ports"] if isinstance(port["port"], str)}
            yield from (
                f"{policy['metadata']['name']} opens no port of {pod.name}" for pod in meant if named - pod.ports
            )


def nobody_stands_outside_the_policies(release: Release) -> Breaches:
    if release.of("NetworkPolicy"):
        deny = release["NetworkPolicy", "default-deny"]["spec"]
        if "ingress" in deny or set(deny["policyTypes"]) != {"Ingress", "Egress"}:
            yield "the default is not to deny"
        for rule in deny["egress"]:
            if {port["port"] for port in rule["ports"]} != {53}:
                yield f"by default also: {rule}"
        yield from (pod.name for pod in release.pods if not selects(deny["podSelector"], pod.labels))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


LAWS: tuple[Law, ...] = (
    names_are_unique_and_tell_whose_they_are,
    workloads_own_their_pods_alone,
    services_lead_to_ports_that_exist,
    the_ways_in_lead_to_services,
    monitors_find_whoever_has_figures,
    scalers_own_the_number_of_pods,
    budgets_let_one_go,
    what_comes_before_needs_nothing_that_comes_later,
    hooks_come_in_order,
    policies_mean_somebody,
    nobody_stands_outside_the_policies,
    *POD_LAWS,
)
