"""What stands on a page: its words, its links, its forms with everything that is filled in already."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Form:
    """A form as it stands on the page: where it goes, what it holds, and the buttons that send it."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)  # of every field, also of boxes not ticked and files not chosen
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, where it sends


@dataclass
class Page:
    """A page that a person looks at."""

    url: str
    status: int
    words: str
    links: list[tuple[str, str]]  # address, words
    forms: list[Form]

    def link(self, containing: str) -> str:
        """The address of the first link whose address contains this."""
        for address, _words in self.links:
            if containing in address:
                return address
        raise AssertionError(f"no link with {containing!r} on {self.url}: {self.words[:600]}")

    def form(self, holding: str) -> Form:
        """The first form that has a field or a button of this name."""
        for form in self.forms:
            if holding in form.names or any(name == holding for name, _value, _to in form.buttons):
                return form
        raise AssertionError(f"no form with {holding!r} on {self.url}: {self.words[:600]}")


def read_page(url: str, status: int, text: str) -> Page:
    reader = _Reader(url)
    reader.feed(text)
    return Page(url, status, " ".join(" ".join(reader.words).split()), reader.links, reader.forms)


class _Reader(HTMLParser):
    """Collects what a person can see, follow and fill in."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._textarea: str | None = None
        self._unseen = 0
        self._link: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style", "template"):
            self._unseen += 1
        elif tag == "main":
            self.words.clear()  # what stands above it is the same on every page
        elif tag == "a" and given.get("href"):
            self.links.append((urljoin(self.url, given["href"]), ""))
            self._link = len(self.links) - 1
        elif tag == "form":
            self._form = Form(urljoin(self.url, given.get("action", "")), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, given, self._form)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "template"):
            self._unseen -= 1
        elif tag == "a":
            self._link = None
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self._form is not None:
            self._form.values[self._textarea][0] += data
        elif not self._unseen:
            self.words.append(data)
            if self._link is not None:
                address, words = self.links[self._link]
                self.links[self._link] = (address, f"{words} {data}".strip())

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name = given.get("name", "")
        kind = given.get("type", "text" if tag == "input" else "submit")
        if tag == "button" or (tag == "input" and kind == "submit"):
            if kind == "submit":
                where = urljoin(self.url, given["formaction"]) if "formaction" in given else form.action
                form.buttons.append((name, given.get("value", ""), where))
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in form.values:
                form.values[self._select] = [given.get("value", "")]
        elif name:
            form.names.add(name)
            if tag == "select":
                self._select = name
            elif tag == "textarea":
                self._textarea = name
                form.values[name] = [""]
            elif kind in ("checkbox", "radio"):
                if "checked" in given:
                    form.values.setdefault(name, []).append(given.get("value", "on"))
            elif kind != "file":
                form.values.setdefault(name, []).append(given.get("value", ""))
