"""`python -m tests.language extract [room …]`: bring translations up to date with what the rooms say."""

import sys
from collections.abc import Iterable

from tests.language.catalogues import as_mo, as_po, brought_up_to_date, path_of, read_words, texts_of
from tests.language.extracting import ROOMS, said_in


def extract(names: Iterable[str]) -> None:
    """Write .po and .mo of the rooms; a sentence that another room says already is translated as there."""
    elsewhere = {}
    for room in ROOMS.values():
        elsewhere.update({key: each for key, each in read_words(path_of(room)).items() if all(texts_of(each))})
    for name in names:
        said, path = said_in(ROOMS[name]), path_of(ROOMS[name])
        if not said:
            continue
        own = {key: each for key, each in read_words(path).items() if all(texts_of(each))}
        words = brought_up_to_date(name, said, elsewhere | own)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(words))
        path.with_suffix(".mo").write_bytes(as_mo(words))
        left = sum(1 for each in words if each.id and (each.fuzzy or not all(texts_of(each))))
        print(f"{name:14} {len(said):4} messages, {left} to translate")


if __name__ == "__main__":
    order, *rooms = sys.argv[1:] or [""]
    if order != "extract" or not set(rooms) <= set(ROOMS):
        sys.exit(f"usage: python -m tests.language extract [{' | '.join(ROOMS)}]")
    extract(rooms or ROOMS)
