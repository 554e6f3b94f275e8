"""A visitor without a browser: asks, keeps cookies, fills in forms; over HTTP, or straight at the handler."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

Headers = list[tuple[str, str]]


class Answer(NamedTuple):
    status: int
    headers: Headers
    text: str

    @property
    def location(self) -> str:
        """Path and query of where a redirect leads."""
        parts = urlsplit(next(value for name, value in self.headers if name.lower() == "location"))
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', self.text)
        if found is None:
            raise RuntimeError(f"the page has no field {name}: {self.text[:300]!r}")
        return unescape(found.group(1))


class Door(Protocol):
    """A way to the site."""

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer: ...

    def close(self) -> None: ...


class HttpDoor:
    """One connection to a server on this machine, coming from an address of its own (127.x.y.z)."""

    def __init__(self, port: int, *, address: str) -> None:
        self._line = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(address, 0))

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self._line.request(method, path, body or None, dict(headers))
        response = self._line.getresponse()
        return Answer(response.status, response.getheaders(), response.read().decode())

    def close(self) -> None:
        self._line.close()


class HandlerDoor:
    """Django's WSGI handler in this process, for looking at what happens inside."""

    def __init__(self, handler: Any, *, address: str) -> None:
        self._handler, self._address = handler, address

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        place = urlsplit(path)
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": place.path,
            "QUERY_STRING": place.query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self._address,
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }
        said: list[tuple[str, Headers]] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            said.append((status, headers))
            return lambda data: None

        response = self._handler(environ, start_response)
        text = b"".join(response).decode(errors="replace")
        response.close()
        return Answer(int(said[0][0].split()[0]), said[0][1], text)

    def close(self) -> None:
        """Nothing is open."""


class Visitor:
    """Somebody at one host, with a browser's cookies."""

    def __init__(self, door: Door, host: str, *, cookies: Mapping[str, str] | None = None) -> None:
        self._door, self._host = door, host
        self.cookies = dict(cookies or {})

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, {}, b"")

    def post(self, path: str, fields: Sequence[tuple[str, str]], files: Mapping[str, tuple[str, str, bytes]]) -> Answer:
        """Send a form as a browser does; `files` are name → (file name, content type, bytes)."""
        boundary = uuid4().hex
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Origin": f"http://{self._host}",
        }
        return self._ask("POST", path, headers, _multipart(boundary, fields, files))

    def come_by(self, door: Door) -> None:
        """Go on over another connection."""
        self._door = door

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        known = {"Host": self._host, "Accept-Language": "zh-CN,zh;q=0.9", "Accept-Encoding": "identity"}
        answer = self._door.ask(method, path, {**known, **({"Cookie": cookies} if cookies else {}), **headers}, body)
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        return answer


def _multipart(boundary: str, fields: Sequence[tuple[str, str]], files: Mapping[str, tuple[str, str, bytes]]) -> bytes:
    parts: list[bytes] = []
    for name, value in fields:
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, (file_name, content_type, content) in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(f"{head}Content-Type: {content_type}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()
