"""What each switch brings, and what is gone without it."""

from collections import Counter
from collections.abc import Mapping

import pytest
from django.conf import settings

from tests.chart.engine import Case, render
from tests.chart.matrix import EXTERNAL, merged
from tests.chart.release import Release, hooks

DOMAIN = "members.example.org"


def test_the_least_release(external: Release) -> None:
    assert {(kind, name) for kind, name in external.by_name if kind != "NetworkPolicy"} == {
        ("Deployment", "web"),
        ("Deployment", "worker"),
        ("Deployment", "provisioner"),
        ("Deployment", "beat"),
        ("Service", "web"),
        ("Job", "install"),
        ("Job", "upgrade"),
        ("CronJob", "reconcile"),
        ("CronJob", "backup"),
        ("PersistentVolumeClaim", "media"),
        ("PersistentVolumeClaim", "backup"),
        ("PodDisruptionBudget", "web"),
        ("PodDisruptionBudget", "worker"),
        ("Pod", "test"),
    }


SWITCHED = {
    "ingress": {"Ingress": 1},
    "route": {"HTTPRoute": 1},
    "autoscaling": {"HorizontalPodAutoscaler": 2},
    "metrics": {"Service": 3, "ServiceMonitor": 1, "PrometheusRule": 1, "ConfigMap": 1, "NetworkPolicy": 1},
    "claims": {"PersistentVolumeClaim": -2},
    "no backup": {"PersistentVolumeClaim": -1, "CronJob": -1},
    "open network": {"NetworkPolicy": -5},
    "outside": {"NetworkPolicy": 3, "PersistentVolumeClaim": -1},
    "trial": {"StatefulSet": 2, "Service": 2, "Secret": 1, "NetworkPolicy": 2},
    "domains": {},
    "certificates": {"Certificate": 1},
    "upgrade": {},
}
# Switches that mean something else together than one by one.
TOGETHER = {
    frozenset({"domains", "certificates"}): {"Certificate": 1},
    frozenset({"claims", "no backup"}): {"PersistentVolumeClaim": 1},
    frozenset({"open network", "outside"}): {"NetworkPolicy": -3},
    frozenset({"claims", "outside"}): {"PersistentVolumeClaim": 1},
    frozenset({"open network", "metrics"}): {"NetworkPolicy": -1},
    frozenset({"open network", "trial"}): {"NetworkPolicy": -2},
    frozenset({"upgrade", "trial"}): {"Job": -1},
}


def test_every_combination_brings_what_its_switches_bring(releases: Mapping[str, Release]) -> None:
    least = Counter(kind for kind, _ in releases["external.yaml"].by_name)
    for name, release in releases.items():
        if name.split(",")[0].endswith(".yaml"):
            continue
        expected = Counter(least)
        for switch in release.case.switches:
            expected.update(SWITCHED[switch])
        for switches, more in TOGETHER.items():
            if switches <= release.case.switches:
                expected.update(more)
        assert Counter(kind for kind, _ in release.by_name) == +expected, name


def test_all_hosts_are_served_and_certified(everything: Release) -> None:
    hosts = [f"*.{DOMAIN}", "join.welding.example.net", "join.zhejiang.example.cn"]
    ingress = everything["Ingress", "web"]["spec"]
    assert [rule["host"] for rule in ingress["rules"]] == hosts
    assert ingress["tls"] == [
        {"hosts": [f"*.{DOMAIN}"], "secretName": "rel-huilian-tls"},
        {"hosts": ["join.welding.example.net"], "secretName": "welding-tls"},
    ]
    assert everything["HTTPRoute", "web"]["spec"]["hostnames"] == hosts
    certified = {one["spec"]["secretName"]: one["spec"] for one in everything.of("Certificate")}
    assert certified["rel-huilian-tls"]["dnsNames"] == [f"*.{DOMAIN}"]
    assert certified["rel-huilian-tls"]["issuerRef"]["name"] == "dns01"
    assert certified["welding-tls"]["issuerRef"]["name"] == "http01"
    for pod in everything.pods:
        if pod.is_ours:
            told = {one["name"]: one["value"] for one in pod.containers[0]["env"]}
            assert told["HUILIAN_EXTRA_HOSTS"].split() == hosts[1:]
            assert told["HUILIAN_SCHEME"] == "https" and "HUILIAN_PORT" not in told


