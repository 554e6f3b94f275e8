"""Finding what can be opened: the pages without parameters in the URL tables, and the filters and pages of a list."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode

from django.urls import URLPattern, URLResolver

SOUGHT = "li"  # typed into every search field: the beginning of many names by their sound
DAY = "2021-08-17"  # chosen in every date field: long ago, in the midst of a month and of a year


def plain_pages(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[tuple[str, str]]:
    """(name, path) of every named address in which nothing is left to fill in."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if "<" in route or "(" in route:
            continue
        if isinstance(pattern, URLResolver):
            yield from plain_pages(pattern.url_patterns, route)
        elif pattern.name:
            yield pattern.name, route


def variants(page: str) -> dict[str, str]:
    """Other views of a list, as its own page offers them: the last page, a search, each filter by itself."""
    form = _Filters()
    form.feed(page)
    last = max((int(number) for number in re.findall(r"[?&;]page=(\d+)", page)), default=0)
    found = {"last page": f"?page={last}"} if last > 1 else {}
    found |= {f"{name}={SOUGHT}": "?" + urlencode({name: SOUGHT}) for name in form.texts}
    found |= {f"{name}={value}": "?" + urlencode({name: value}) for name, value in form.choices.items()}
    return {title: query for title, query in found.items() if parse_qs(query.lstrip("?"))}


def first_row(page: str) -> str:
    """Where the first row of the first table leads, if it leads anywhere."""
    found = re.search(r'role="rowheader"><a href="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


class _Filters(HTMLParser):
    """Reads the forms that are sent by GET: their text fields, and a choice of each select."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.choices: dict[str, str] = {}
        self._within = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._within = given.get("method", "get").lower() == "get" and "filters" in given.get("class", "")
        elif self._within and tag == "input" and given.get("type", "text") in ("text", "search"):
            self.texts.append(given.get("name", ""))
        elif self._within and tag == "input" and given.get("type") == "date":
            self.choices[given.get("name", "")] = DAY
        elif self._within and tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and given.get("value"):
            self.choices[self._select] = given["value"]  # the last one: the first is often everything, or nobody

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = False
        elif tag == "select":
            self._select = ""
