"""From a command line to a running federation, and back: every step in its order."""

import time
from collections.abc import Mapping

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
from config.launcher.postgres import start_postgres
from config.launcher.programs import Programs
from config.launcher.supervisor import Stopped, Supervisor
from config.launcher.terminal import say, step
from config.launcher.welcome import welcome


def run_installation(plan: Plan, *, environ: Mapping[str, str]) -> None:
    """Check, start, look after, and end everything; returns when somebody asked to stop."""
    began = time.monotonic()
    open_data_folder(plan)
    _lock = hold_lock(plan)  # kept by the process: its end, however it comes, gives the folder free
    check_preset(plan)
    addresses = loopback_addresses(plan.port)
    keys = installation_keys(plan)
    interruptions = Interruptions()
    with step("Starting the database"):
        server = start_postgres(plan.database_folder)
    supervisor = Supervisor(root=plan.root, server=server, interruptions=interruptions)
    programs = Programs(plan, keys=keys, server=server, environ=environ)
    try:
        _prepare(plan, supervisor=supervisor, programs=programs)
        with step("Starting web, worker and beat"):
            supervisor.start(programs.web(addresses))
            supervisor.await_answer(plan.port)
            supervisor.start(programs.worker())
            supervisor.start(programs.beat())
        welcome(plan, seconds=time.monotonic() - began)
        supervisor.look_after()
    except Stopped:
        say("Asked to stop before everything was started.")
    finally:
        supervisor.shut_down()
        say("Stopping the database ...")
        server.stop()
        say(f"Everything has ended; the data are in {plan.data}.")


def _prepare(plan: Plan, *, supervisor: Supervisor, programs: Programs) -> None:
    """Bring database, roles and societies up to this version; open the federation on the first start."""
    with step("Provisioning the database and its roles"):
        supervisor.run(*programs.command("provision"))
    with step("Bringing every society up to date"):
        supervisor.run(*programs.command("upgrade_societies"))
    if opened_preset(plan) is None:
        with step(f"Opening the federation {plan.preset} (only this once)"):
            supervisor.run(*programs.command("open_federation", plan.preset, "--demo"))
        remember_preset(plan)
