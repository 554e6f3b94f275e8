"""The tables of the chart's README, made from the comments in its values."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.chart.engine import CHART
from tests.chart.thoroughness import only_whole, script, with_tools

VALUES = (CHART / "values.yaml").read_text()
README = (CHART / "README.md").read_text()
COMMENT = re.compile(r"^## @param (?P<name>\S+)(?: \[(?P<type>[^]]*)\])? (?P<words>.+)$", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<name>[^`]+)` +\| (?P<words>.+?) +\| +`(?P<value>[^|]*)` +\|$", re.MULTILINE)


def test_every_comment_is_a_row() -> None:
    comments = [(found["name"], found["words"]) for found in COMMENT.finditer(VALUES)]
    rows = [(found["name"], found["words"]) for found in ROW.finditer(README.partition("## Parameters")[2])]
    assert len(comments) > 100
    assert rows == comments


def test_every_value_has_a_comment_and_stands_in_the_table() -> None:
    types = {found["name"]: found["type"] or "" for found in COMMENT.finditer(VALUES)}
    shown = {found["name"]: found["value"] for found in ROW.finditer(README)}
    values = dict(_leaves(yaml.safe_load(VALUES), types))
    assert set(values) == set(types)
    for name, value in values.items():
        if "default: " in types[name]:
            assert shown[name] == types[name].partition("default: ")[2]
        elif not isinstance(value, list | dict):
            assert shown[name] == (
                '""' if value == "" else str(value).lower() if isinstance(value, bool) else str(value)
            )


def _leaves(values: dict[str, Any], commented: dict[str, str], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{path}{key}"
        if isinstance(value, dict) and value and name not in commented:
            yield from _leaves(value, commented, f"{name}.")
        else:
            yield name, value


@only_whole
def test_the_generator_would_change_nothing(tmp_path: Path) -> None:
    copy = Path(shutil.copy(CHART / "README.md", tmp_path))
    command = [str(script("readme-generator")), "-v", str(CHART / "values.yaml"), "-r", str(copy)]
    subprocess.run(command, env=with_tools(), check=True, capture_output=True)
    assert copy.read_text() == README


@only_whole
def test_the_generator_misses_a_comment(tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(f"{VALUES}\nstranger: true\n")
    readme = Path(shutil.copy(CHART / "README.md", tmp_path))
    command = [str(script("readme-generator")), "-v", str(values), "-r", str(readme)]
    done = subprocess.run(command, env=with_tools(), capture_output=True, text=True)
    assert done.returncode != 0 and "stranger" in done.stdout + done.stderr
