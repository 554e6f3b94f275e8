"""Uploads are what their bytes are: disguised, damaged, giant and running files are refused clearly."""

import hashlib
import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from kit.errors import Refusal
from kit.uploads import LONGEST_SIDE, CleanUpload, inspect_upload

MEGABYTE = 1024 * 1024


def inspect(content: bytes, *accepts: str, max_bytes: int = MEGABYTE) -> CleanUpload:
    return inspect_upload(BytesIO(content), accepts=accepts or ("image", "pdf"), max_bytes=max_bytes)


def refusal(content: bytes, *accepts: str, max_bytes: int = MEGABYTE) -> Refusal:
    with pytest.raises(Refusal) as caught:
        inspect(content, *accepts, max_bytes=max_bytes)
    assert caught.value.field == "file"
    assert "%(" not in str(caught.value)
    return caught.value


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    size = width * height * len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, (width, height), random.Random(7).randbytes(size))


def encode(image: Image.Image, format_name: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, format_name, **options)
    return written.getvalue()


def pdf(*objects: bytes, tail: bytes = b"") -> bytes:
    """A small PDF file of one page; further objects are put in as they are."""
    body = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
    places = []
    pages = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    for number, text in enumerate([*pages, *objects], start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + text + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(body))
    return body + table + trailer + tail


def packed(text: bytes, description: bytes = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode") -> bytes:
    content = zlib.compress(text)
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (description, len(content), content)


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


# -- images ------------------------------------------------------------------------------------------------


def test_a_jpeg_is_written_anew_with_its_pixels_only() -> None:
    photo = Image.new("RGB", (40, 30), (200, 10, 10))
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (30.0, 15.0, 0.0)}  # where it was taken
    sent = encode(photo, "JPEG", exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile" * 20)
    for trace in (b"SecretCamera", b"SecretComment", b"SecretProfile"):
        assert trace in sent
    clean = inspect(sent)
    assert (clean.content_type, clean.suffix) == ("image/jpeg", ".jpg")
    assert b"Secret" not in clean.bytes and b"Exif" not in clean.bytes
    assert clean.sha256 == hashlib.sha256(clean.bytes).hexdigest()
    assert clean.size == len(clean.bytes)
    again = Image.open(BytesIO(clean.bytes))
    assert again.size == (40, 30) and not again.getexif()
    red, green, blue = again.convert("RGB").getpixel((20, 15))  # type: ignore[misc]
    assert red > 190 and green < 25 and blue < 25


def test_a_photo_taken_sideways_comes_back_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    clean = inspect(encode(Image.new("RGB", (40, 30)), "JPEG", exif=exif))
    assert Image.open(BytesIO(clean.bytes)).size == (30, 40)


def test_the_name_of_a_file_does_not_count() -> None:
    file = BytesIO(encode(Image.new("RGB", (5, 5)), "PNG"))
    file.name = "voucher.pdf"
    clean = inspect_upload(file, accepts={"image", "pdf"}, max_bytes=MEGABYTE)
    assert (clean.content_type, clean.suffix) == ("image/png", ".png")


def test_a_png_disguised_where_only_pdf_is_wanted_is_refused_by_name() -> None:
    error = refusal(encode(Image.new("RGB", (5, 5)), "PNG"), "pdf")
    assert error.code == "file_type_refused"
    assert str(error).startswith("This file is PNG. Possible are: PDF.")


def test_one_kind_of_image_can_be_asked_for() -> None:
    image = Image.new("RGB", (5, 5))
    assert inspect(encode(image, "PNG"), "png").suffix == ".png"
    assert refusal(encode(image, "JPEG"), "png").code == "file_type_refused"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_keeps_its_picture(mode: str) -> None:
    image = Image.new("L", (16, 16), 0)
    image.paste(255, (0, 0, 8, 16))
    if mode == "I;16":
        sixteen = b"".join(struct.pack("<H", value * 257) for value in image.tobytes())
        picture = Image.frombytes("I;16", (16, 16), sixteen)
    else:
        picture = image.convert(mode)
    clean = inspect(encode(picture, "PNG"))
    seen = Image.open(BytesIO(clean.bytes)).convert("L")
    assert (seen.getpixel((2, 2)), seen.getpixel((12, 12))) == (255, 0)


def test_transparency_survives() -> None:
    clean = inspect(encode(Image.new("RGBA", (4, 4), (1, 2, 3, 0)), "PNG"))
    assert Image.open(BytesIO(clean.bytes)).convert("RGBA").getpixel((0, 0)) == (1, 2, 3, 0)


def test_a_print_shop_jpeg_becomes_rgb() -> None:
    clean = inspect(encode(Image.new("CMYK", (8, 8)), "JPEG"))
    assert Image.open(BytesIO(clean.bytes)).mode == "RGB"


def test_text_in_a_png_and_bytes_behind_it_do_not_come_through() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SecretAuthor")
    sent = encode(Image.new("RGB", (5, 5)), "PNG", pnginfo=notes) + b"<script>SecretTail</script>PK\x03\x04"
    clean = inspect(sent)
    assert b"Secret" not in clean.bytes
    assert clean.bytes.endswith(b"IEND\xaeB`\x82")


def test_an_archive_behind_a_jpeg_does_not_come_through() -> None:
    sent = encode(Image.new("RGB", (5, 5)), "JPEG") + b"PK\x03\x04 SecretArchive PK\x05\x06" + bytes(18)
    clean = inspect(sent)
    assert b"PK\x03\x04" not in clean.bytes and clean.bytes.endswith(b"\xff\xd9")


def test_a_large_photo_is_made_smaller() -> None:
    clean = inspect(encode(Image.new("RGB", (6000, 4000)), "JPEG"))
    assert max(Image.open(BytesIO(clean.bytes)).size) == LONGEST_SIDE


def test_a_photo_of_fifty_million_pixels_is_decoded_at_half_its_size() -> None:
    clean = inspect(encode(Image.new("L", (8160, 6120)), "JPEG"), max_bytes=4 * MEGABYTE)
    assert Image.open(BytesIO(clean.bytes)).size == (4080, 3060)


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (30_000, 1_001), (2**31 - 1, 1)])
def test_a_png_that_claims_too_many_pixels_is_refused_unread(width: int, height: int) -> None:
    error = refusal(_png_of(struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"x"))
    assert error.code == "image_too_large"
    assert "30 million" in str(error)


