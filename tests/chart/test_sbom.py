"""The list of what Huilian consists of."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.chart.engine import ROOT
from tests.chart.thoroughness import TOOLS, only_whole

SCHEMA = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

sys.exit(str(JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read()) or "") or None)
"""


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("sbom") / "deep" / "huilian.cdx.json"
    subprocess.run([sys.executable, "helm/sbom.py", str(target)], cwd=ROOT, check=True)
    return target.read_text()


def test_it_has_every_package_of_the_lock_with_every_hash(text: str) -> None:
    lock = (ROOT / "requirements-image.lock").read_text()
    packages: list[dict[str, Any]] = json.loads(text)["components"]
    lines = [line.split()[0] for line in lock.splitlines() if line and line[0] != " "]
    assert [f"{one['name']}=={one['version']}" for one in packages] == lines
    assert len(packages) > 40
    found = [file["content"] for one in packages for file in one["externalReferences"][0]["hashes"]]
    assert len(found) == lock.count("--hash=sha256:")
    assert all(digest in lock for digest in found)
    django = next(one for one in packages if one["name"] == "django")
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert django["licenses"] == [{"expression": "BSD-3-Clause"}] or "BSD" in str(django["licenses"])


def test_the_same_lock_gives_the_same_list(text: str, tmp_path: Path) -> None:
    target = tmp_path / "again.json"
    subprocess.run([sys.executable, "helm/sbom.py", str(target)], cwd=ROOT, check=True)
    assert target.read_text() == text


def _complaint(text: str) -> str:
    done = subprocess.run([str(TOOLS / "python"), "-c", SCHEMA], input=text, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


@only_whole
def test_cyclonedx_takes_it(text: str) -> None:
    assert _complaint(text) == ""
    assert "unlicensed" in _complaint(text.replace('"library"', '"unlicensed"'))
