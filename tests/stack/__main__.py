"""`python -m tests.stack`: what `make stack` runs. STACK_BROKER=rabbitmq takes RabbitMQ instead of Redis as broker."""

import os
import sys

from config.launcher.refusal import CannotStart
from tests.stack.running import run_stack
from tests.stack.wishes import read_wishes


def main() -> int:
    """Run until asked to stop; 2 means that nothing could be started, with one sentence why."""
    try:
        run_stack(read_wishes(os.environ), environ=os.environ)
    except CannotStart as error:
        print(f"huilian: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
