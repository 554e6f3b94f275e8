"""What each room says to people: the gettext calls of its Python, the translate tags of its templates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]

# A room has its own words beside its code; `federation` speaks for the ledger within it, too.
ROOMS: Mapping[str, Path] = {
    path.name: path
    for path in (
        ROOT / "platform" / "kit",
        ROOT / "platform" / "config",
        ROOT / "tenants",
        ROOT / "federation",
        ROOT / "referrals",
        ROOT / "api",
        *sorted(each for each in (ROOT / "platform" / "huilian").iterdir() if (each / "apps.py").exists()),
    )
}

_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

Key = tuple[str | None, str]  # its context, where it has one, and its singular


@dataclass(slots=True)
class Said:
    """One message, its plural where it has one, and the files that say it."""

    key: Key
    plural: str | None
    files: list[str]


def said_in(room: Path) -> list[Said]:
    """Every message of a room, by the first file that says it and then by its words."""
    found: dict[Key, Said] = {}
    for path in source_files(room):
        file = path.relative_to(room).as_posix()
        for key, plural in _messages(path):
            message = found.setdefault(key, Said(key, plural, []))
            message.plural = message.plural or plural
            if file not in message.files:
                message.files.append(file)
    return sorted(found.values(), key=lambda each: (each.files[0], each.key[1], each.key[0] or ""))


def source_files(room: Path) -> list[Path]:
    """A room's Python and templates; migrations repeat what the models say."""
    paths = [*room.rglob("*.py"), *room.rglob("*.html")]
    return sorted(path for path in paths if "migrations" not in path.relative_to(room).parts)


def _messages(path: Path) -> Iterator[tuple[Key, str | None]]:
    source = path.read_text()
    if path.suffix == ".html":
        # Words outside the tags become filler; without its indentation that reads as Python.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).split("\n"))
    for _line, words, _comments, context in extract("python", BytesIO(source.encode()), _KEYWORDS):
        singular, plural = words if isinstance(words, tuple) else (words, None)
        yield (context, singular), plural
