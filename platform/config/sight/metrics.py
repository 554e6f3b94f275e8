"""What each process counts; `figures` has what is asked of the database. Societies are no label: there are many."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

REQUESTS = Counter(
    "huilian_http_requests_total",
    "Requests answered, by view, method and status class (2xx); `-` is an address that no view has",
    ["view", "method", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "huilian_http_request_duration_seconds",
    "How long requests took, by view; probes are not in it",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10),
    registry=REGISTRY,
)
REQUESTS_UNDER_WAY = Gauge(
    "huilian_http_requests_under_way",
    "Requests being answered now; as many as there are threads means that others wait",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
IDLE_CONNECTIONS = Gauge(
    "huilian_database_connections_idle",
    "Connections of societies' logins laid down for the next request or task",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
DATABASE_LOST = Counter(
    "huilian_database_lost_total",
    "Requests answered with 503 because the database could not be reached",
    registry=REGISTRY,
)
TASKS = Counter(
    "huilian_tasks_total",
    "Tasks that ended, by name and outcome (success, failure, retry)",
    ["task", "outcome"],
    registry=REGISTRY,
)
TASK_SECONDS = Histogram(
    "huilian_task_duration_seconds",
    "How long tasks took, by name",
    ["task"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600),
    registry=REGISTRY,
)
TASK_STARTED = Gauge(
    "huilian_task_last_start_timestamp_seconds",
    "When a task of this name last began, in Unix time; that of the sweep stands still when beat or broker is gone",
    ["task"],
    multiprocess_mode="max",
    registry=REGISTRY,
)