def test_a_jpeg_that_claims_too_many_pixels_is_refused_unread() -> None:
    sent = bytearray(encode(Image.new("L", (8, 8)), "JPEG"))
    frame = sent.index(b"\xff\xc0")
    sent[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    assert refusal(bytes(sent)).code == "image_too_large"


def test_a_panorama_that_cannot_be_decoded_small_is_refused() -> None:
    sent = bytearray(encode(Image.new("L", (8, 8)), "JPEG"))
    frame = sent.index(b"\xff\xc0")
    sent[frame + 5 : frame + 9] = struct.pack(">HH", 1_900, 40_000)
    error = refusal(bytes(sent))
    assert error.code == "image_too_large" and "30 million" in str(error)


def test_text_in_a_png_that_unpacks_without_end_is_refused() -> None:
    bomb = zlib.compress(bytes(200 * MEGABYTE), 9)
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0\0")
    sent = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"zTXt", b"note\0\0" + bomb)
    sent += _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    assert refusal(sent).code == "file_damaged"


@pytest.mark.parametrize("format_name", ["JPEG", "PNG"])
def test_a_truncated_image_is_refused(format_name: str) -> None:
    whole = encode(noise(64, 64), format_name)
    assert inspect(whole).size > 0
    for share in (0.02, 0.3, 0.7, 0.95):
        assert refusal(whole[: int(len(whole) * share)]).code == "file_damaged"


