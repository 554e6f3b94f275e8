"""What a person reads or hears of a page: its text, and the attributes that are spoken or shown."""

from html.parser import HTMLParser

_SPOKEN = frozenset(
    {"alt", "aria-description", "aria-label", "data-done", "data-label", "label", "placeholder", "title"}
)
_VOID = frozenset({"br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_SILENT = frozenset({"script", "style"})
_PRESSED = frozenset({"button", "reset", "submit"})


class _Reader(HTMLParser):
    def __init__(self, *, other_languages: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.other_languages = other_languages
        self.read: list[str] = []
        self._open: list[tuple[str, bool]] = []  # elements, and whether they are passed over

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        # Marked as another language than its page's, or as a name that has no other: to be read as it stands.
        foreign = ("lang" in given and tag != "html") or given.get("translate") == "no"
        foreign = foreign and not self.other_languages
        over = self._passed_over() or tag in _SILENT or foreign
        if not over:
            self.read += [value for name, value in given.items() if name in _SPOKEN]
            if given.get("name") == "description":
                self.read.append(given.get("content", ""))
            if given.get("type") in _PRESSED:
                self.read.append(given.get("value", ""))
        if tag not in _VOID:
            self._open.append((tag, over))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag in [name for name, _over in self._open]:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._passed_over():
            self.read.append(data)

    def _passed_over(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def read_aloud(page: str, *, other_languages: bool = False) -> list[str]:
    """The pieces of text of a page: in its own language, or in whatever language."""
    reader = _Reader(other_languages=other_languages)
    reader.feed(page)
    reader.close()
    return [" ".join(piece.split()) for piece in reader.read if piece.strip()]
