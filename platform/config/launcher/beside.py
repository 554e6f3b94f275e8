"""`python -m config.launcher.beside COMMAND …`: a management command beside what `make run` runs."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.launcher.keys import installation_keys
from config.launcher.plan import ROOT, Plan, read_plan
from config.launcher.postgres import EmbeddedPostgres
from config.launcher.programs import Programs
from config.launcher.refusal import CannotStart
from config.launcher.server_user import server_user
from config.launcher.socket_folder import socket_folder


class RunningPostgres(EmbeddedPostgres):
    """The address of a server that somebody else started and will end."""

    def __init__(self, folder: Path) -> None:
        self.socket_dir = socket_folder(folder.resolve(), user=server_user())


def command_beside(
    plan: Plan, command: Sequence[str], *, environ: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of a management command, as the launcher of this data folder gives its own."""
    if not (plan.data / "postgres").is_dir():
        raise CannotStart(f"There is no installation in {plan.data}; `make run` makes one.")
    server = RunningPostgres(plan.database_folder)
    if not any(server.socket_dir.glob(".s.PGSQL.*")):
        raise CannotStart(f"The installation in {plan.data} is not running; start it with `make run`.")
    return Programs(plan, keys=installation_keys(plan), server=server, environ=environ).command(*command)


def main() -> int:
    """Run the command in the terminal; its answer is the answer."""
    try:
        arguments, environment = command_beside(read_plan(os.environ), sys.argv[1:] or ["help"], environ=os.environ)
    except CannotStart as error:
        print(f"huilian: {error}", file=sys.stderr)
        return 2
    return subprocess.run(arguments, env=environment, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
