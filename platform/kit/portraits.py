"""A portrait cut from a photo: one of two shapes, small enough for a card, its pixels written anew."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Literal

from django.utils.translation import gettext_lazy as _
from PIL import Image

from kit.errors import Refusal
from kit.uploads import CleanUpload, Upload, inspect_upload

Shape = Literal["portrait", "square"]
# Width and height in pixels: sharp on a card and in print at an inch.
SIZES: dict[str, tuple[int, int]] = {"portrait": (480, 640), "square": (480, 480)}
_LEAST_WIDTH = 120
_QUALITY = 88


@dataclass(frozen=True, slots=True)
class Frame:
    """What of the upright photo is kept: its left and upper edge and its width, as parts of the photo's own."""

    left: float
    top: float
    width: float


def cut_portrait(
    file: Upload, *, shape: str, frame: Frame | None = None, max_bytes: int, field: str = "photo"
) -> CleanUpload:
    """The portrait as it may be stored, always JPEG; without a frame it is the middle of the photo.

    A frame that lies partly outside is moved inside. Refusals of `inspect_upload`, and `portrait_small`.
    """
    photo = inspect_upload(file, accepts={"image"}, max_bytes=max_bytes, field=field)
    with Image.open(BytesIO(photo.bytes)) as image:
        box = _box(image.width, image.height, SIZES[shape], frame)
        if box[2] - box[0] < _LEAST_WIDTH:
            raise Refusal(
                "portrait_small",
                _("What is kept of this photo is too small: at least %(least)s pixels across are needed."),
                field=field,
                least=_LEAST_WIDTH,
            )
        cut = _on_white(image.crop(box)).resize(SIZES[shape], Image.Resampling.LANCZOS)
    written = BytesIO()
    cut.save(written, "JPEG", quality=_QUALITY)
    content = written.getvalue()
    return CleanUpload(content, "image/jpeg", ".jpg", sha256(content).hexdigest())


def check_portrait(photo: CleanUpload, *, shape: str = "portrait", field: str = "photo") -> None:
    """Refuse `photo_small` where even the whole of a photo gives no portrait."""
    with Image.open(BytesIO(photo.bytes)) as image:
        left, _upper, right, _lower = _box(image.width, image.height, SIZES[shape], None)
    if right - left < _LEAST_WIDTH:
        width, height = SIZES[shape]
        raise Refusal(
            "photo_small",
            _("This photo is too small for a card: at least %(width)s by %(height)s pixels are needed."),
            field=field,
            width=_LEAST_WIDTH,
            height=_LEAST_WIDTH * height // width,
        )


def _box(width: int, height: int, size: tuple[int, int], frame: Frame | None) -> tuple[int, int, int, int]:
    """Left, upper, right and lower pixel of the largest rectangle of the shape that the frame allows."""
    tall = size[1] / size[0]
    widest = min(float(width), height / tall)
    across = widest if frame is None else min(max(frame.width * width, 1.0), widest)
    down = across * tall
    left = (width - across) / 2 if frame is None else min(max(frame.left * width, 0.0), width - across)
    top = (height - down) / 2 if frame is None else min(max(frame.top * height, 0.0), height - down)
    return round(left), round(top), round(left + across), round(top + down)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
