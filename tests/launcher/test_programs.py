"""Who may know which login: web never the provisioner's, nobody but `provision` the superuser's."""

from collections.abc import Iterator

import pytest

from config.launcher.keys import MAKERS
from config.launcher.plan import Plan
from config.launcher.postgres import EmbeddedPostgres, temporary_postgres
from config.launcher.programs import Programs

INHERITED = {"PATH": "/bin", "PROVISIONER_DATABASE_URL": "left over", "ADMIN_DATABASE_URL": "left over"}


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with temporary_postgres() as running:
        yield running


@pytest.fixture
def programs(plan: Plan, server: EmbeddedPostgres) -> Programs:
    return Programs(plan, keys={name: name.lower() for name in MAKERS}, server=server, environ=INHERITED)


def test_web_and_beat_cannot_open_or_alter_a_society(programs: Programs) -> None:
    for program in (programs.web(["127.0.0.1:8000"]), programs.beat()):
        assert "PROVISIONER_DATABASE_URL" not in program.environment
        assert "ADMIN_DATABASE_URL" not in program.environment
        assert "provisioner_password" not in " ".join(program.environment.values())
        assert program.environment["PATH"] == "/bin"


def test_the_worker_and_commands_act_as_provisioner(programs: Programs, server: EmbeddedPostgres) -> None:
    upgrade = programs.command("upgrade_societies")[1]
    for environment in (programs.worker().environment, upgrade):
        address = environment["PROVISIONER_DATABASE_URL"]
        assert address.startswith("postgresql://huilian_provisioner:provisioner_password@/huilian?host=")
        assert "ADMIN_DATABASE_URL" not in environment


def test_only_provision_is_superuser(programs: Programs, server: EmbeddedPostgres) -> None:
    assert programs.command("provision")[1]["ADMIN_DATABASE_URL"] == server.url("postgres", user="postgres")


def test_the_web_listens_only_where_it_was_told(programs: Programs) -> None:
    arguments = list(programs.web(["127.0.0.1:8000", "[::1]:8000"]).arguments)
    bound = [arguments[at + 1] for at, argument in enumerate(arguments) if argument == "--bind"]
    assert bound == ["127.0.0.1:8000", "[::1]:8000"]
