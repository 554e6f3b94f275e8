"""A federation apart from the suite's: a server, a folder and an environment of its own, driven by processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import psycopg

from config.launcher.plan import ROOT
from config.launcher.postgres import EmbeddedPostgres, temporary_postgres

DATABASE = "huilian"
PASSWORD = "provisioner"
SERVER = {"max_connections": "100", "max_locks_per_transaction": "512"}


@dataclass(frozen=True)
class Apart:
    """What a process needs to act in it; `admin` is a superuser's session."""

    server: EmbeddedPostgres
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return environment_for(self.server, self.folder)

    def run(self, module: str, *words: Any, **environ: str) -> subprocess.CompletedProcess[str]:
        """A program to its end; it must succeed."""
        command = [sys.executable, "-m", module, *map(str, words)]
        done = subprocess.run(command, env=self.environment | environ, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, f"{module} {words}: {done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        return done

    def manage(self, *words: Any, **environ: str) -> str:
        return self.run("manage", *words, **environ).stdout

    def start(self, module: str, *words: Any, **environ: str) -> "subprocess.Popen[str]":
        """A program that goes on, its output to be read as it comes."""
        command = [sys.executable, "-u", "-m", module, *map(str, words)]
        return subprocess.Popen(
            command,
            env=self.environment | environ,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def admin(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.server.url(DATABASE, user=self.server.superuser), autocommit=True)


def environment_for(server: EmbeddedPostgres, folder: Path) -> dict[str, str]:
    """The environment of whatever acts on Huilian's database of this server."""
    where = f"{quote(DATABASE)}?host={quote(server.host, safe='')}&port={server.port}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DATABASE_URL": f"postgresql:///{where}",
        "PROVISIONER_DATABASE_URL": f"postgresql://{DATABASE}_provisioner:{PASSWORD}@/{where}",
        "ADMIN_DATABASE_URL": server.url("postgres", user=server.superuser),
        "SECRET_KEY": "this-signs-in-a-federation-apart-and-nowhere-else-0123456789",
        "HUILIAN_DATABASE_KEY": "a-federation-apart-derives-its-passwords-from-this",
        "HUILIAN_FIELD_KEY": "a-federation-apart-hashes-and-seals-with-this-key",
        "HUILIAN_DATA_DIR": str(folder),
        "HUILIAN_PORT": "8000",
        "HUILIAN_PRESET": "cmes",
        "HUILIAN_STREET_MAP_SECONDS": "1",
        "BROKER_URL": "memory://localhost/",
    }


@contextmanager
def federation_apart(**settings: str) -> Iterator[Apart]:
    """A server that forgets all, with database, roles and templates, and no society yet."""
    with (
        TemporaryDirectory(prefix="huilian-apart-") as folder,
        temporary_postgres(settings=SERVER | settings) as server,
    ):
        (Path(folder) / "static").mkdir()
        apart = Apart(server, Path(folder))
        apart.run("tests.tenants.errands", "provision")
        yield apart
