"""The image: what a linter says of its Dockerfile, whether it agrees with the chart, and every step carried out."""

import ctypes
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from dockerfile import is_ignored, read_dockerfile

from tests.chart.engine import ROOT
from tests.chart.release import Release

HADOLINT = Path(sysconfig.get_path("scripts")) / "hadolint"
TEXT = (ROOT / "Dockerfile").read_text()
BUILD, RUN = read_dockerfile(TEXT)
IGNORED = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
CLONE_NEWNS = 0x00020000


def _complaints(text: str) -> str:
    done = subprocess.run([str(HADOLINT), "-"], input=text, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_hadolint_has_nothing_to_say_and_nothing_is_silenced() -> None:
    assert _complaints(TEXT) == ""
    assert "hadolint ignore" not in TEXT
    assert "DL3007" in _complaints("FROM debian:latest\n")


def test_what_the_build_copies_is_there_and_not_ignored() -> None:
    copied = [word for one in BUILD.instructions if one.verb == "COPY" for word in one.words()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    assert [name for name in copied if is_ignored(name, IGNORED)] == []
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {name.split("/")[0] for name in packages["packages"]} <= set(copied)


@pytest.mark.parametrize("name", [".git", ".venv", ".huilian", "tests", "helm", "platform/docs", ".env"])
def test_what_is_nobodys_business_stays_out(name: str) -> None:
    assert is_ignored(name, IGNORED)


def test_only_the_lock_is_installed_and_by_hash() -> None:
    installs = re.findall(r"pip (?:--\S+ \S+ )?(?:install|wheel) ([^&\n\\]+)", TEXT)
    assert [one.strip() for one in installs] == [
        "--no-deps --require-hashes --only-binary=:all: --requirement requirements-image.lock",
        "hatchling==1.33.0",  # builds the wheel, and stays behind
        "--no-deps --no-build-isolation --wheel-dir /src/dist .",
        "--no-deps --target /app/lib /src/dist/*.whl",
    ]


def test_nobody_is_root_in_it(external: Release) -> None:
    last = [one for one in RUN.instructions if one.verb == "USER"][-1]
    user = external.pod("web").spec["securityContext"]["runAsUser"]
    assert last.rest == f"{user}:{user}"


def test_alone_it_starts_what_the_chart_starts(external: Release) -> None:
    command = next(one for one in RUN.instructions if one.verb == "CMD").words()
    web = external.pod("web").containers[0]
    assert command[0] == web["command"][0]
    assert set(command[1:]) <= set(web["args"])
    port = next(one for one in RUN.instructions if one.verb == "EXPOSE").rest
    assert {one["containerPort"] for one in web["ports"]} == {int(port)}


def test_labels_say_what_it_is() -> None:
    labels = " ".join(one.rest for one in RUN.instructions if one.verb == "LABEL")
    for name in ("title", "version", "revision", "created"):
        assert f"org.opencontainers.image.{name}=" in labels
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"ARG VERSION={version}\n" in TEXT


def _may_mount() -> bool:
    """Asked of a child, for the answer changes who asks."""
    child = os.fork()
    if not child:
        os._exit(0 if ctypes.CDLL(None).unshare(CLONE_NEWNS) == 0 else 1)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.slow
def test_every_step_can_be_carried_out_and_the_result_starts() -> None:
    """In a throw-away root, with packages from the index; read-only, without capabilities, as its user."""
    if sys.platform != "linux" or not _may_mount():
        pytest.skip("only who may mount can walk the Dockerfile's steps")
    done = subprocess.run([sys.executable, "helm/dry_image.py"], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    assert "200 from uid 10001" in done.stdout
    assert "root read-only." in done.stdout
