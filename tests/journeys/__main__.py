"""`python -m tests.journeys <data>/demo.json`: the scripted stranger, against a demonstration that runs."""

import sys
import time
from pathlib import Path

from tests.journeys.demo import read_demo
from tests.journeys.installation import manage, running_plan
from tests.journeys.office import Offices
from tests.journeys.walks import WALKS


def main(arguments: list[str]) -> int:
    """Walk every journey of the federation and reconcile; 0 if all of it is as it must be."""
    if len(arguments) != 1:
        print("usage: python -m tests.journeys <data folder>/demo.json", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    plan, environ = running_plan(path)
    demo = read_demo(path)
    offices = Offices(demo)
    for name, walk in WALKS[plan.preset].items():
        began = time.monotonic()
        print(f"{name} ...", flush=True)
        print(f"    {walk(demo, offices)} ({time.monotonic() - began:.1f} s)", flush=True)
    compared = manage(plan.data, environ, "reconcile")
    print((compared.stdout + compared.stderr).strip())
    return compared.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
