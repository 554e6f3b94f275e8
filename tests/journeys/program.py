"""A program that speaks to one society's API with a token, or with none."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlencode

from tests.journeys.browser import Entry, File, encode
from tests.journeys.web import Line


@dataclass(frozen=True)
class Reply:
    """An answer of the API."""

    status: int
    headers: Message
    data: Any

    @property
    def code(self) -> str:
        """What a problem is called; empty where all went well."""
        return str(self.data.get("code", "")) if self.status >= 400 and isinstance(self.data, dict) else ""


@dataclass
class Program:
    """`address` is the society's front page, as `demo.json` has it."""

    address: str
    token: str = ""
    language: str = "en"
    line: Line = field(default_factory=Line)

    def get(self, path: str, **query: Any) -> Reply:
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The first page of a list."""
        reply = self.get(path, **query)
        assert reply.status == 200, (path, reply)
        found: list[dict[str, Any]] = reply.data["results"]
        return found

    def all_rows(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """A list, page after page."""
        page = 1
        while page:
            reply = self.get(path, **query, page=page, page_size=200)
            assert reply.status == 200, (path, reply)
            yield from reply.data["results"]
            page = page + 1 if reply.data["next"] else 0

    def post(self, path: str, body: Any = None, *, key: str = "") -> Reply:
        """Post JSON under an idempotency key, a new one if none is given."""
        content = json.dumps({} if body is None else body).encode()
        return self._ask("POST", path, content, "application/json", key or secrets.token_hex(16))

    def post_form(self, path: str, body: Any, files: dict[str, File], *, key: str = "") -> Reply:
        """Post JSON as the part `application`, with papers beside it."""
        entries: dict[str, Entry] = {"application": json.dumps(body), **files}
        content, content_type = encode(entries)
        return self._ask("POST", path, content, content_type, key or secrets.token_hex(16))

    def _ask(self, method: str, path: str, body: bytes | None = None, content_type: str = "", key: str = "") -> Reply:
        headers = {"Accept-Language": self.language, "User-Agent": "stranger"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers |= {"Content-Type": content_type, "Idempotency-Key": key}
        answer = self.line.ask(method, f"{self.address.rstrip('/')}/api/v1/{path}", headers=headers, body=body)
        is_json = "json" in (answer.headers.get("Content-Type") or "")
        return Reply(answer.status, answer.headers, json.loads(answer.body) if is_json and answer.body else answer.text)
