"""What `<data>/demo.json` tells a script: hosts, users, tokens and referral codes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.program import Program


@dataclass(frozen=True)
class Demo:
    """A demonstration federation that runs."""

    hosts: dict[str, str]  # slug → address of the front page
    users: list[dict[str, str]]
    tokens: dict[str, dict[str, str]]  # slug → role → token
    codes: dict[str, list[str]]

    def program(self, society: str, role: str) -> Program:
        """A program with the token of an office."""
        return Program(self.hosts[society], self.tokens[society][role])

    def sign_in(self, society: str, role: str) -> tuple[str, str]:
        """Name and password of the first holder of an office."""
        for user in self.users:
            if (user["society"], user["role"]) == (society, role):
                return user["user"], user["password"]
        raise LookupError(f"demo.json has no {role} of {society}")

    def number_of(self, society: str) -> str:
        """The three digits of a society, with which its codes begin."""
        return self.codes[society][0][:3]


def read_demo(path: Path) -> Demo:
    told: dict[str, Any] = json.loads(path.read_text())
    return Demo(told["hosts"], told["users"], told["tokens"], told["codes"])
