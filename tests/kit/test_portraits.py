"""A portrait keeps exactly what the frame holds, in one of two shapes, and nothing but pixels."""

from io import BytesIO

import pytest
from PIL import Image

from kit.errors import Refusal
from kit.portraits import Frame, cut_portrait
from kit.uploads import CleanUpload

MEGABYTE = 1024 * 1024
RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (255, 255, 255)


def stripes(width: int = 900, height: int = 600) -> Image.Image:
    """Red, green and blue from left to right."""
    image = Image.new("RGB", (width, height), GREEN)
    image.paste(RED, (0, 0, width // 3, height))
    image.paste(BLUE, (width - width // 3, 0, width, height))
    return image


def sent(image: Image.Image, kind: str = "JPEG", **options: object) -> BytesIO:
    written = BytesIO()
    image.save(written, kind, **options)
    written.seek(0)
    return written


def cut(image: Image.Image, shape: str = "square", frame: Frame | None = None, kind: str = "JPEG") -> CleanUpload:
    return cut_portrait(sent(image, kind), shape=shape, frame=frame, max_bytes=MEGABYTE)


def pixel(clean: CleanUpload, across: float, down: float = 0.5) -> tuple[int, ...]:
    with Image.open(BytesIO(clean.bytes)) as image:
        found = image.getpixel((int(across * (image.width - 1)), int(down * (image.height - 1))))
    assert isinstance(found, tuple)
    return found


def close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(("shape", "size"), [("square", (480, 480)), ("portrait", (480, 640))])
@pytest.mark.parametrize("photo", [(900, 600), (600, 900), (500, 500), (3000, 400)])
def test_both_shapes_from_any_photo(shape: str, size: tuple[int, int], photo: tuple[int, int]) -> None:
    clean = cut(stripes(*photo), shape)
    with Image.open(BytesIO(clean.bytes)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", size, "RGB")
    assert (clean.content_type, clean.suffix) == ("image/jpeg", ".jpg")


def test_without_a_frame_the_middle_is_kept() -> None:
    clean = cut(stripes(), "square")
    assert close(pixel(clean, 0.02), RED) and close(pixel(clean, 0.5), GREEN) and close(pixel(clean, 0.98), BLUE)
    clean = cut(stripes(1800, 600), "square")
    assert all(close(pixel(clean, across), GREEN) for across in (0.02, 0.5, 0.98))


@pytest.mark.parametrize(("left", "colour"), [(0.0, RED), (0.35, GREEN), (0.67, BLUE), (5.0, BLUE), (-3.0, RED)])
def test_the_frame_says_what_is_kept_and_never_leaves_the_photo(left: float, colour: tuple[int, ...]) -> None:
    clean = cut(stripes(), "square", Frame(left, 0.2, 0.3))
    assert all(close(pixel(clean, across), colour) for across in (0.05, 0.5, 0.95))


def test_a_frame_as_large_as_can_be_is_cut_to_the_shape() -> None:
    clean = cut(stripes(600, 900), "square", Frame(0, 0, 50))
    assert close(pixel(clean, 0.02), RED) and close(pixel(clean, 0.98), BLUE)


def test_a_photo_taken_sideways_is_upright_before_it_is_cut() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter: what is left in the file is the top of the picture
    clean = cut_portrait(sent(stripes(), exif=exif), shape="square", frame=Frame(0, 0, 0.5), max_bytes=MEGABYTE)
    assert close(pixel(clean, 0.5, 0.1), RED)
    assert b"Exif" not in clean.bytes


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    assert close(pixel(cut(clear, kind="PNG"), 0.5), WHITE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_grey_photos_are_fine(kind: str) -> None:
    assert close(pixel(cut(Image.new("L", (300, 300), 128), kind=kind), 0.5), (128, 128, 128))


def test_too_little_to_see_is_refused() -> None:
    for frame in (Frame(0, 0, 0.1), Frame(0, 0, 0), Frame(0, 0, -1)):
        with pytest.raises(Refusal) as caught:
            cut(stripes(), "square", frame)
        assert (caught.value.code, caught.value.field) == ("portrait_small", "photo")


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        cut_portrait(BytesIO(b"%PDF-1.5 not a photo"), shape="square", max_bytes=MEGABYTE)
    assert caught.value.code == "file_type_refused"
