"""A visitor's browser over all hosts of the federation: cookies per host, redirects followed by hand."""

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db import connection
from django.http import HttpResponse
from django.test import Client

HQ, WELDING, ZHEJIANG = ("http://hq.localhost:8000", "http://welding.localhost:8000", "http://zhejiang.localhost:8000")


class Visitor:
    """Goes from page to page as a browser does; `page` is what is shown now, `url` where that is."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.clients: dict[str, Client] = {}
        self.url = HQ
        self.page: HttpResponse = HttpResponse()

    def get(self, url: str, **options: Any) -> HttpResponse:
        """Open an address, absolute or of the page shown, and follow where it leads."""
        return self._go("get", url, {}, **options)

    def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> HttpResponse:
        return self._go("post", url, {"data": data or {}}, **options)

    @property
    def text(self) -> str:
        return self.page.content.decode()

    @property
    def words(self) -> str:
        """What a reader sees of the page."""
        main = self.text.split("<main")[-1].partition(">")[2]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.text)
        assert found, f"no hidden field {name} on {self.url}"
        return unescape(found[1])

    def link(self, containing: str) -> str:
        """The address of the first link of the page whose address contains these words."""
        for href in re.findall(r'href="([^"]+)"', self.text.split("<main")[-1]):
            if containing in unescape(href):
                return unescape(href)
        raise AssertionError(f"no link with {containing} on {self.url}")

    @property
    def context(self) -> Any:
        """What the page was made of."""
        return getattr(self.page, "context", None)

    def errors(self) -> dict[str, str]:
        """What stands beside the fields of the form on the page, by the name of the field."""
        form = self.context["form"]
        return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}

    def _go(self, method: str, url: str, given: dict[str, Any], **options: Any) -> HttpResponse:
        target = urljoin(self.url, url)
        for _hop in range(10):
            self.page = self._one(method, target, given, **options)
            self.url = target
            if self.page.status_code not in (301, 302, 303):
                return self.page
            target, method, given = urljoin(target, self.page["Location"]), "get", {}
        raise AssertionError(f"too many redirects, the last to {target}")

    def _one(self, method: str, url: str, given: dict[str, Any], **options: Any) -> HttpResponse:
        parts = urlsplit(url)
        client = self.clients.setdefault(
            parts.netloc,
            Client(HTTP_HOST=parts.netloc, headers={"Accept-Language": self.language}, raise_request_exception=True),
        )
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return getattr(client, method)(path, **given, **options)  # type: ignore[no-any-return]
