"""Rivals in one race: programs that wait in processes of their own and measure when they are told to."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.bench.arena import ROOT


class Rival:
    """A program of `tests.bench` in a process of its own, on the server that the measurement runs on."""

    def __init__(self, program: str, server: Any, *, settings: str, **wishes: Any) -> None:
        address = [server.host, str(server.port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{program}", *address, json.dumps(wishes)],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.facts = self._hear()

    def ask(self, **wishes: Any) -> dict[str, Any]:
        """Have it measure, and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wishes) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def leave(self) -> None:
        """End it; it has nothing to lose."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a rival ended with {self._process.wait()}; what it said stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer


def serve(measure: Callable[..., dict[str, Any]], **facts: Any) -> None:
    """The rival's side: say that one is ready, then answer each wish until nobody is there any more."""
    speak, sys.stdout = sys.stdout, sys.stderr
    print(json.dumps(facts), file=speak, flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(**json.loads(line))), file=speak, flush=True)
