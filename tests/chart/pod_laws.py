"""What holds for every pod of a release."""

from collections.abc import Iterator

from tests.chart.release import Release

Breaches = Iterator[str]
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def probes_ask_ports_that_exist(release: Release) -> Breaches:
    for pod in release.pods:
        for container in pod.containers:
            for name in ("startupProbe", "readinessProbe", "livenessProbe"):
                probe = container.get(name, {})
                port = (probe.get("httpGet") or probe.get("tcpSocket") or {}).get("port")
                if port and port not in pod.ports:
                    yield f"{pod.name} is asked at {port}"
        if pod.owner["kind"] in ("Deployment", "StatefulSet") and "livenessProbe" not in pod.containers[0]:
            yield f"{pod.name} may hang unnoticed"


def pods_are_restricted(release: Release) -> Breaches:
    """Kubernetes' "restricted" standard, a read-only root, and no token of the API."""
    for pod in release.pods:
        context = pod.spec["securityContext"]
        if not (context["runAsNonRoot"] and context["runAsUser"] and context["fsGroup"]):
            yield f"{pod.name} may be root"
        if context["seccompProfile"] != {"type": "RuntimeDefault"}:
            yield f"{pod.name} may call everything"
        if pod.spec["automountServiceAccountToken"] or {"hostNetwork", "hostPID", "hostIPC"} & set(pod.spec):
            yield f"{pod.name} knows too much of its host"
        if {"hostPath"} & {kind for volume in pod.spec["volumes"] for kind in volume}:
            yield f"{pod.name} mounts its host"
        for container in pod.containers:
            if container["securityContext"] != RESTRICTED:
                yield f"{pod.name} {container['name']}: {container['securityContext']}"


def resources_are_said(release: Release) -> Breaches:
    for pod in release.pods:
        for container in pod.containers:
            resources = container["resources"]
            if not {"cpu", "memory"} <= set(resources["requests"]) or "memory" not in resources["limits"]:
                yield f"{pod.name} {container['name']}: {resources}"


def images_are_pinned(release: Release) -> Breaches:
    ours = {container["image"] for pod in release.pods if pod.is_ours for container in pod.containers}
    if len(ours) != 1:
        yield f"several versions at once: {ours}"
    for pod in release.pods:
        for container in pod.containers:
            tag = container["image"].rpartition("/")[2].partition(":")[2]
            if tag in ("", "latest"):
                yield f"{pod.name} runs {container['image']}"


def mounts_and_volumes_agree(release: Release) -> Breaches:
    for pod in release.pods:
        volumes = {volume["name"] for volume in pod.spec["volumes"]}
        volumes |= {claim["metadata"]["name"] for claim in pod.owner["spec"].get("volumeClaimTemplates", [])}
        mounted = {mount["name"] for container in pod.containers for mount in container["volumeMounts"]}
        if volumes != mounted:
            yield f"{pod.name} has {volumes}, mounts {mounted}"


def claims_exist(release: Release) -> Breaches:
    made = {one["metadata"]["name"] for one in release.of("PersistentVolumeClaim")}
    values = release.case.values
    given = {values.get(which, {}).get("existingClaim") for which in ("media", "backup")}
    for pod in release.pods:
        for volume in pod.spec["volumes"]:
            claim = volume.get("persistentVolumeClaim", {}).get("claimName")
            if claim and claim not in made | given:
                yield f"{pod.name} claims {claim}"
    for one in release.of("PersistentVolumeClaim"):
        if one["metadata"]["annotations"]["helm.sh/resource-policy"] != "keep":
            yield f"{one['metadata']['name']} goes with the release"


POD_LAWS = (
    probes_ask_ports_that_exist,
    pods_are_restricted,
    resources_are_said,
    images_are_pinned,
    mounts_and_volumes_agree,
    claims_exist,
)
