"""While the environment is installed, one sees how far it is; a wrong hash installs nothing."""

import re
import subprocess
import venv
from pathlib import Path

import pytest

from config.launcher import install

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Collecting amqp==5.4.2 (from -r requirements.lock (line 1))\n", "amqp"),
        ("Processing /wheels/django_unfold-0.91.0-py3-none-any.whl (from -r x (line 9))\n", "django_unfold"),
        ("Ignoring tzdata: markers 'sys_platform == \"win32\"' don't match your environment\n", "tzdata"),
        ("Requirement already satisfied: django==5.2.19 in ./lib (from -r x (line 3))\n", "django"),
    ],
)
def test_pips_lines_are_about_a_package(line: str, name: str) -> None:
    assert line.startswith(install.ONE_MORE)
    assert install.name_in(line) == name


def test_a_file_with_another_hash_than_the_lock_says_is_not_installed(tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    wheel = tmp_path / "six-1.17.0-py2.py3-none-any.whl"
    wheel.write_bytes(b"not what was locked")
    lock = tmp_path / "lock"
    lock.write_text(f"six @ {wheel.as_uri()} --hash=sha256:{'0' * 64}\n")
    script = Path(install.__file__)
    result = subprocess.run([python, script, lock], capture_output=True, text=True)
    assert result.returncode != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in result.stderr
    assert subprocess.run([python, "-c", "import six"], capture_output=True).returncode != 0


def pins_of(lock: str) -> dict[str, int]:
    """Each pinned line of a lock file, and how many hashes it has."""
    text = (ROOT / lock).read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    return {block.split(" \\")[0]: block.count("--hash=sha256:") for block in blocks}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-image.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_no_address(lock: str) -> None:
    pins = pins_of(lock)
    assert any(pin.startswith("django==5.2.") for pin in pins)
    assert [pin for pin, hashes in pins.items() if hashes == 0 or "==" not in pin] == []
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "file:" not in text
    assert "index-url" not in text


def test_the_suite_runs_on_the_versions_that_run() -> None:
    assert set(pins_of("requirements.lock")) <= set(pins_of("requirements-dev.lock"))
