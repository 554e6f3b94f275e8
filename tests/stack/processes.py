"""Huilian's own processes as the chart runs them, each with what it may know."""

import os
import sys
from collections.abc import Mapping
from urllib.parse import quote

from config.launcher.plan import Plan
from config.launcher.programs import DATABASE, PRIVILEGED, PROVISIONER, ROOT_WARNING, Program
from tests.stack.objects import client_environment
from tests.stack.rabbitmq import rabbitmq_url
from tests.stack.redis import redis_url
from tests.stack.wishes import Addresses


class Processes:
    """Builds command line and environment of web, worker, provisioner, beat and management commands."""

    def __init__(
        self, plan: Plan, addresses: Addresses, *, keys: Mapping[str, str], environ: Mapping[str, str]
    ) -> None:
        self._plan = plan
        inherited = {name: value for name, value in environ.items() if name not in PRIVILEGED}
        self.plain = {
            "MALLOC_ARENA_MAX": "2",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": f"ignore:{ROOT_WARNING}",
            "HUILIAN_IDLE_CONNECTIONS": "16",
            **inherited,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"postgresql://127.0.0.1:{addresses.port('pgbouncer')}/{DATABASE}",
            "BROKER_URL": rabbitmq_url(addresses) if addresses.broker == "rabbitmq" else redis_url(addresses, 0),
            "CACHE_URL": redis_url(addresses, 1),
            "HUILIAN_BEHIND_PROXY": "1",
            "HUILIAN_DATA_DIR": str(plan.data),
            "HUILIAN_PORT": str(plan.port),
            "HUILIAN_PRESET": plan.preset,
            **client_environment(addresses),
            **{name: keys[name] for name in ("SECRET_KEY", "HUILIAN_DATABASE_KEY", "HUILIAN_FIELD_KEY")},
        }
        # Past the pooler: migrations, locks of whole sessions and pg_dump need a session of their own.
        socket = f"?host={quote(addresses.postgres, safe='')}&port=5432"
        login = f"{PROVISIONER}:{quote(keys['PROVISIONER_PASSWORD'], safe='')}"
        self._provisioner = {
            **self.plain,
            "PROVISIONER_DATABASE_URL": f"postgresql://{login}@/{DATABASE}{socket}",
        }
        self._admin = {**self._provisioner, "ADMIN_DATABASE_URL": f"postgresql://postgres@/postgres{socket}"}
        self._web_port = addresses.port("web")

    def command(self, name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """A management command; only `provision` acts as the database's superuser."""
        environment = self._admin if name == "provision" else self._provisioner
        return [sys.executable, str(self._plan.root / "manage.py"), name, *arguments], dict(environment)

    def web(self) -> Program:
        """gunicorn: two processes of four threads."""
        arguments = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--preload"]
        arguments += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        arguments += ["--graceful-timeout", "8", "--no-control-socket", "--log-level", "warning"]
        arguments += ["--config", "python:config.serving", "--bind", f"127.0.0.1:{self._web_port}"]
        return Program("web", arguments, self.plain, stop_within=10)

    def worker(self) -> Program:
        """Celery with processes instead of threads."""
        arguments = ["worker", "--pool=prefork", f"--concurrency={os.environ.get('STACK_CONCURRENCY', '2')}"]
        arguments += ["--hostname=worker@%h", "--queues=societies", "--without-gossip", "--without-mingle"]
        return Program("worker", [*_celery("config.celery"), *arguments, "--loglevel=WARNING"], self.plain, 15)

    def provisioner(self) -> Program:
        """The only worker that knows the provisioner's login."""
        arguments = ["worker", "--pool=threads", "--concurrency=1", "--prefetch-multiplier=1"]
        arguments += ["--hostname=provisioner@%h", "--queues=provision", "--without-gossip", "--without-mingle"]
        arguments += ["--loglevel=WARNING"]
        return Program("provis.", [*_celery("config.celery"), *arguments], self._provisioner, 15)

    def beat(self) -> Program:
        schedule = str(self._plan.data / "beat" / "schedule")
        arguments = ["beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=WARNING"]
        return Program("beat", [*_celery("config.beat"), *arguments], self.plain, stop_within=5)


def _celery(application: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "-A", application]
