"""What an operator is told instead of getting half an installation."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chart.engine import CHART, Case, render
from tests.chart.matrix import EXTERNAL, TRIAL, merged

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "database.host: PostgreSQL 15 or newer."),
    "no image": (merged(EXTERNAL, {"image": {"repository": ""}}), "image.repository: where your image lies"),
    "no domain": (merged(EXTERNAL, {"federation": {"domain": ""}}), "federation.domain: societies answer at"),
    "no keys": (
        merged(EXTERNAL, {"secrets": {"existingSecret": ""}}),
        "secrets.existingSecret: the Secret with SECRET_KEY",
    ),
    "no provisioner": (
        merged(EXTERNAL, {"database": {"provisioner": {"existingSecret": ""}}}),
        "database.provisioner.existingSecret: the Secret with PROVISIONER_DATABASE_URL",
    ),
    "no broker": (
        merged(EXTERNAL, {"broker": {"existingSecret": ""}}),
        "broker.existingSecret: the Secret with BROKER_URL",
    ),
    "no cache": (
        merged(EXTERNAL, {"cache": {"existingSecret": ""}}),
        "cache.existingSecret: the Secret with CACHE_URL",
    ),
    "no gateway": (merged(EXTERNAL, {"httpRoute": {"enabled": True}}), "httpRoute.parentRefs: name the Gateway"),
    "no issuer": (
        merged(EXTERNAL, {"tls": {"certManager": {"enabled": True}}}),
        "tls.certManager.issuer.name: the issuer of the wildcard's certificate",
    ),
    "nobody speaks TLS": (
        merged(EXTERNAL, {"federation": {"behindProxy": False}}),
        "federation.behindProxy: with https",
    ),
    "nothing to certify": (
        merged(
            EXTERNAL,
            {"federation": {"scheme": "http"}, "tls": {"certManager": {"enabled": True, "issuer": {"name": "a"}}}},
        ),
        "there is nothing to certify",
    ),
    "people made up in earnest": (
        merged(EXTERNAL, {"federation": {"open": {"demo": True}}}),
        "federation.open.demo: made-up",
    ),
    "mail without password": (
        merged(EXTERNAL, {"mail": {"host": "smtp", "user": "office"}}),
        "mail.existingSecret: the Secret",
    ),
    "an SMS provider without an account": (
        merged(EXTERNAL, {"sms": {"provider": "aliyun"}}),
        "sms.provider: it also needs sms.keyId",
    ),
    "a Tencent without its number": (
        merged(EXTERNAL, {"sms": {"provider": "tencent", "keyId": "a", "existingSecret": "b", "signName": "c"}}),
        "sms.appId: Tencent Cloud's SdkAppId",
    ),
    "a monitor of nothing": (
        merged(EXTERNAL, {"metrics": {"monitor": {"enabled": True}}}),
        "metrics.monitor.enabled: metrics.enabled is off",
    ),
    "two servers at one port": (merged(EXTERNAL, {"metrics": {"port": 8000}}), "port"),
    "less than least": (
        merged(EXTERNAL, {"worker": {"autoscaling": {"minReplicas": 9}}}),
        "worker.autoscaling: minReplicas is more than maxReplicas",
    ),
    "a trial with a short seed": (
        merged(TRIAL, {"trial": {"seed": "short"}}),
        "trial.seed: give 16 characters or more",
    ),
    "a trial with an own database": (
        merged(TRIAL, {"database": {"host": "db"}}),
        "trial.enabled brings its own database",
    ),
    "latest": (merged(EXTERNAL, {"image": {"tag": "latest"}}), "tag"),
    "a trial with the latest": (merged(TRIAL, {"trial": {"valkey": {"image": "valkey:latest"}}}), "image"),
    "words for numbers": (merged(EXTERNAL, {"web": {"replicas": "zero"}}), "replicas"),
    "a name that PostgreSQL would quote": (merged(EXTERNAL, {"database": {"name": "Huilian-1"}}), "name"),
    "another scheme": (merged(EXTERNAL, {"federation": {"scheme": "ftp"}}), "scheme"),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    named = [Case(name, values) for name, (values, _) in REFUSED.items()]
    strange = [Case(".".join(path), _with_stranger(path)) for path in _closed_objects()]
    return render([*named, *strange])


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence(name: str, answers: dict[str, dict[str, Any]]) -> None:
    assert REFUSED[name][1] in answers[name].get("error", "rendered")


def test_all_that_is_missing_is_told_at_once(answers: dict[str, dict[str, Any]]) -> None:
    told = answers["nothing"]["error"]
    for name in ("secrets", "database.provisioner", "broker", "cache"):
        assert f"- {name}.existingSecret: " in told


def _closed_objects() -> Iterator[tuple[str, ...]]:
    """The path of every map in the values that has a fixed set of keys."""
    schema = json.loads((CHART / "values.schema.json").read_text())

    def walk(one: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if one.get("additionalProperties") is False:
            yield path
        for name, inner in one.get("properties", {}).items():
            yield from walk(inner, (*path, name))

    yield from walk(schema, ())


def _with_stranger(path: tuple[str, ...]) -> dict[str, Any]:
    patch: dict[str, Any] = {"stranger": True}
    for name in reversed(path):
        patch = {name: patch}
    return merged(EXTERNAL, patch)


def test_no_unknown_key_passes_anywhere(answers: dict[str, dict[str, Any]]) -> None:
    paths = [".".join(path) for path in _closed_objects()]
    assert len(paths) > 40
    assert [path for path in paths if "stranger" not in answers[path].get("error", "")] == []
