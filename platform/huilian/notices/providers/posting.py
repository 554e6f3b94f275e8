"""One signed request over HTTPS: no redirect is followed, nothing is waited for longer than said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import create_default_context
from typing import Any
from urllib.parse import urlsplit

_LONGEST_ANSWER = 64 * 1024


class TryLater(Exception):
    """It was not sent now, but may be another time; says why, and names no number."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    data: dict[str, Any]


def post(endpoint: str, path: str, *, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
    """Post and read a JSON object; TryLater for whatever kept an answer from coming."""
    where = urlsplit(endpoint)
    if where.scheme == "https":
        connection: HTTPConnection = HTTPSConnection(
            where.hostname or "", where.port, timeout=timeout, context=create_default_context()
        )
    else:
        connection = HTTPConnection(where.hostname or "", where.port, timeout=timeout)
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        text = answer.read(_LONGEST_ANSWER)
    except TimeoutError:
        raise TryLater("no answer in time") from None
    except (OSError, HTTPException) as error:
        raise TryLater(f"not reached: {type(error).__name__}") from None
    finally:
        connection.close()
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise TryLater(f"no answer to be read, status {answer.status}")
    return Answer(answer.status, data)
