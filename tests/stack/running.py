"""From an empty folder to a running stack, and back without a trace."""

import socket
import time
from collections.abc import Mapping
from functools import partial

from config.launcher.checks import (
    check_preset,
    hold_lock,
    loopback_addresses,
    open_data_folder,
    opened_preset,
    remember_preset,
)
from config.launcher.interruptions import Interruptions
from config.launcher.keys import installation_keys
from config.launcher.plan import Plan
from config.launcher.programs import Program
from config.launcher.refusal import CannotStart
from config.launcher.supervisor import Stopped, Supervisor
from config.launcher.terminal import say, step
from config.launcher.welcome import welcome
from tests.stack.nginx import nginx
from tests.stack.objects import make_bucket, objects
from tests.stack.packages import missing, needed
from tests.stack.pgbouncer import pgbouncer
from tests.stack.postgres import let_pooler_ask, start_database
from tests.stack.processes import Processes
from tests.stack.rabbitmq import epmd, rabbitmq
from tests.stack.redis import redis
from tests.stack.wishes import Addresses, Wishes, choose_addresses


class InOrder(Supervisor):
    """Ends what was started last first: nobody loses a server before its clients."""

    def shut_down(self) -> None:
        self._children.reverse()
        super().shut_down()


def run_stack(wishes: Wishes, *, environ: Mapping[str, str]) -> None:
    """Check, start, look after, and end everything; returns when somebody asked to stop."""
    began, plan = time.monotonic(), wishes.plan
    if problem := missing(needed(wishes.broker)):
        raise CannotStart(problem)
    open_data_folder(plan)
    _lock = hold_lock(plan)
    check_preset(plan)
    listen = loopback_addresses(plan.port)
    keys = installation_keys(plan)
    interruptions = Interruptions()
    with step("Starting PostgreSQL"):
        server = start_database(plan.database_folder)
    supervisor = InOrder(root=plan.root, server=server, interruptions=interruptions)
    try:
        addresses = choose_addresses(wishes, postgres=server.host)
        processes = Processes(plan, addresses, keys=keys, environ=environ)
        with step("Provisioning the database and its roles"):
            supervisor.run(*processes.command("provision"))
            let_pooler_ask(server, password=addresses.password)
        _start_servers(plan, addresses, supervisor, environ=environ)
        _prepare(plan, supervisor, processes)
        with step("Starting web, worker, provisioner, beat and nginx"):
            supervisor.start(processes.web())
            supervisor.await_answer(addresses.port("web"))
            for program in (processes.worker(), processes.provisioner(), processes.beat()):
                supervisor.start(program)
            supervisor.start(nginx(plan.data, addresses, listen))
            supervisor.await_answer(plan.port)
        welcome(plan, seconds=time.monotonic() - began)
        supervisor.look_after()
    except Stopped:
        say("Asked to stop before everything was started.")
    finally:
        supervisor.shut_down()
        say("Stopping PostgreSQL ...")
        server.stop()
        say(f"Everything has ended; the data are in {plan.data}.")


def _start_servers(plan: Plan, addresses: Addresses, supervisor: Supervisor, *, environ: Mapping[str, str]) -> None:
    wanted: dict[str, Program] = {
        "pgbouncer": pgbouncer(plan.data, addresses),
        "redis": redis(plan.data, addresses),
        "s3": objects(addresses, environ=environ),
    }
    if addresses.broker == "rabbitmq":
        wanted |= {"epmd": epmd(addresses), "rabbitmq": rabbitmq(plan.data, addresses)}
    with step(f"Starting {', '.join(wanted)}"):
        for name, program in wanted.items():
            supervisor.start(program)
            port = addresses.port(name)
            supervisor.await_true(partial(is_listening, port), who=name, does="gave no answer", within=90)
        make_bucket(addresses)


def _prepare(plan: Plan, supervisor: Supervisor, processes: Processes) -> None:
    with step("Bringing every society up to date"):
        supervisor.run(*processes.command("upgrade_societies"))
    if opened_preset(plan) is None:
        with step(f"Opening the federation {plan.preset} (only this once)"):
            supervisor.run(*processes.command("open_federation", plan.preset, "--demo"))
        remember_preset(plan)


def is_listening(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False
