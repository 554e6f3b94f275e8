"""What is printed when everything runs: where to look, and who one may be there."""

import json
from typing import Any

from config.launcher.plan import Plan
from config.launcher.terminal import say


def welcome(plan: Plan, *, seconds: float) -> None:
    """Print the addresses and the demo's sign-ins."""
    path = plan.data / "demo.json"
    say("")
    say(f"Ready in {seconds:.1f} s: {plan.address}")
    if path.exists():
        _print_demo(json.loads(path.read_text()))
        say(f"All sign-ins, tokens and sample codes: {path}")
    say("Ctrl-C stops everything; the data are kept.")


def _print_demo(demo: dict[str, Any]) -> None:
    for host in demo.get("hosts", []):
        say(f"  {host}")
