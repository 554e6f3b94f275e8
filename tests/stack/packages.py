"""Where Debian's packages put their programs; a missing one is told in one sentence."""

import importlib.util
import shutil
from collections.abc import Iterable
from pathlib import Path

from config.launcher.refusal import CannotStart

# Debian keeps some of them where an ordinary user's PATH does not lead.
FOLDERS = ("/usr/sbin", "/usr/lib/rabbitmq/bin", "/sbin")
PACKAGES = {
    "pgbouncer": "pgbouncer",
    "redis-server": "redis-server",
    "nginx": "nginx-light",
    "rabbitmq-server": "rabbitmq-server",
    "epmd": "erlang-base",
}
MODULES = {"moto": "moto[s3]", "flask": "flask", "flask_cors": "flask-cors", "boto3": "boto3"}
OLDEST_POSTGRES = 15


def program(name: str) -> str:
    """The program's path."""
    found = _find(name)
    if found is None:
        raise CannotStart(f"{name} is not installed: apt-get install {PACKAGES[name]}")
    return found


def needed(broker: str) -> tuple[str, ...]:
    """The programs that a stack with this broker is made of, besides PostgreSQL."""
    own = ("rabbitmq-server", "epmd") if broker == "rabbitmq" else ()
    return ("pgbouncer", "redis-server", "nginx", *own)


def missing(programs: Iterable[str]) -> str:
    """One sentence that says what has to be installed; empty if nothing has."""
    debian = sorted({PACKAGES[name] for name in programs if _find(name) is None})
    python = sorted(package for module, package in MODULES.items() if importlib.util.find_spec(module) is None)
    wanted = [f"apt-get install {' '.join(debian)}"] if debian else []
    wanted += [f"pip install {' '.join(python)}"] if python else []
    return f"The stack needs what is not installed: {'; '.join(wanted)}" if wanted else ""


def postgres_programs() -> Path | None:
    """The folder of the newest of Debian's servers that is new enough; None where the embedded one has to do."""
    found = {
        int(folder.parent.name): folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "postgres").exists() and (folder / "initdb").exists()
    }
    fit = [version for version in found if version >= OLDEST_POSTGRES]
    return found[max(fit)] if fit else None


def _find(name: str) -> str | None:
    # rabbitmq's own script: the one in /usr/sbin changes the user and the folder.
    if name == "rabbitmq-server":
        path = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        return str(path) if path.exists() else None
    return shutil.which(name) or shutil.which(name, path=":".join(FOLDERS))
