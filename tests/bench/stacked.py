"""The embedded default beside the production stack, by the same code. `python -m tests.bench.stacked`

What `make run` starts, then what `make stack` starts with either broker, one after another, each with the
demonstration: applications per second, the time of pages, and how late messages are.
"""

import json
import os
import subprocess
import sys
from argparse import Namespace

from tests.bench.arena import ROOT
from tests.bench.figures import sizes
from tests.bench.installed import EMBEDDED, installed
from tests.journeys.installation import Installation, environment_beside
from tests.stack.packages import missing, needed
from tests.stack.wishes import BROKERS


def main(wishes: Namespace) -> None:
    for what in (EMBEDDED, *BROKERS):
        if what != EMBEDDED and (problem := missing(needed(what))):
            print(f"{what}: {problem}")
            continue
        with installed(what) as installation:
            measure(installation, what, wishes)


def measure(installation: Installation, what: str, wishes: Namespace) -> None:
    """In a process that knows what the installation's own processes know."""
    environment = {**environment_beside(installation.data, installation.environment)}
    if what == EMBEDDED:  # a command beside it carries its own messages; here the worker is to do it
        environment["BROKER_URL"] = "filesystem://localhost/"
    told = json.dumps({**vars(wishes), "title": what, "environment": installation.environment})
    if "BENCH_OUT" in os.environ:
        environment["BENCH_OUT"] = os.environ["BENCH_OUT"]
    command = [sys.executable, "-m", "tests.bench.stacked_side", str(installation.data), told]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sizes(__doc__, applications=60, rounds=3, repeat=20, seconds=25, per_second=10))
