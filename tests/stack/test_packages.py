"""What is missing is told in one sentence, before anything is started."""

from pathlib import Path

import pytest

from config.launcher.refusal import CannotStart
from tests.stack import packages
from tests.stack.running import run_stack
from tests.stack.wishes import Wishes, choose_addresses, read_wishes, running_addresses


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_find", lambda name: None if name in ("nginx", "pgbouncer") else "/usr/bin/x")
    monkeypatch.setattr(packages, "MODULES", {"os": "os", "no_such_module": "no-such-package"})
    sentence = (
        "The stack needs what is not installed: apt-get install nginx-light pgbouncer; pip install no-such-package"
    )
    assert packages.missing(packages.needed("redis")) == sentence
    with pytest.raises(CannotStart, match="nginx is not installed: apt-get install nginx-light"):
        packages.program("nginx")


def test_only_the_broker_that_is_wished_for_is_needed() -> None:
    assert "rabbitmq-server" not in packages.needed("redis")
    assert {"rabbitmq-server", "epmd", "redis-server"} < set(packages.needed("rabbitmq"))


def test_nothing_is_touched_while_something_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_find", lambda name: None)
    wishes = _wishes(tmp_path / "data")
    with pytest.raises(CannotStart, match="not installed"):
        run_stack(wishes, environ={})
    assert not (tmp_path / "data").exists()


def test_an_unknown_broker_is_refused() -> None:
    with pytest.raises(CannotStart, match="STACK_BROKER is 'carrier pigeon'"):
        read_wishes({"STACK_BROKER": "carrier pigeon"})


def test_addresses_are_private_and_found_again(tmp_path: Path) -> None:
    first = choose_addresses(_wishes(tmp_path), postgres="/socket")
    assert running_addresses(tmp_path) == first
    assert len(set(first.ports.values())) == len(first.ports)
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600
    again = choose_addresses(_wishes(tmp_path), postgres="/socket")
    assert again.password == first.password, "RabbitMQ keeps the user of its first start"


def _wishes(folder: Path) -> Wishes:
    return read_wishes({"HUILIAN_DATA_DIR": str(folder), "HUILIAN_PORT": "8000"})
