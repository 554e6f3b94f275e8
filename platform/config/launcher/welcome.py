"""What is printed when everything runs: where to look, and who one may be there."""

import json
from pathlib import Path
from typing import Any

from config.launcher.plan import Plan
from config.launcher.terminal import say


def welcome(plan: Plan, *, seconds: float) -> None:
    """Print the addresses and the demo's sign-ins."""
    path = plan.data / "demo.json"
    say("")
    say(f"Ready in {seconds:.1f} s: {plan.address}")
    for line in demo_lines(path):
        say(f"  {line}")
    if path.exists():
        say(f"All sign-ins, tokens and sample codes: {path}")
    say("Ctrl-C stops everything; the data are kept.")


def demo_lines(path: Path) -> list[str]:
    """The demo's hosts (name → address) and users (society, role, user, password), a line each.

    A file that somebody edited is no reason to stop what runs: what cannot be read is left out.
    """
    try:
        demo = json.loads(path.read_text())
        hosts: dict[str, str] = demo["hosts"]
        users: list[dict[str, Any]] = demo["users"]
        lines = [f"{name:12} {address}" for name, address in hosts.items()]
        return lines + [f"{user['society']:12} {user['role']:12} {user['user']}  {user['password']}" for user in users]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []
