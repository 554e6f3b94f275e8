"""`python -m config.launcher`: what `make run` runs."""

import os
import sys

from config.launcher.installation import run_installation
from config.launcher.plan import read_plan
from config.launcher.refusal import CannotStart


def main() -> int:
    """Run until asked to stop; 2 means that nothing could be started, with one sentence why."""
    try:
        run_installation(read_plan(os.environ), environ=os.environ)
    except CannotStart as error:
        print(f"huilian: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
