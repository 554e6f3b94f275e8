"""The programs of one installation, and what each may know: web never learns the provisioner's login."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from config.launcher.plan import Plan
from config.launcher.postgres import EmbeddedPostgres

DATABASE = "huilian"
PROVISIONER = f"{DATABASE}_provisioner"
ROOT_WARNING = "You're running the worker with superuser privileges"  # on a bare machine one often is root
PRIVILEGED = ("PROVISIONER_DATABASE_URL", "ADMIN_DATABASE_URL")


@dataclass(frozen=True)
class Program:
    """One long-running child: how it is started, and how many seconds it gets to finish its work."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    stop_within: float


class Programs:
    """Builds the command line and the environment of every program of an installation."""

    def __init__(
        self, plan: Plan, *, keys: Mapping[str, str], server: EmbeddedPostgres, environ: Mapping[str, str]
    ) -> None:
        self._plan = plan
        inherited = {name: value for name, value in environ.items() if name not in PRIVILEGED}
        self._web = {
            "HUILIAN_DEBUG": "0",
            "HUILIAN_IDLE_CONNECTIONS": "8",  # each holds a backend of the database: memory
            "MALLOC_ARENA_MAX": "2",  # glibc otherwise keeps a heap per thread: memory
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": f"ignore:{ROOT_WARNING}",
            **inherited,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": server.url(DATABASE),
            "BROKER_URL": "filesystem://localhost/",
            "HUILIAN_DATA_DIR": str(plan.data),
            "HUILIAN_PORT": str(plan.port),
            "HUILIAN_PRESET": plan.preset,
            **{name: keys[name] for name in ("SECRET_KEY", "HUILIAN_DATABASE_KEY", "HUILIAN_FIELD_KEY")},
        }
        login = f"{PROVISIONER}:{quote(keys['PROVISIONER_PASSWORD'], safe='')}"
        self._provisioner = {
            **self._web,
            "PROVISIONER_DATABASE_URL": server.url(DATABASE).replace("://", f"://{login}@", 1),
        }
        self._admin = {
            **self._provisioner,
            "ADMIN_DATABASE_URL": server.url("postgres", user=server.superuser),
        }

    def command(self, name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """A management command and its environment; only `provision` acts as the database's superuser."""
        manage = str(self._plan.root / "manage.py")
        environment = self._admin if name == "provision" else self._provisioner
        if name != "doctor":  # who asks the workers how they are
            # A command carries its own messages; kicks left in the queue would only keep the worker from newer ones.
            environment = {**environment, "BROKER_URL": "memory://localhost/"}
        return [sys.executable, manage, name, *arguments], environment

    def web(self, addresses: Sequence[str]) -> Program:
        """gunicorn: two processes of four threads; preloaded, so that they share memory and are there at once."""
        arguments = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--preload"]
        arguments += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        arguments += ["--graceful-timeout", "8", "--no-control-socket", "--log-level", "warning"]
        arguments += ["--config", "python:config.serving"]
        for address in addresses:
            arguments += ["--bind", address]
        return Program("web", arguments, self._web, stop_within=10)

    def worker(self) -> Program:
        """Celery's worker; it also opens and upgrades societies, hence the provisioner's login."""
        arguments = ["worker", "--pool", "threads", "--concurrency", "4", "--queues", "societies,provision"]
        arguments += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        environment = {**self._provisioner, **_next_port(self._provisioner)}
        return Program("worker", [*self._celery("config.celery"), *arguments], environment, stop_within=15)

    def beat(self) -> Program:
        """Celery's clock; its memory of what ran when is in the data folder."""
        schedule = str(self._plan.data / "beat" / "schedule")
        arguments = ["beat", "--schedule", schedule, "--pidfile=", "--loglevel", "WARNING"]
        return Program("beat", [*self._celery("config.beat"), *arguments], self._web, stop_within=5)

    def _celery(self, application: str) -> list[str]:
        return [sys.executable, "-m", "celery", "--quiet", "-A", application]


def _next_port(environment: Mapping[str, str]) -> dict[str, str]:
    """The worker's metrics are on the port after the web's."""
    port = environment.get("HUILIAN_METRICS_PORT", "")
    return {"HUILIAN_METRICS_PORT": str(int(port) + 1)} if port.isdigit() and int(port) else {}
