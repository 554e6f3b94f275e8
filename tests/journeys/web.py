"""HTTP as a stranger's machine speaks it: `*.localhost` is this machine, and every answer is an answer."""

import http.client
import socket
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.error import HTTPError

TIMEOUT = 30.0  # seconds


class _LoopbackConnection(http.client.HTTPConnection):
    """Browsers and curl know that `*.localhost` is this machine; not every resolver does."""

    def connect(self) -> None:
        host = "127.0.0.1" if self.host.endswith("localhost") else self.host
        self.sock = socket.create_connection((host, self.port), self.timeout)


class _Loopback(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_LoopbackConnection, req)


class _AsItIs(urllib.request.HTTPErrorProcessor, urllib.request.HTTPRedirectHandler):
    """A refusal is an answer to read, and a redirect is followed by the browser, not below it."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        return response

    def http_error_302(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message
    ) -> HTTPError:
        return HTTPError(req.full_url, code, msg, headers, fp)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    url: str
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Line:
    """Sends requests; with a jar it keeps each host's cookies as a browser does."""

    def __init__(self, jar: CookieJar | None = None) -> None:
        handlers: list[Any] = [_Loopback, _AsItIs, urllib.request.ProxyHandler({})]
        if jar is not None:
            handlers.append(urllib.request.HTTPCookieProcessor(jar))
        self._opener = urllib.request.build_opener(*handlers)

    def ask(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """One request and its answer; OSError where nobody answers."""
        request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                return Answer(url, response.status, response.headers, response.read())
        except http.client.HTTPException as error:
            raise ConnectionError(f"{method} {url}: {error!r}") from error
