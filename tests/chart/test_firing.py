"""Prometheus' own tool is shown a federation where all is well, and one where everything is wrong."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.chart.engine import CHART, ROOT
from tests.chart.test_alerts import ALERTS

FIRING = ROOT / "tests" / "chart" / "alerts_firing.yaml"
PROMTOOL = shutil.which("promtool")


def test_each_alert_is_seen_silent_and_speaking() -> None:
    tests = yaml.safe_load(FIRING.read_text())["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    assert {case["alertname"] for case in cases if case.get("exp_alerts")} == set(ALERTS)
    assert {case["alertname"] for case in cases if not case.get("exp_alerts")} == set(ALERTS)


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool (Debian's package prometheus has it)")
def test_each_alert_speaks_when_its_figure_says_so(tmp_path: Path) -> None:
    def asked(rules: Path) -> "subprocess.CompletedProcess[str]":
        tests = tmp_path / "firing.yaml"
        tests.write_text(FIRING.read_text().replace("../../helm/huilian/files/alerts.yaml", str(rules)))
        return subprocess.run([str(PROMTOOL), "test", "rules", str(tests)], capture_output=True, text=True)

    whole = CHART / "files" / "alerts.yaml"
    done = asked(whole)
    assert done.returncode == 0, done.stdout + done.stderr
    deaf = tmp_path / "deaf.yaml"
    deaf.write_text(whole.read_text().replace("parked{}) > 0", "parked{}) > 9"))
    assert asked(deaf).returncode != 0
