"""Rendering the chart with Helm 4's own code, in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
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
    lines = [json.dumps({"id": c.name, "values": c.values, "upgrade": c.upgrade}) for c in cases]
    known: dict[str, str] = {}
    parts = (os.cpu_count() or 1) if len(lines) > 100 else 1
    with ThreadPoolExecutor(parts) as pool:
        answers = pool.map(lambda part: dict(_answers(lines[part::parts], known)), range(parts))
    return {name: answer for part in answers for name, answer in part.items()}


def _answers(lines: list[str], known: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Most files are the same in many cases: each different one is kept once, in `known`."""
    for line in run("render.py", str(CHART), lines=lines):
        answer = json.loads(line)
        if "files" in answer:
            answer["files"] = {path: known.setdefault(text, text) for path, text in answer["files"].items()}
        yield answer.pop("id"), answer


def complaints_of_kubernetes(objects: Iterable[str], versions: Iterable[str]) -> list[str]:
    """What the schemas of these versions say against the objects, each given as JSON."""
    return list(run("validate.py", *versions, lines=objects))


def run(program: str, *arguments: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines that one of helm/'s programs answers; 1 means that it found something, more that it broke."""
    with TemporaryFile("w+") as asked, TemporaryFile("w+") as said:
        asked.writelines(f"{line}\n" for line in lines)
        asked.seek(0)
        command = [sys.executable, str(ROOT / "helm" / program), *arguments]
        with subprocess.Popen(command, stdin=asked, stdout=subprocess.PIPE, stderr=said, text=True) as process:
            yield from (line.rstrip("\n") for line in process.stdout or ())
        said.seek(0)
        complaint = said.read()[-2000:]
    assert process.returncode in (0, 1) and "Traceback" not in complaint, complaint
