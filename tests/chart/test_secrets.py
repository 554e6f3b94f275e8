"""Which process is told which secret, and that none is told through its environment."""

from collections.abc import Iterator, Mapping

import pytest

from tests.chart.engine import ROOT
from tests.chart.release import Pod, Release

KEYS = {"SECRET_KEY", "HUILIAN_DATABASE_KEY", "HUILIAN_FIELD_KEY"}
COMMON = KEYS | {"BROKER_URL", "CACHE_URL"}
# component → container → the secrets it may read; the same as in the chart's table, said once more on purpose
KNOWS: dict[str, dict[str, set[str]]] = {
    "web": {"web": COMMON},
    "worker": {"worker": COMMON},
    "provisioner": {"provisioner": COMMON | {"PROVISIONER_DATABASE_URL"}},
    "beat": {"beat": {"BROKER_URL"}},
    "reconcile": {"reconcile": COMMON},
    "backup": {"backup": {"HUILIAN_DATABASE_KEY", "BROKER_URL", "PROVISIONER_DATABASE_URL"}},
    "upgrade": {"upgrade": COMMON | {"PROVISIONER_DATABASE_URL"}},
    "install": {
        "await-database": set(),
        "provision": {"HUILIAN_DATABASE_KEY", "BROKER_URL", "PROVISIONER_DATABASE_URL", "ADMIN_DATABASE_URL"},
        "federation": COMMON | {"PROVISIONER_DATABASE_URL"},
    },
    "test": {"answers": set()},
}
HAVE_UPLOADS = {"web", "worker", "provisioner", "backup", "federation"}


def told(pod: Pod, container: dict[str, object]) -> dict[str, tuple[str, str]]:
    """variable → (Secret, key) of the files a container finds below /run/secrets/huilian."""
    volumes = {volume["name"]: volume for volume in pod.spec["volumes"]}
    found = {}
    for mount in container["volumeMounts"]:  # type: ignore[attr-defined]
        if mount["mountPath"] == "/run/secrets/huilian":
            for source in volumes[mount["name"]]["projected"]["sources"]:
                for item in source["secret"]["items"]:
                    found[item["path"]] = (source["secret"]["name"], item["key"])
    return found


def _ours(releases: Mapping[str, Release]) -> Iterator[tuple[Release, Pod, dict[str, object]]]:
    for release in releases.values():
        for pod in release.pods:
            if pod.is_ours:
                for container in pod.containers:
                    yield release, pod, container


def test_each_process_knows_what_the_table_says(releases: Mapping[str, Release]) -> None:
    for release, pod, container in _ours(releases):
        values = release.case.values
        expected = KNOWS[pod.component][str(container["name"])]
        if pod.component == "worker" and values.get("mail", {}).get("existingSecret"):
            expected = expected | {"HUILIAN_EMAIL_PASSWORD"}
        if pod.component in ("web", "worker") and values.get("sms", {}).get("provider"):
            expected = expected | {"HUILIAN_SMS_KEY_SECRET", "HUILIAN_SMS_TEMPLATES"}
        if container["name"] in HAVE_UPLOADS and values.get("media", {}).get("s3"):
            expected = expected | {"HUILIAN_S3_KEY_SECRET"}
        if not ("trial" in values or "admin" in values["database"]):
            expected = expected - {"ADMIN_DATABASE_URL"}
        assert set(told(pod, container)) == expected, (release.case.name, pod.name, container["name"])


def test_no_secret_stands_in_an_environment(releases: Mapping[str, Release]) -> None:
    for release, pod, container in _ours(releases):
        files = told(pod, container)
        assert "envFrom" not in container
        variables = {one["name"]: one for one in container["env"]}  # type: ignore[attr-defined]
        assert all("valueFrom" not in one for one in variables.values()), release.case.name
        assert not set(KNOWS) & set(variables)
        for variable in files:
            assert variable not in variables
            assert variables[f"{variable}_FILE"]["value"] == f"/run/secrets/huilian/{variable}"
        pointed = {name.removesuffix("_FILE") for name in variables if name.endswith("_FILE")}
        assert pointed == set(files), (release.case.name, pod.name)


def test_every_secret_comes_from_one_that_exists(everything: Release) -> None:
    assert told(everything.pod("worker"), everything.pod("worker").containers[0]) == {
        "SECRET_KEY": ("huilian-keys", "signing"),
        "HUILIAN_DATABASE_KEY": ("huilian-keys", "database"),
        "HUILIAN_FIELD_KEY": ("huilian-keys", "field"),
        "BROKER_URL": ("huilian-rabbitmq", "uri"),
        "CACHE_URL": ("huilian-cache", "CACHE_URL"),
        "HUILIAN_EMAIL_PASSWORD": ("huilian-mail", "HUILIAN_EMAIL_PASSWORD"),
        "HUILIAN_SMS_KEY_SECRET": ("huilian-sms", "secret"),
        "HUILIAN_SMS_TEMPLATES": ("huilian-sms", "templates.json"),
        "HUILIAN_S3_KEY_SECRET": ("huilian-uploads", "secret"),
    }
    assert told(everything.pod("upgrade"), everything.pod("upgrade").containers[0])["PROVISIONER_DATABASE_URL"] == (
        "huilian-provisioner",
        "uri",
    )


def test_only_a_trial_makes_a_secret_and_it_is_complete(releases: Mapping[str, Release]) -> None:
    for release in releases.values():
        made = {one["metadata"]["name"]: set(one["stringData"]) for one in release.of("Secret")}
        assert set(made) == ({"rel-huilian-trial"} if release.case.values.get("trial") else set())
        for pod in release.pods:
            for container in pod.containers:
                for secret, key in told(pod, container).values():
                    assert secret not in made or key in made[secret]


def test_a_trials_secrets_are_the_same_each_time_and_all_different(trial: Release) -> None:
    data = trial["Secret", "trial"]["stringData"]
    keys = [data[name] for name in (*sorted(KEYS), "POSTGRES_PASSWORD", "VALKEY_PASSWORD")]
    assert len(set(keys)) == 5 and all(len(key) == 64 for key in keys)
    assert data["ADMIN_DATABASE_URL"] == (
        f"postgresql://postgres:{data['POSTGRES_PASSWORD']}@rel-huilian-trial-postgresql:5432/postgres"
    )
    assert data["BROKER_URL"] == f"redis://:{data['VALKEY_PASSWORD']}@rel-huilian-trial-valkey:6379/0"


def test_every_variable_is_one_that_huilian_reads(releases: Mapping[str, Release]) -> None:
    sources = "".join(path.read_text() for path in (ROOT / "platform").rglob("*.py"))
    names = {
        one["name"].removesuffix("_FILE")
        for _, _, container in _ours(releases)
        for one in container["env"]  # type: ignore[attr-defined]
    } - {"TZ"}
    assert len(names) > 20
    assert {name for name in names if f'"{name}"' not in sources} == set()


@pytest.mark.parametrize("component", ["worker", "provisioner", "beat", "upgrade", "reconcile", "backup"])
def test_the_address_of_the_database_names_no_login(everything: Release, component: str) -> None:
    values = {one["name"]: one.get("value", "") for one in everything.pod(component).containers[0]["env"]}
    assert values["DATABASE_URL"] == (
        "postgresql://postgres.example.org:6432/huilian?sslmode=verify-full&sslrootcert=%2Fetc%2Fpostgres-ca%2Fca.crt"
    )
