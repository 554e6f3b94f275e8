"""The first requests of a new process come at once, and read what nobody in it has read before."""

import subprocess
import sys

import pytest

from config.launcher.plan import ROOT

# Eight threads that take turns as often as they can, in a process of their own: a crash takes no test run with it.
RACE = """
import os, sys, threading
sys.path[:0] = [{root!r}, {root!r} + "/platform"]
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from huilian.applications.channels import ApplyTicket
from huilian.schemes.document import Scheme
from federation.codec import decode
from federation.contracts import CONTRACTS
import msgspec
data = {data}
together = threading.Barrier(8)
sys.setswitchinterval(1e-6)
def read(attempt):
    together.wait()
    try:
        attempt()
    except Exception:
        pass
for attempt in {attempts}:
    threads = [threading.Thread(target=read, args=[attempt]) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
print("alive")
"""
SCHEME = "__import__('json').loads(__import__('pathlib').Path({path!r}).read_text())"


@pytest.mark.parametrize("turn", range(3))
def test_many_threads_may_read_a_scheme_for_the_first_time(tmp_path_factory: pytest.TempPathFactory, turn: int) -> None:
    from huilian.schemes.loading import load_preset

    path = tmp_path_factory.mktemp("scheme") / "scheme.json"
    path.write_text(load_preset("cmes").to_json())
    _race(data=SCHEME.format(path=str(path)), attempts="[lambda: Scheme.from_data(data)]")


@pytest.mark.parametrize("turn", range(3))
def test_and_tickets_and_messages(turn: int) -> None:
    _race(
        data="{}",
        attempts="[lambda: ApplyTicket.from_data(data),"
        " *(lambda c=c: msgspec.convert(data, c) for c in CONTRACTS.values())]",
    )


def _race(*, data: str, attempts: str) -> None:
    program = RACE.format(root=str(ROOT), data=data, attempts=attempts)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), (done.returncode, done.stderr[-1500:])
