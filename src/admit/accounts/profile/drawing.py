"""Drawing a picture anew: nothing of the bytes that somebody sent is ever shown to others."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

SIDE = 512
"""Pixels of the square that is kept."""
SMALLEST = 64
MOST_PIXELS = 40_000_000
MOST_BYTES = 6_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture back, by the orientation that its EXIF names (EXIF 2.32, 4.6.4.A)."""

# One at a time: a picture of forty million pixels takes a hundred megabytes while it is drawn.
_easel = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


class PictureRefused(Exception):
    """The sentence says why, and what would do."""


async def draw_anew(raw: bytes) -> bytes:
    """The middle of the picture as a square WebP without a word about where it was taken.

    Raises PictureRefused for what is no picture, too small, or so large that it is an attack.
    """
    return await asyncio.get_running_loop().run_in_executor(_easel, drawn, raw)


def drawn(raw: bytes) -> bytes:
    if not raw:
        raise PictureRefused("Choose a picture first.")
    if len(raw) > MOST_BYTES:
        raise PictureRefused("That picture is larger than 6 MB. Choose a smaller one.")
    try:
        return _square(raw)
    except UnidentifiedImageError:
        raise PictureRefused("That is no JPEG, PNG, WebP or GIF picture.") from None
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(_too_many_pixels()) from None
    except Exception:  # noqa: BLE001 - decoders fail in every way at bytes made to break them
        raise PictureRefused("That picture is damaged and cannot be read.") from None


def _square(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise PictureRefused(_too_many_pixels())
        if min(width, height) < SMALLEST:
            raise PictureRefused(f"That picture is smaller than {SMALLEST} pixels.")
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        upright = _upright(image)
        # A picture of our own, so that no metadata comes along.
        plain = Image.new("RGB", upright.size, "white")
        colours = upright.convert("RGBA")
        plain.paste(colours, mask=colours.getchannel("A"))
    kept = ImageOps.fit(plain, (SIDE, SIDE), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    kept.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held. Nothing else of its notes is read, for they may be damaged."""
    turn = UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def _too_many_pixels() -> str:
    return "That picture has more than 40 million pixels. Choose a smaller one."
