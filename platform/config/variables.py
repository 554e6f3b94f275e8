"""Every environment variable that Huilian reads, in one table: settings are read from it, and the docs made of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from kit import env

T = TypeVar("T")

WEB, WORKER, PROVISIONER, BEAT, COMMANDS, LAUNCHER = "web", "worker", "provisioner", "beat", "commands", "make run"
ALL = (WEB, WORKER, PROVISIONER, BEAT, COMMANDS)
SERVING = (WEB, WORKER, PROVISIONER, COMMANDS)

TABLE: "list[Variable[str] | Variable[bool] | Variable[int]]" = []


@dataclass(frozen=True, slots=True)
class Variable(Generic[T]):
    """One variable: what it is if it is absent, which processes need it, what it means. A secret may lie in a file."""

    name: str
    default: T
    who: tuple[str, ...]
    meaning: str
    ask: Callable[[str, T], T]
    is_secret: bool = False
    shown: str = ""  # a default that follows from others, in words

    def read(self, default: T | None = None) -> T:
        """The value; BadSetting names a variable that cannot be understood. `default` follows from other variables."""
        return self.ask(self.name, self.default if default is None else default)


def text(name: str, default: str, who: tuple[str, ...], meaning: str, *, shown: str = "") -> Variable[str]:
    made = Variable(name, default, who, meaning, env.text, shown=shown)
    TABLE.append(made)
    return made


def secret(name: str, who: tuple[str, ...], meaning: str, *, default: str = "") -> Variable[str]:
    made = Variable(name, default, who, meaning, env.secret, is_secret=True)
    TABLE.append(made)
    return made


def flag(name: str, default: bool, who: tuple[str, ...], meaning: str) -> Variable[bool]:
    made = Variable(name, default, who, meaning, env.flag)
    TABLE.append(made)
    return made


def integer(name: str, default: int, who: tuple[str, ...], meaning: str, *, least: int = 0) -> Variable[int]:
    def ask(name: str, default: int) -> int:
        return env.integer(name, default, minimum=least)

    made = Variable(name, default, who, meaning, ask)
    TABLE.append(made)
    return made


# -- keys
SECRET_KEY = secret("SECRET_KEY", SERVING, "Signs sessions and tickets; 50 characters of chance")
DATABASE_KEY = secret(
    "HUILIAN_DATABASE_KEY", SERVING, "Derives the password of every society's database role; 32 characters or more"
)
FIELD_KEY = secret(
    "HUILIAN_FIELD_KEY", SERVING, "Seals ID numbers and compares contacts; without it they stay sealed for ever"
)

# -- where it answers
DOMAIN = text("HUILIAN_DOMAIN", "localhost", SERVING, "Societies answer at `<slug>.<domain>`")
SCHEME = text("HUILIAN_SCHEME", "http", SERVING, "`https` everywhere but on one's own machine")
PORT = text("HUILIAN_PORT", "8000", (*SERVING, LAUNCHER), "Port in addresses, with `http`; that `make run` listens on")
PORT_SUFFIX = text(
    "HUILIAN_PORT_SUFFIX", "", SERVING, "What follows the host in addresses, with `http`", shown="`:` and the port"
)
EXTRA_HOSTS = text("HUILIAN_EXTRA_HOSTS", "", SERVING, "Own domains of single societies, with spaces between")
BEHIND_PROXY = flag(
    "HUILIAN_BEHIND_PROXY", False, (WEB,), "Believe X-Forwarded-Proto and the last entry of X-Forwarded-For"
)
SSL_REDIRECT = flag("HUILIAN_SSL_REDIRECT", True, (WEB,), "Send http requests to https, where the scheme is https")

# -- the database
DATABASE_URL = secret(
    "DATABASE_URL",
    SERVING,
    "Where the database is; a user in it is passed over, since each society has a role of its own",
    default="postgresql://localhost/huilian",
)
PROVISIONER_DATABASE_URL = secret(
    "PROVISIONER_DATABASE_URL",
    (PROVISIONER, COMMANDS),
    "The login that opens and upgrades societies; never given to web, worker or beat",
)
ADMIN_DATABASE_URL = secret(
    "ADMIN_DATABASE_URL",
    (COMMANDS,),
    "A superuser's login; only `provision` reads it, to make the database",
)
IDLE_CONNECTIONS = integer("HUILIAN_IDLE_CONNECTIONS", 64, SERVING, "Connections that a process keeps for later")
IDLE_CONNECTION_SECONDS = integer("HUILIAN_IDLE_CONNECTION_SECONDS", 60, SERVING, "How long it keeps them")
STREET_MAP_SECONDS = integer(
    "HUILIAN_STREET_MAP_SECONDS", 2, SERVING, "How old a process's list of societies and hosts may be"
)

# -- broker, cache, letters
BROKER_URL = secret(
    "BROKER_URL", ALL, "Redis or RabbitMQ; the default keeps messages in the data folder", default="filesystem://"
)
CACHE_URL = secret("CACHE_URL", SERVING, "Redis, or `locmem`: the memory of one process", default="locmem")
TASKS_EAGER = flag("HUILIAN_TASKS_EAGER", False, SERVING, "Do tasks at once instead of queueing them; for trials")
EMAIL_BACKEND = text(
    "HUILIAN_EMAIL_BACKEND",
    "huilian.notices.outbox.OutboxBackend",
    (WORKER, WEB),
    "Django's mail backend; by default letters stay on the letters page",
)
FROM_EMAIL = text("HUILIAN_FROM_EMAIL", "", (WORKER,), "Sender of letters", shown="`huilian@` and the domain")
EMAIL_HOST = text("HUILIAN_EMAIL_HOST", "localhost", (WORKER,), "Mail server")
EMAIL_PORT = integer("HUILIAN_EMAIL_PORT", 25, (WORKER,), "Its port", least=1)
EMAIL_USER = text("HUILIAN_EMAIL_USER", "", (WORKER,), "Its user")
EMAIL_PASSWORD = secret("HUILIAN_EMAIL_PASSWORD", (WORKER,), "Its password")
EMAIL_TLS = flag("HUILIAN_EMAIL_TLS", False, (WORKER,), "STARTTLS")
SMS_PROVIDER = text(
    "HUILIAN_SMS_PROVIDER", "", (WORKER, WEB), "`aliyun` or `tencent`", shown="none: SMS stay on the letters page"
)
SMS_KEY_ID = text("HUILIAN_SMS_KEY_ID", "", (WORKER, WEB), "Its access key")
SMS_KEY_SECRET = secret("HUILIAN_SMS_KEY_SECRET", (WORKER, WEB), "The secret of that key")
SMS_SIGN_NAME = text("HUILIAN_SMS_SIGN_NAME", "", (WORKER, WEB), "The approved signature of messages (短信签名)")
SMS_APP_ID = text("HUILIAN_SMS_APP_ID", "", (WORKER, WEB), "Tencent Cloud's SdkAppId")
SMS_REGION = text("HUILIAN_SMS_REGION", "ap-guangzhou", (WORKER, WEB), "Tencent Cloud's region")
SMS_TEMPLATES = secret(
    "HUILIAN_SMS_TEMPLATES", (WORKER, WEB), "JSON: for each event and language the approved template and its facts"
)
SMS_ENDPOINT = text("HUILIAN_SMS_ENDPOINT", "", (WORKER, WEB), "Where it answers", shown="the provider's own")
SMS_SECONDS = integer("HUILIAN_SMS_SECONDS", 10, (WORKER, WEB), "How long its answer is waited for", least=1)

# -- files
DATA_DIR = text(
    "HUILIAN_DATA_DIR",
    "",
    (*ALL, LAUNCHER),
    "Uploads; under `make run` everything",
    shown="`.huilian` beside the code",
)
S3_BUCKET = text(
    "HUILIAN_S3_BUCKET",
    "",
    SERVING,
    "Private bucket of uploads; needs the extra `s3`",
    shown="none: uploads lie in the data folder",
)
S3_ENDPOINT = text("HUILIAN_S3_ENDPOINT", "", SERVING, "Where the store answers", shown="Amazon's")
S3_REGION = text("HUILIAN_S3_REGION", "", SERVING, "Its region")
S3_ADDRESSING = text("HUILIAN_S3_ADDRESSING", "auto", SERVING, "The bucket's place: `path` or `virtual` (in the host)")
S3_KEY_ID = text("HUILIAN_S3_KEY_ID", "", SERVING, "Its access key", shown="what the machine's role gives")
S3_KEY_SECRET = secret("HUILIAN_S3_KEY_SECRET", SERVING, "The secret of that key")
STATIC_ROOT = text("HUILIAN_STATIC_ROOT", "", (WEB,), "Collected static files", shown="`static` in the data folder")
STATIC_HASHED = flag("HUILIAN_STATIC_HASHED", False, (WEB,), "They were collected under names with their hash (image)")

# -- sight
LOG_LEVEL = text("HUILIAN_LOG_LEVEL", "WARNING", ALL, "From which level on anything is logged")
LOG_FORMAT = text("HUILIAN_LOG_FORMAT", "plain", ALL, "`json`: one object a line, with a line for each request")
METRICS_PORT = integer(
    "HUILIAN_METRICS_PORT", 0, (WEB, WORKER, PROVISIONER), "Where `/metrics` answers, apart from all pages; 0: nowhere"
)
METRICS_HOST = text(
    "HUILIAN_METRICS_HOST",
    "127.0.0.1",
    (WEB, WORKER, PROVISIONER),
    "Where that port is bound; `0.0.0.0` in a pod",
)
METRICS_SECONDS = integer(
    "HUILIAN_METRICS_SECONDS", 10, (WEB, PROVISIONER), "How old the figures of the federation may be in an answer"
)
SENTRY_DSN = secret("SENTRY_DSN", (WEB, WORKER, PROVISIONER), "Where faults are reported; needs the extra `sentry`")
SENTRY_ENVIRONMENT = text("SENTRY_ENVIRONMENT", "production", (WEB, WORKER, PROVISIONER), "What the reports call this")
TRACES_TO = text(
    "OTEL_EXPORTER_OTLP_ENDPOINT", "", (WEB, WORKER, PROVISIONER), "An OpenTelemetry collector; needs the extra `otel`"
)

# -- the installation
PRESET = text("HUILIAN_PRESET", "cmes", (COMMANDS, LAUNCHER), "The federation that is opened")
DEBUG = flag("HUILIAN_DEBUG", False, (WEB,), "Django's pages for developers; they show everything")
