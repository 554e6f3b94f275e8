"""Each mutation still finds the lock that it takes out; without this a run with it would prove nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.launcher.plan import ROOT

MUTATIONS = sorted(path.parent for path in Path(__file__).with_name("mutations").glob("*/sitecustomize.py"))
LOOSENED = {"inbox_without_lock": "from federation.inbox import _take_lock; print(_take_lock())"}


@pytest.mark.parametrize("folder", MUTATIONS, ids=lambda folder: folder.name)
def test_the_lock_is_gone(folder: Path) -> None:
    look = f"import django; django.setup(); {LOOSENED[folder.name]}"
    roads = f"{ROOT}:{ROOT / 'platform'}"
    for path, expected in ((f"{folder}:{roads}", True), (roads, False)):
        environment = {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "config.settings"}
        done = subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True, text=True)
        # With its lock the function asks the database, and there is none in no society.
        assert (done.stdout.strip() == "True") is expected, done.stderr
