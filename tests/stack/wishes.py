"""What the environment asks of the stack, and which ports and passwords its servers have."""

import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from config.launcher.plan import ROOT, Plan, read_plan
from config.launcher.refusal import CannotStart

BROKERS = ("redis", "rabbitmq")
SERVERS = ("pgbouncer", "redis", "rabbitmq", "epmd", "erlang", "s3", "web")
FOLDERS = ("pgbouncer", "redis", "rabbitmq", "s3", "nginx")


@dataclass(frozen=True)
class Wishes:
    """One installation of the stack: the launcher's plan, and which broker carries tasks."""

    plan: Plan
    broker: str


@dataclass(frozen=True)
class Addresses:
    """Where each server listens on this machine, under whose password; kept in `stack.json` for who comes beside."""

    broker: str
    postgres: str  # the folder of its socket
    ports: dict[str, int]
    password: str

    def port(self, server: str) -> int:
        return self.ports[server]


def read_wishes(environ: Mapping[str, str]) -> Wishes:
    """Read STACK_BROKER and what `make run` reads; the data folder is `.huilian-stack` unless named."""
    broker = environ.get("STACK_BROKER", "").strip() or BROKERS[0]
    if broker not in BROKERS:
        raise CannotStart(f"STACK_BROKER is {broker!r}; write {' or '.join(BROKERS)}.")
    folder = environ.get("HUILIAN_DATA_DIR", "").strip() or str(ROOT / ".huilian-stack")
    return Wishes(read_plan({**environ, "HUILIAN_DATA_DIR": folder}), broker)


def choose_addresses(wishes: Wishes, *, postgres: str) -> Addresses:
    """Free ports and a password for this run; the folders of the servers are made, private."""
    for name in FOLDERS:
        (wishes.plan.data / name).mkdir(mode=0o700, exist_ok=True)
    probes = {server: socket.socket() for server in SERVERS}  # all held at once, so that no two are the same
    for probe in probes.values():
        probe.bind(("127.0.0.1", 0))
    ports = {server: int(probe.getsockname()[1]) for server, probe in probes.items()}
    for probe in probes.values():
        probe.close()
    addresses = Addresses(wishes.broker, postgres, ports, _kept_password(wishes.plan.data))
    path = _file(wishes.plan.data)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(addresses), file, indent=1)
    return addresses


def running_addresses(data: Path) -> Addresses | None:
    """The addresses of the stack in this data folder; None where `make run` made it."""
    path = _file(data)
    return Addresses(**json.loads(path.read_text())) if path.exists() else None


def _kept_password(data: Path) -> str:
    """RabbitMQ's files hold the user of the first start, so one password stays."""
    found = running_addresses(data)
    return found.password if found else secrets.token_hex(24)


def _file(data: Path) -> Path:
    return data / "stack.json"
