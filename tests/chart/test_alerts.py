"""Alerts and dashboard: they ask for figures that the product tells, and each alert has its page."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from tests.chart.engine import CHART, ROOT
from tests.chart.release import Release
from tests.chart.thoroughness import TOOLS, only_whole

RUNBOOKS = ROOT / "platform" / "docs" / "runbooks"
ALERTS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load((CHART / "files" / "alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
}
DASHBOARD = json.loads((CHART / "files" / "dashboard.json").read_text())
METRIC = re.compile(r"\bhuilian_\w+")
LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
FROM_THE_MONITOR = {"namespace", "job", "pod"}
PARSE = """
import json, sys
from promql_parser import parse

for expression in json.load(sys.stdin):
    try:
        parse(expression)
    except Exception as problem:
        print(f"{expression}: {problem}")
"""


def exported() -> dict[str, set[str]]:
    """metric as Prometheus stores it → its labels, from the product's own definitions."""
    from config.sight import exposing, figures, metrics

    found: dict[str, set[str]] = {}
    for collector, names in metrics.REGISTRY._collector_to_names.items():
        labels = set(getattr(collector, "_labelnames", ()))
        found |= {name: labels | ({"le"} if name.endswith("_bucket") else set()) for name in names}
    asked = [figure for _question, part in figures.PARTS.values() for figure in part]
    for figure in (*asked, exposing.FAILED, exposing.BUILD):
        found[figure.name] = {figure.label} - {""}
    return found


def page_of(alert: str) -> str:
    """HuilianBackupOld → backup-old.md, as the chart does."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", alert.removeprefix("Huilian")).lower() + ".md"


def shown() -> Iterator[tuple[str, str]]:
    """(panel, expression) of the dashboard."""
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


EXPRESSIONS = [(name, rule["expr"]) for name, rule in ALERTS.items()] + list(shown())


@pytest.mark.parametrize(("name", "expression"), EXPRESSIONS, ids=[name for name, _ in EXPRESSIONS])
def test_every_metric_and_label_is_one_that_huilian_tells(name: str, expression: str) -> None:
    known = exported()
    asked = set(METRIC.findall(expression))
    assert asked and asked <= set(known), name
    labels = set().union(*(known[metric] for metric in asked))
    grouped = {word.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for word in group.split(",")}
    assert {*LABEL.findall(expression), *grouped} <= labels | FROM_THE_MONITOR, name


def test_what_is_told_is_asked_for() -> None:
    """A figure that neither an alert nor a panel asks for is told in vain."""
    asked = {metric for _, expression in EXPRESSIONS for metric in METRIC.findall(expression)}
    told = {re.sub(r"_(bucket|sum|count|created|total)$", "", metric) for metric in exported()}
    assert {name for name in told if not any(one.startswith(name) for one in asked)} == set()


def test_tasks_that_alerts_wait_for_are_on_the_timetable() -> None:
    from config.celery import app

    timetable = {entry["task"] for entry in app.conf.beat_schedule.values()}
    waited_for = set(re.findall(r"task=\"([^\"]+)\"", " ".join(expression for _, expression in EXPRESSIONS)))
    assert waited_for and waited_for <= timetable


def test_each_alert_has_its_page_and_each_page_its_alert() -> None:
    assert {path.name for path in RUNBOOKS.glob("*.md")} - {"README.md"} == {page_of(alert) for alert in ALERTS}
    index = (RUNBOOKS / "README.md").read_text()
    for alert, rule in ALERTS.items():
        text = (RUNBOOKS / page_of(alert)).read_text()
        assert text.startswith(f"# {alert}\n"), alert
        for heading in ("## What it means", "## What to look at", "## What to do"):
            assert heading in text, (alert, heading)
        assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"] and rule["for"]
        assert f"| [{alert}]({page_of(alert)}) | {rule['labels']['severity']} |" in index


def test_commands_on_the_pages_are_ones_that_manage_knows() -> None:
    from django.core.management import get_commands

    text = "\n".join(path.read_text() for path in RUNBOOKS.glob("*.md"))
    named = set(re.findall(r"manage\.py (\w+)", text))
    assert named and named <= set(get_commands())


def test_the_chart_narrows_every_metric_to_its_release(releases: Mapping[str, Release]) -> None:
    found = [rule for release in releases.values() for rule in release.of("PrometheusRule")]
    assert len(found) > 2
    for rule in found:
        rules = rule["spec"]["groups"][0]["rules"]
        assert [rule["alert"] for rule in rules] == list(ALERTS)
        mine = '{namespace="fed",job=~"rel-huilian-(web|worker|provisioner)-metrics"'
        for one in rules:
            assert one["expr"].count(mine) == len(METRIC.findall(one["expr"])), one
            assert one["expr"].replace(f"{mine},", "{").replace(mine, "{") == ALERTS[one["alert"]]["expr"]


def test_an_alert_names_its_page_where_people_read_it(everything: Release, releases: Mapping[str, Release]) -> None:
    for rule in everything.of("PrometheusRule")[0]["spec"]["groups"][0]["rules"]:
        page = f"https://wiki.example.org/huilian/runbooks/{page_of(rule['alert'])}"
        assert rule["annotations"]["runbook_url"] == page
    other = next(r for r in releases.values() if "metrics" in r.case.switches)
    rules = other.of("PrometheusRule")[0]["spec"]["groups"][0]["rules"]
    assert not any("runbook_url" in rule["annotations"] for rule in rules)


def test_the_dashboard_is_whole(everything: Release) -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["title"]
        if panel["type"] != "row":
            assert panel["fieldConfig"]["defaults"]["unit"] and panel["datasource"]["uid"] == "${source}"
            assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
    assert json.loads(everything["ConfigMap", "dashboard"]["data"]["huilian.json"]) == DASHBOARD
    assert everything["ConfigMap", "dashboard"]["metadata"]["labels"]["grafana_dashboard"] == "1"


@only_whole
def test_prometheus_can_read_every_expression(everything: Release) -> None:
    rules = everything.of("PrometheusRule")[0]["spec"]["groups"][0]["rules"]
    expressions = [
        *(expression.replace("$__rate_interval", "5m") for _, expression in EXPRESSIONS),
        *(rule["expr"] for rule in rules),
        "sum(rate(broken[5m])",
    ]
    done = subprocess.run(
        [str(TOOLS / "python"), "-c", PARSE], input=json.dumps(expressions), capture_output=True, text=True, check=True
    )
    complaints = done.stdout.splitlines()
    assert [line for line in complaints if not line.startswith("sum(rate(broken")] == []
    assert complaints
