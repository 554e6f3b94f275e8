"""`python -m tests.stack.beside COMMAND …`: a management command beside a stack that runs."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from config.launcher.keys import installation_keys
from config.launcher.plan import ROOT, Plan
from config.launcher.refusal import CannotStart
from tests.stack.processes import Processes
from tests.stack.running import is_listening
from tests.stack.wishes import read_wishes, running_addresses


def command_beside(
    plan: Plan, command: Sequence[str], *, environ: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of a management command, as the stack gives its own."""
    addresses = running_addresses(plan.data)
    if addresses is None or not is_listening(addresses.port("pgbouncer")):
        raise CannotStart(f"No stack runs in {plan.data}; start it with `make stack`.")
    return Processes(plan, addresses, keys=installation_keys(plan), environ=environ).command(*command)


def main() -> int:
    try:
        plan = read_wishes(os.environ).plan
        arguments, environment = command_beside(plan, sys.argv[1:] or ["help"], environ=os.environ)
    except CannotStart as error:
        print(f"huilian: {error}", file=sys.stderr)
        return 2
    return subprocess.run(arguments, env=environment, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
