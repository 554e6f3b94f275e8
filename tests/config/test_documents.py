"""The pages of the docs that follow from code are those the code makes; and nothing is read past the table."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from config.documents import DOCS, PAGES
from config.examining.table import EXAMINATIONS
from config.variables import TABLE

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("api", "federation", "referrals", "tenants", "platform/config", "platform/huilian", "platform/kit")
READERS = {"text", "flag", "integer", "secret", "url"}
# Celery and Django are told their settings' module there, programs their environment; the launcher is no Django.
MAY_SEE_ENVIRON = {
    "platform/kit/env.py",
    "platform/kit/names.py",
    "platform/config/celery.py",
    "platform/config/beat.py",
    "platform/config/wsgi.py",
    "platform/config/serving.py",
    "platform/config/sight/gathering.py",
    "platform/config/sight/exposing.py",
    "tenants/clients.py",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m config.documents"


def test_each_variable_is_told_once_and_means_something() -> None:
    names = [variable.name for variable in TABLE]
    assert len(names) == len(set(names)) > 40
    assert [variable.name for variable in TABLE if not (variable.who and variable.meaning)] == []


def _reads(tree: ast.AST) -> list[str]:
    """Calls of kit.env's readers, and uses of os.environ."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "env" and node.attr in READERS:
                found.append(f"env.{node.attr}")
            if node.value.id == "os" and node.attr in ("environ", "getenv"):
                found.append("os.environ")
    return found


def test_nothing_is_read_past_the_table() -> None:
    past: dict[str, Any] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name in MAY_SEE_ENVIRON or name == "platform/config/variables.py" or "/launcher/" in name:
                continue
            if found := _reads(ast.parse(path.read_text(encoding="utf-8"))):
                past[name] = found
    assert past == {}


def test_every_examination_is_explained() -> None:
    page = (DOCS / "sight.md").read_text(encoding="utf-8")
    missing = [each.number for each in EXAMINATIONS if not re.search(rf"`[EW]{each.number:03}`", page)]
    assert missing == []
    assert f"{len(EXAMINATIONS)} examinations" in page
