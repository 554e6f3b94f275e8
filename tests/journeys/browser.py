"""A person's browser: cookies per host, redirects followed, forms sent as they stand with what one adds."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin, urlsplit

from tests.journeys.pages import Form, Page, read_page
from tests.journeys.web import Answer, Line

MOST_REDIRECTS = 10


@dataclass(frozen=True)
class File:
    """A file that a person chooses."""

    name: str
    content: bytes
    content_type: str


Entry = str | list[str] | File


class Browser:
    """Goes from page to page; `page` is what is shown now."""

    def __init__(self, *, language: str = "en") -> None:
        self.jar = CookieJar()
        self.language = language
        self.page = Page("", 0, "", [], [])
        self._line = Line(self.jar)

    def open(self, url: str) -> Page:
        """Open an address, absolute or as seen from the page shown."""
        return self._go("GET", urljoin(self.page.url, url), None, {})

    def follow(self, containing: str) -> Page:
        """Click the first link whose address contains this."""
        return self.open(self.page.link(containing))

    def send(self, form: Form, press: tuple[str, str] | None = None, /, **entries: Entry) -> Page:
        """Fill in a form of the page and press a button, the first one if none is named."""
        return self.send_entries(form, entries, press=press)

    def send_entries(self, form: Form, entries: Mapping[str, Entry], *, press: tuple[str, str] | None = None) -> Page:
        """The same, for names of fields that are not names in Python."""
        strangers = set(entries) - form.names
        assert not strangers, f"{self.page.url} does not ask for {sorted(strangers)}"
        filled: dict[str, Entry] = {**form.values, **entries}
        where = form.action
        for name, value, goes_to in form.buttons:
            if press is None or press == (name, value):
                where = goes_to
                if name:
                    filled[name] = value
                break
        else:
            assert press is None, f"no button {press} on {self.page.url}: {form.buttons}"
        if form.method == "get":
            return self._go("GET", f"{where.partition('?')[0]}?{urlencode(_flat(filled))}", None, {})
        body, content_type = encode(filled)
        return self._go("POST", where, body, {"Content-Type": content_type, **self._whence()})

    def _whence(self) -> dict[str, str]:
        """Where a post comes from, as browsers say it."""
        parts = urlsplit(self.page.url)
        return {"Origin": f"{parts.scheme}://{parts.netloc}", "Referer": self.page.url}

    def _go(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Page:
        for _hop in range(MOST_REDIRECTS):
            answer = self.ask(method, url, body=body, headers=headers)
            if answer.status not in (301, 302, 303):
                self.page = read_page(url, answer.status, answer.text)
                return self.page
            url, method, body, headers = urljoin(url, answer.headers["Location"]), "GET", None, {}
        raise AssertionError(f"{url} leads from page to page without end")

    def ask(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request with this browser's cookies."""
        given = {"Accept-Language": self.language, "User-Agent": "stranger", **(headers or {})}
        return self._line.ask(method, url, body=body, headers=given)


def encode(entries: Mapping[str, Entry]) -> tuple[bytes, str]:
    """A form's body and its type: as a form with files only where there are some."""
    files = {name: entry for name, entry in entries.items() if isinstance(entry, File)}
    if not files:
        return urlencode(_flat(entries)).encode(), "application/x-www-form-urlencoded"
    boundary = secrets.token_hex(16)
    parts: list[bytes] = []
    for name, text in _flat({key: entry for key, entry in entries.items() if key not in files}):
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode())
    for name, file in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"\r\n'
        parts.append(f"{head}Content-Type: {file.content_type}\r\n\r\n".encode() + file.content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _flat(entries: Mapping[str, Entry]) -> list[tuple[str, str]]:
    return [
        (name, text)
        for name, entry in entries.items()
        if not isinstance(entry, File)
        for text in ([entry] if isinstance(entry, str) else entry)
    ]
