"""The pictures of the main pages: all there, on both screens, and small enough to be looked at by telephone."""

from PIL import Image

from tests.architecture.test_laws import ROOT

PICTURES = ROOT / "platform" / "docs" / "pictures"
WIDTHS = {"phone": 750, "desk": 2560}


def test_the_twelve_main_pages_are_there_and_small() -> None:
    found = sorted(PICTURES.iterdir())
    assert {path.name[:2] for path in found} == {f"{number:02}" for number in range(1, 13)}
    assert [path.name for path in found if path.stat().st_size > 150_000] == []
    for path in found:
        screen = path.stem.rpartition("-")[2]
        with Image.open(path) as image:
            assert (image.format, image.width) == ("WEBP", WIDTHS[screen]), path.name
    assert len(found) == 24