def test_without_tls_nothing_is_certified(trial: Release) -> None:
    told = {one["name"]: one["value"] for one in trial.pod("web").containers[0]["env"]}
    assert (told["HUILIAN_SCHEME"], told["HUILIAN_PORT"]) == ("http", "8000")
    assert (told["HUILIAN_BEHIND_PROXY"], told["HUILIAN_DOMAIN"]) == ("0", "localhost")


def test_web_knows_that_letters_leave_and_worker_how(everything: Release, external: Release) -> None:
    def told(release: Release, component: str) -> set[str]:
        names = {one["name"].removeprefix("HUILIAN_") for one in release.pod(component).containers[0]["env"]}
        return {name for name in names if name.startswith(("EMAIL_", "SMS_"))}

    assert told(external, "web") == told(external, "worker") == set()
    letters = {"EMAIL_BACKEND", *(f"SMS_{name}" for name in ("PROVIDER", "KEY_ID", "SIGN_NAME", "REGION", "APP_ID"))}
    letters |= {"SMS_KEY_SECRET_FILE", "SMS_TEMPLATES_FILE"}  # settings are refused without them
    assert told(everything, "web") == letters
    assert told(everything, "worker") > letters | {"EMAIL_HOST", "EMAIL_PASSWORD_FILE"}
    assert told(everything, "provisioner") == told(everything, "beat") == set()


def test_there_is_one_clock(releases: Mapping[str, Release]) -> None:
    for release in releases.values():
        spec = release["Deployment", "beat"]["spec"]
        assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


def test_every_queue_has_its_worker(external: Release) -> None:
    from config.celery import app

    routed = {route["queue"] for route in app.conf.task_routes.values()} | {app.conf.task_default_queue}
    served: dict[str, str] = {}
    for name in ("worker", "provisioner"):
        arguments = external.pod(name).containers[0]["args"]
        queues = next(one for one in arguments if one.startswith("--queues=")).removeprefix("--queues=")
        served |= dict.fromkeys(queues.split(","), name)
    assert served == {"societies": "worker", "provision": "provisioner"}
    assert set(served) == routed


