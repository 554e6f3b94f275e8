"""`manage.py open_federation cmes`: the societies of a preset, opened and given their scheme."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.demo.opening import open_societies
from config.demo.populating import populate
from config.management.keeping import told_plainly
from huilian.schemes.loading import preset_keys
from kit.clock import now


class Command(BaseCommand):
    help = "Open headquarters and the societies of a preset; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("preset", choices=preset_keys())
        parser.add_argument("--all", action="store_true", help="every society of the preset, not only the demo's")
        parser.add_argument("--demo", action="store_true", help="with made-up staff, applications, members and fees")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        with told_plainly():
            opened = open_societies(options["preset"], everything=options["all"], at=at, progress=self._show)
            self.stdout.write(f"{opened} societies opened.")
            path = Path(settings.DATA_DIR) / "demo.json"
            if options["demo"] and not path.exists():
                demo = populate(at=at, progress=self._show)
                _write_private(path, json.dumps(demo, ensure_ascii=False, indent=1))
                self.stdout.write(f"Demonstration written to {path}.")

    def _show(self, done: int, of: int, name: str) -> None:
        bar = "#" * (24 * done // max(1, of))
        self.stdout.write(f"[{bar:24}] {done}/{of} {name}")
        self.stdout.flush()


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
