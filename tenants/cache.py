"""Cache keys carry the society: the same key means another entry in another society."""

from django.db import connection


def make_key(key: str, key_prefix: str, version: int) -> str:
    return f"{connection.schema_name}:{key_prefix}:{version}:{key}"  # type: ignore[attr-defined]