def test_nobody_is_cut_off(external: Release) -> None:
    spec = external.pod("web").spec
    arguments = dict(one.split("=", 1) for one in spec["containers"][0]["args"] if "=" in one)
    waits = int(spec["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert spec["terminationGracePeriodSeconds"] > waits + int(arguments["--graceful-timeout"])
    assert external["Deployment", "web"]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    # After the broker's visibility timeout somebody else gets a task: whoever still ends one is done by then.
    assert external.pod("worker").spec["terminationGracePeriodSeconds"] < 300


def test_an_upgrade_expands_before_anything_else_and_repeats_nothing(releases: Mapping[str, Release]) -> None:
    install, upgrade = releases["external.yaml"], releases["external.yaml, upgrade"]
    assert install.objects == upgrade.objects
    assert hooks(upgrade["Job", "upgrade"]) == {"pre-upgrade"}
    assert upgrade.pod("upgrade").containers[0]["args"] == ["upgrade_societies"]
    assert hooks(upgrade["Job", "install"]) == {"pre-install"}


def test_an_upgrade_over_two_versions_only_expands() -> None:
    case = Case("expand", merged(EXTERNAL, {"jobs": {"upgradePhase": "expand"}}), upgrade=True)
    release = Release(case, render([case])["expand"]["files"])
    assert release.pod("upgrade").containers[0]["args"] == ["upgrade_societies", "--phase", "expand"]


def test_a_trial_installs_once_its_database_is_there(releases: Mapping[str, Release]) -> None:
    install, upgrade = releases["trial.yaml"], releases["trial.yaml, upgrade"]
    assert set(install.by_name) - set(upgrade.by_name) == {("Job", "install")}
    assert hooks(install["Job", "install"]) == set()
    names = [container["name"] for container in install.pod("install").containers]
    assert names == ["await-database", "provision", "federation"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("external.yaml", ["open_federation", "cmes"]),
        ("everything.yaml", ["open_federation", "cmes", "--all"]),
        ("trial.yaml", ["open_federation", "cmes", "--demo"]),
    ],
)
def test_what_is_opened(releases: Mapping[str, Release], name: str, arguments: list[str]) -> None:
    assert releases[name].pod("install").containers[-1]["args"] == arguments


def test_commands_are_ones_that_manage_knows(releases: Mapping[str, Release]) -> None:
    from django.core.management import get_commands

    asked = set()
    for release in releases.values():
        for pod in release.pods:
            for container in pod.containers:
                line = " ".join([*container.get("command", []), *map(str, container.get("args", []))])
                if "manage.py" in line:
                    words = line.replace('"$@" && cat /data/demo.json manage', "").split("manage.py", 1)[1].split()
                    asked.add(words[0])
    assert asked == {"provision", "open_federation", "upgrade_societies", "reconcile", "backup_federation"}
    assert asked <= set(get_commands())


def test_uploads_and_backups_lie_where_they_are_looked_for(external: Release) -> None:
    def folders(component: str) -> dict[str, tuple[str, bool]]:
        mounts = external.pod(component).containers[0]["volumeMounts"]
        return {m["mountPath"]: (m["name"], m.get("readOnly", False)) for m in mounts if m["name"] != "tmp"}

    assert settings.MEDIA_ROOT == settings.DATA_DIR / "media"
    assert folders("web")["/data/media"] == folders("worker")["/data/media"] == ("media", False)
    assert folders("backup")["/data/media"] == ("media", True)
    assert folders("provisioner")["/backup"] == folders("backup")["/backup"] == ("backup", False)
    assert set(folders("beat")) == {"/run/secrets/huilian"}


def test_uploads_in_a_store_need_no_claim(everything: Release) -> None:
    for component in ("web", "worker", "provisioner", "backup", "install"):
        pod = everything.pod(component)
        container = pod.containers[-1]
        variables = {one["name"]: one.get("value") for one in container["env"]}
        assert variables["HUILIAN_S3_BUCKET"] == "huilian-uploads", component
        assert variables["HUILIAN_S3_ENDPOINT"] == "https://oss-cn-beijing.aliyuncs.com"
        assert not [volume for volume in pod.spec["volumes"] if volume["name"] == "media"]
    for component in ("beat", "reconcile", "upgrade"):
        assert not [one for one in everything.pod(component).containers[0]["env"] if "S3" in one["name"]]


def test_what_an_operator_adds_is_everywhere(everything: Release) -> None:
    for one in everything.objects:
        if one["metadata"]["name"] != "rel-huilian-extra":
            assert one["metadata"]["labels"]["example.org/cost-centre"] == "4711"
            assert one["metadata"]["annotations"]["example.org/owner"] == "office"
    for pod in everything.pods:
        assert pod.spec["imagePullSecrets"] == [{"name": "registry"}]
        assert pod.spec["tolerations"][0]["value"] == "members"
        assert all(one["image"].startswith("registry.example.org/huilian@sha256:") for one in pod.containers)
    assert everything["ConfigMap", "extra"]["data"] == {"domain": DOMAIN}
    assert everything.pod("web").labels["example.org/cost-centre"] == "4711"


def test_the_notes_tell_a_trial_from_the_real_thing(external: Release, trial: Release) -> None:
    assert "TRIAL" in trial.notes and "TRIAL" not in external.notes
    assert f"https://hq.{DOMAIN}," in external.notes
    assert "http://hq.localhost:8000," in trial.notes
    assert "must all run on one node" in trial.notes
    assert "no backup holds a key" in external.notes
