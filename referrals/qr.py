"""QR codes of a link: a drawing that scales for the page, a picture for the poster."""

from io import BytesIO

import segno

# A quarter may be covered by a thumb or a crease and it still reads; the border belongs to the code.
_CORRECTION = "q"
_BORDER = 4


def qr_svg(url: str, *, title: str = "") -> str:
    """An SVG drawing to stand within a page; it takes the size of its box, and `title` is read aloud."""
    drawn = BytesIO()
    _code(url).save(
        drawn,
        kind="svg",
        border=_BORDER,
        light="#ffffff",
        dark="#000000",
        title=title or url,
        omitsize=True,
        xmldecl=False,
        svgns=True,
        nl=False,
    )
    return drawn.getvalue().decode()


def qr_png(url: str, *, pixels: int = 1000) -> bytes:
    """A PNG picture of about so many pixels a side, never less; its modules are whole pixels."""
    code = _code(url)
    modules = code.symbol_size(border=_BORDER)[0]
    drawn = BytesIO()
    code.save(drawn, kind="png", border=_BORDER, scale=max(1, -(-min(pixels, 4000) // modules)))
    return drawn.getvalue()


def _code(url: str) -> segno.QRCode:
    return segno.make_qr(url, error=_CORRECTION, boost_error=False)
