"""Rendering the chart with Helm 4's own code, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm" / "huilian"


@dataclass(frozen=True)
class Case:
    """One installation or upgrade: a name for messages, and the values an operator gave."""

    name: str
    values: Mapping[str, Any]
    upgrade: bool = False
    switches: frozenset[str] = field(default=frozenset())


def render(cases: Iterable[Case]) -> dict[str, dict[str, Any]]:
    """name → `{"files": {path: text}}` or `{"error": sentence}`."""
    lines = (json.dumps({"id": c.name, "values": c.values, "upgrade": c.upgrade}) for c in cases)
    return {
        answer.pop("id"): answer for answer in map(json.loads, run("render.py", str(CHART), lines=lines).splitlines())
    }


def complaints_of_kubernetes(objects: Iterable[str], versions: Iterable[str]) -> list[str]:
    """What the schemas of these versions say against the objects, each given as JSON."""
    return run("validate.py", *versions, lines=objects).splitlines()


def run(program: str, *arguments: str, lines: Iterable[str]) -> str:
    """One of helm/'s programs; 1 means that it found something, more that it broke."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "helm" / program), *arguments],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    return done.stdout
