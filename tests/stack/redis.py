"""Redis without persistence, the worst case: what was queued is gone when it dies."""

import os
from pathlib import Path

from config.launcher.programs import Program
from tests.stack.packages import program
from tests.stack.wishes import Addresses

SETTINGS = """bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
loglevel warning
"""


def redis(data: Path, addresses: Addresses) -> Program:
    """Cache, and broker in the first variant."""
    folder = data / "redis"
    path = folder / "redis.conf"
    path.write_text(SETTINGS.format(port=addresses.port("redis"), password=addresses.password, folder=folder))
    path.chmod(0o600)
    return Program("redis", [program("redis-server"), str(path)], {"PATH": os.defpath}, stop_within=5)


def redis_url(addresses: Addresses, database: int) -> str:
    return f"redis://:{addresses.password}@127.0.0.1:{addresses.port('redis')}/{database}"
