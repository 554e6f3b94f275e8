"""The architecture's rules that a machine can check."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tenants.grants import APPEND_ONLY, READ_ONLY

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("api", "federation", "referrals", "tenants", "platform/config", "platform/huilian", "platform/kit")
SOURCES = [
    path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
    if "migrations" not in path.parts and "__pycache__" not in path.parts
]


def test_imports_go_downward_only() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "PATH": ""},
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_platform_never_shadows_the_standard_library() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    import platform

    assert hasattr(platform, "python_version")


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "common.py", "signals.py", "managers.py"])
def test_no_drawers(name: Any) -> None:
    assert [str(path) for path in SOURCES if path.name == name] == []


def test_files_are_small() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}


FORBIDDEN = {
    "the role is chosen by logging in": re.compile(r"\b(SET|RESET) (ROLE|SESSION AUTHORIZATION)\b", re.I),
    "django-tenants' own switch leaks across threads": re.compile(r"\b(tenant_context|schema_context)\("),
    "nothing is remembered across societies": re.compile(r"\bcache\.clear\(\)"),
    "no signals": re.compile(r"@receiver\(|\b(post|pre)_save\.connect"),
}


@pytest.mark.parametrize("why", FORBIDDEN)
def test_what_no_source_may_say(why: Any) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if FORBIDDEN[why].search(line) and not line.lstrip().startswith(("#", '"""'))
    ]
    assert found == []


def _society_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label not in ("tenants", "django_tenants")]


def test_no_foreign_key_leaves_the_schema() -> None:
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in _society_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label == "tenants"
    ]
    assert crossing == []


def test_only_headquarters_has_the_ledger() -> None:
    assert "federation.ledger" in settings.TENANT_TYPES["headquarters"]["APPS"]
    for kind in ("branch", "province", "public"):
        assert "federation.ledger" not in settings.TENANT_TYPES[kind]["APPS"]


def test_no_app_is_in_both_lists() -> None:
    public = set(settings.TENANT_TYPES["public"]["APPS"])
    for kind in ("headquarters", "branch", "province"):
        assert not public & set(settings.TENANT_TYPES[kind]["APPS"])


def test_grants_name_tables_that_exist() -> None:
    tables = {model._meta.db_table for model in apps.get_models()} | {"django_migrations"}
    assert not (APPEND_ONLY | READ_ONLY) - tables


def test_content_type_ids_are_the_same_everywhere(cast: Any, admin_url: Any) -> None:
    import psycopg

    from tests.environment import DATABASE

    with psycopg.connect(admin_url, dbname=DATABASE) as admin:
        for columns in ("app_label, model FROM {}.django_content_type", "codename FROM {}.auth_permission"):
            seen = {
                str(admin.execute(f"SELECT id, {columns.format(schema)} ORDER BY id").fetchall())
                for schema in ("s_hq", "s_welding", "s_zhejiang", "template_society")
            }
            assert len(seen) == 1
