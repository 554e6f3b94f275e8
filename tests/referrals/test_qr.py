"""A QR code holds the link, scales in a page and prints sharp."""

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from referrals.qr import qr_png, qr_svg

LINK = "https://welding.example.org/r/101-KQ27-M9TX-C/"
SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314 -- our own drawing


def test_the_drawing_scales_and_is_read_aloud() -> None:
    drawing = qr_svg(LINK, title="焊接分会 <春季>")
    root = parsed(drawing)
    assert root.tag == f"{SVG}svg"
    assert "width" not in root.attrib
    size = [int(part) for part in root.attrib["viewBox"].split()]
    assert size[:2] == [0, 0] and size[2] == size[3] > 30
    assert root.findtext(f"{SVG}title") == "焊接分会 <春季>"
    assert "<script" not in drawing and not drawing.startswith("<?xml")


def test_the_same_link_is_the_same_drawing_and_another_is_not() -> None:
    assert qr_svg(LINK) == qr_svg(LINK)
    assert qr_svg(LINK) != qr_svg(LINK.replace("M9TX", "M9TY"))


@pytest.mark.parametrize("pixels", [100, 1000, 2000])
def test_the_picture_is_sharp_and_large_enough(pixels: int) -> None:
    picture = Image.open(BytesIO(qr_png(LINK, pixels=pixels)))
    assert picture.format == "PNG"
    assert picture.width == picture.height and pixels <= picture.width < pixels + 100
    modules = int(parsed(qr_svg(LINK)).attrib["viewBox"].split()[2])
    assert picture.width % modules == 0
    # The quiet border is white, and the finder's corner beside it dark.
    scale, grey = picture.width // modules, picture.convert("L")
    assert grey.getpixel((scale * 2, scale * 2)) == 255
    assert grey.getpixel((scale * 4, scale * 4)) == 0


def test_drawing_and_picture_are_the_same_code() -> None:
    root = parsed(qr_svg(LINK))
    modules = int(root.attrib["viewBox"].split()[2])
    picture = Image.open(BytesIO(qr_png(LINK, pixels=modules * 5))).convert("L")
    dark = sum(picture.getpixel((x * 5 + 2, y * 5 + 2)) == 0 for x in range(modules) for y in range(modules))
    drawn = next(path.attrib["d"] for path in root.iter(f"{SVG}path") if "stroke" in path.attrib)
    assert dark == sum(int(length) for length in re.findall(r"h(\d+)", drawn)) > 300