def test_a_flipped_bit_in_a_png_is_noticed() -> None:
    whole = bytearray(encode(noise(32, 32), "PNG"))
    whole[len(whole) // 2] ^= 1
    assert refusal(bytes(whole)).code == "file_damaged"


def test_only_a_signature_is_not_an_image() -> None:
    assert refusal(b"\xff\xd8\xff").code == "file_damaged"
    assert refusal(b"\x89PNG\r\n\x1a\n").code == "file_damaged"
    assert refusal(b"\xff\xd8\xff" + b"A" * 5000).code == "file_damaged"


def test_damaged_images_of_every_kind_raise_a_refusal_and_nothing_else() -> None:
    chance = random.Random(11)
    for format_name in ("JPEG", "PNG"):
        whole = encode(noise(24, 24), format_name)
        for _round in range(300):
            sent = bytearray(whole)
            for _flip in range(chance.randint(1, 8)):
                sent[chance.randrange(3 if format_name == "JPEG" else 8, len(sent))] = chance.randrange(256)
            try:
                inspect(bytes(sent))
            except Refusal as error:
                assert error.code in {"file_damaged", "image_too_large", "file_type_refused"}


# -- PDF files ---------------------------------------------------------------------------------------------


def test_a_plain_pdf_file_comes_back_as_it_is() -> None:
    sent = pdf(packed(b"BT (Hello) Tj ET", b"/Filter /FlateDecode"))
    clean = inspect(sent)
    assert (clean.bytes, clean.content_type, clean.suffix) == (sent, "application/pdf", ".pdf")
    assert clean.sha256 == hashlib.sha256(sent).hexdigest()


def test_pictures_made_by_a_library_pass() -> None:
    sent = encode(noise(50, 50), "PDF")
    assert inspect(sent).bytes == sent


def test_packed_objects_without_programs_pass() -> None:
    assert inspect(pdf(packed(b"7 0 << /Type /Font /BaseFont /Song >>"))).suffix == ".pdf"


@pytest.mark.parametrize(
    "objects",
    [
        [SCRIPT],
        [b"<< /S /J#61vaScript /JS (x) >>"],
        [b"<< /S /#4Aava#53cript /JS (x) >>"],
        [b"<< /S /#4aava#53cript /JS (x) >>"],
        [b"<< /S /Launch /F (cmd.exe) >>"],
        [b"<< /Names << /JavaScript 9 0 R >> >>"],
        [b"<< /Type /Annot /Subtype /RichMedia >>"],
        [b"<< /AcroForm << /XFA [(template) 9 0 R] >> >>"],
        [b"<< /AcroForm << /XFA 9 0 R >> >>"],
        [packed(b"7 0 " + SCRIPT)],
        [packed(b"7 0 " + SCRIPT, b"/Type/ObjStm/N 1/First 4/Filter[/FlateDecode]")],
        [packed(b"7 0 " + SCRIPT, b"/N 1 /First 4 /Filter /FlateDecode")],
        [packed(b"7 0 << /S /#4cau#6ech >>")],
    ],
)
def test_what_runs_is_refused(objects: list[bytes]) -> None:
    assert refusal(pdf(*objects)).code == "pdf_active"


def test_a_stream_that_only_looks_finished_hides_nothing() -> None:
    decoy = b"% stream\n% " + zlib.compress(b"nothing") + b"\n" + packed(b"7 0 " + SCRIPT)
    assert refusal(pdf(decoy)).code == "pdf_active"


@pytest.mark.parametrize(
    "description",
    [
        b"/Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]",
        b"/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]",
        b"/Type /ObjStm /N 1 /First 4 /Filter /LZWDecode",
        b"/Type /ObjStm /N 1 /First 4 /Filter 12 0 R",
        b"/Type /ObjStm /N 1 /First 4 /F#69lter /LZWDecode",
        b"/Type /#4FbjStm /N 1 /First 4 /Filter /LZWDecode",
        b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /DecodeParms << /Predictor 12 >>",
    ],
)
def test_objects_packed_in_an_unusual_way_are_refused(description: bytes) -> None:
    assert refusal(pdf(packed(b"7 0 << >>", description))).code == "pdf_unreadable"


def test_packed_objects_without_end_are_refused() -> None:
    assert refusal(pdf(packed(bytes(20 * MEGABYTE)))).code == "pdf_unreadable"


def test_many_bombs_are_refused_before_they_cost_much() -> None:
    bomb = packed(bytes(15 * MEGABYTE), b"/Filter /FlateDecode")
    assert refusal(pdf(*[bomb] * 12)).code == "pdf_unreadable"


def test_overlapping_streams_cannot_make_the_search_slow() -> None:
    # Every keyword begins a stream that would unpack everything behind it.
    content = b"stream\n" + zlib.compress(b"", 0)[:2]
    assert refusal(pdf(content * 150_000 + b"A" * 2048), max_bytes=2 * MEGABYTE).code == "pdf_unreadable"


def test_a_large_packed_picture_passes() -> None:
    picture = packed(bytes(20 * MEGABYTE), b"/Type /XObject /Subtype /Image /Filter /FlateDecode")
    assert inspect(pdf(picture)).suffix == ".pdf"


def test_chance_bytes_in_a_picture_are_no_program() -> None:
    picture = b"<< /Subtype /Image /Filter /DCTDecode >>\nstream\n/JS /XFAstream\nx\x9c\nendstream"
    assert inspect(pdf(picture)).suffix == ".pdf"


def test_an_encrypted_file_is_refused() -> None:
    sent = pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R")
    assert refusal(sent).code == "pdf_encrypted"


@pytest.mark.parametrize(
    "sent",
    [
        b"%PDF-1.5\n",
        pdf()[:-12],
        pdf(tail=b"<html><script>alert(1)</script>"),
        b"%PDF-1.5\n<script>alert(1)</script>\n%%EOF\n",
    ],
)
def test_a_pdf_file_that_does_not_end_as_one_is_refused(sent: bytes) -> None:
    assert refusal(sent).code == "file_damaged"


def test_an_archive_in_a_pdf_files_clothing_is_refused() -> None:
    ending = b"PK\x05\x06" + bytes(16) + struct.pack("<H", 30)
    sent = pdf(b"<< /Note (" + ending + b") >>")
    assert refusal(sent).code == "file_ambiguous"


def test_a_pdf_file_must_begin_at_its_first_byte() -> None:
    error = refusal(b"GIF89a" + pdf())
    assert error.code == "file_type_refused" and "GIF" in str(error)


# -- everything else ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?>\n<svg/>", "SVG"),
        (b"<!DOCTYPE html><p>", "web page"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\x00\x00\x00\x20ftypavif", "AVIF"),
        (b"PK\x03\x04" + bytes(20), "ZIP"),
        (b"MZ" + bytes(20), "program"),
        (b"\x00", "another kind"),
        ("一份凭证".encode(), "another kind"),
    ],
)
def test_other_files_are_refused_by_what_they_are(sent: bytes, word: str) -> None:
    error = refusal(sent)
    assert error.code == "file_type_refused"
    assert word in str(error) and "JPEG, PNG, PDF" in str(error)


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"heix"])
def test_a_telephones_heic_photo_is_refused_with_the_way_out(brand: bytes) -> None:
    error = refusal(b"\x00\x00\x00\x18ftyp" + brand + bytes(100))
    assert error.code == "file_heic"
    assert "HEIC" in str(error) and "JPEG" in str(error)


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "file_empty"


def test_a_giant_is_not_read_beyond_the_limit() -> None:
    asked = []

    class Endless:
        def read(self, num_bytes: int, /) -> bytes:
            asked.append(num_bytes)
            return b"\xff" * num_bytes

    with pytest.raises(Refusal) as caught:
        inspect_upload(Endless(), accepts={"image"}, max_bytes=5 * MEGABYTE, field="voucher")
    assert (caught.value.code, caught.value.field) == ("file_too_large", "voucher")
    assert "5 MB" in str(caught.value)
    assert asked == [5 * MEGABYTE + 1]


def test_exactly_the_limit_is_possible() -> None:
    sent = encode(Image.new("RGB", (5, 5)), "PNG")
    assert inspect(sent, max_bytes=len(sent)).suffix == ".png"
    assert refusal(sent, max_bytes=len(sent) - 1).code == "file_too_large"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png_of(header: bytes, pixels: bytes) -> bytes:
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)
