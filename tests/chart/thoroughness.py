"""How much of the chart is looked at: a part in `make test`, in seconds; all of it by `make chart`, as CI does."""

import os
from pathlib import Path

import pytest

from tests.chart.engine import ROOT

WHOLE = bool(os.environ.get("HUILIAN_CHART_WHOLE"))  # every combination, every schema, every second opinion
TOOLS = ROOT / ".venv-chart" / "bin"  # made by `make chart`
MODULES = ROOT / "helm" / "tools" / "node_modules"

# Not "skipped where the tool is missing": in CI a missing tool is a failure.
only_whole = pytest.mark.skipif(not WHOLE, reason="a part of `make chart`")


def with_tools() -> dict[str, str]:
    """The environment in which Node and the other tools are found first."""
    return {**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"}


def script(name: str) -> Path:
    """A program that npm installed."""
    return MODULES / ".bin" / name
