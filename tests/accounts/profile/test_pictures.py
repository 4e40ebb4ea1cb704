"""Pictures: whatever was sent, what others are shown was drawn by us (S58)."""

import io
import struct
import zlib
from collections.abc import AsyncIterator

import httpx2
import pytest
from PIL import Image

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.profile.avatars import keep_picture_of_provider
from admit.accounts.profile.drawing import PictureRefused, drawn
from admit.accounts.profile.models import Picture
from tests.accounts.house import Browser, House
from tests.engines.document import read

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **how: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **how)
    return written.getvalue()


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "Ada at home"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return picture("JPEG", exif=exif, comment=b"secret place")


def with_damaged_notes() -> bytes:
    """Orientation, and a resolution that is text where a fraction belongs."""
    entries = ((0x0112, 3, 1, 6), (0x011A, 2, 4, 0x41414141))
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    tiff = b"II*\0" + struct.pack("<IH", 8, len(entries)) + packed + bytes(4)
    return picture("JPEG", exif=b"Exif\0\0" + tiff)


def animated() -> bytes:
    frames = [Image.new("RGB", (80, 80), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    return written.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A few hundred bytes that would unfold to gigabytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checked = name + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURE = "That is no JPEG, PNG, WebP or GIF picture."
DAMAGED = "That picture is damaged and cannot be read."
TOO_MANY = "That picture has more than 40 million pixels. Choose a smaller one."


REFUSED = [
    pytest.param(b"", "Choose a picture first.", id="nothing"),
    pytest.param(SVG, NO_PICTURE, id="svg"),
    pytest.param(b"<html><script>alert(1)</script>", NO_PICTURE, id="html"),
    pytest.param(picture("TIFF"), NO_PICTURE, id="tiff"),
    pytest.param(picture("BMP"), NO_PICTURE, id="bmp"),
    pytest.param(with_gps()[:400], DAMAGED, id="truncated jpeg"),
    pytest.param(picture()[:60], DAMAGED, id="truncated png"),
    pytest.param(bomb(), TOO_MANY, id="bomb"),
    pytest.param(bomb(10_000, 9_500), TOO_MANY, id="smaller bomb"),
    pytest.param(picture(size=(63, 400)), "That picture is smaller than 64 pixels.", id="tiny"),
    pytest.param(
        b"\0" * 6_000_001, "That picture is larger than 6 MB. Choose a smaller one.", id="heavy"
    ),
]


@pytest.mark.parametrize(("raw", "sentence"), REFUSED)
def test_s58_what_is_no_safe_picture_is_refused_with_a_reason(raw: bytes, sentence: str) -> None:
    """S58, S0-50: kind, size and dimensions are judged by what the bytes are."""
    with pytest.raises(PictureRefused, match=sentence.replace(".", r"\.")):
        drawn(raw)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(with_gps(), id="jpeg with a place"),
        pytest.param(with_damaged_notes(), id="jpeg with damaged notes"),
        pytest.param(picture("WEBP"), id="webp"),
        pytest.param(animated(), id="animated gif"),
        pytest.param(picture("GIF") + b"<script>alert(1)</script>PK\x03\x04", id="polyglot"),
        pytest.param(picture("PNG", size=(64, 4000)), id="narrow"),
    ],
)
def test_s58_what_is_kept_is_a_new_square_without_metadata(raw: bytes) -> None:
    """S58: EXIF, comments, further frames and whatever was glued on are gone."""
    kept = drawn(raw)

    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.size, image.mode) == ("WEBP", (512, 512), "RGB")
        assert getattr(image, "n_frames", 1) == 1
        assert dict(image.getexif()) == {}
    for trace in (b"EXIF", b"Ada", b"secret", b"script", b"PK\x03\x04", b"ICCP", b"XMP"):
        assert trace not in kept


def test_a_picture_stands_upright_and_shows_its_middle() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.new("RGB", (300, 100), "red")
    lying.paste("blue", (100, 0, 200, 100))
    written = io.BytesIO()
    lying.save(written, "JPEG", exif=exif, quality=95)

    with Image.open(io.BytesIO(drawn(written.getvalue()))) as image:
        corners = [image.getpixel(place) for place in ((8, 8), (500, 500), (256, 256))]

    assert [colour[2] > 200 and colour[0] < 60 for colour in corners] == [True] * 3  # type: ignore[index]


async def test_a_person_uploads_a_picture_sees_it_everywhere_and_takes_it_away(
    house: House,
) -> None:
    """S0-10, U9, S58: random name, own content type, sandbox; the fact is recorded."""
    ada = await house.person()

    first = await upload(ada, with_gps(), name="../../etc/passwd.svg", kind="image/svg+xml")
    address = shown_at(await ada.get("/account/profile"))
    seen = await house.browser().get(address)
    await upload(ada, picture())
    second = shown_at(await ada.get("/account/devices"))
    removed = await ada.post("/account/profile/picture/remove")
    afterwards = await ada.get("/account/profile")

    assert (first.status_code, removed.status_code) == (303, 303)
    assert len(address.removeprefix("/pictures/")) >= 43
    assert first.headers["location"] == "/account/profile"
    assert seen.headers["content-type"] == "image/webp"
    assert seen.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert second != address
    assert (await ada.get(address)).status_code == 404
    assert (await ada.get(second)).status_code == 404
    assert '<span class="avatar" aria-hidden="true">AL</span>' in afterwards.text
    events = [(each.what, each.detail) for each in await house.rows(SecurityEvent)]
    assert events[-3:] == [
        ("picture_changed", "uploaded"),
        ("picture_changed", "uploaded"),
        ("picture_changed", "removed"),
    ]


@ON_SQLITE
async def test_a_refused_picture_is_explained_beside_its_field_and_changes_nothing(
    house: House,
) -> None:
    """S58, S0-50."""
    ada = await house.person()

    answer = await upload(ada, SVG, name="me.png", kind="image/png")
    nothing = await ada.http.post("/account/profile/picture")

    assert answer.status_code == 422
    assert answer.text.count(NO_PICTURE) == 2
    assert (nothing.status_code, await house.rows(Picture)) == (422, [])


@ON_SQLITE
async def test_s58_a_body_that_is_too_large_is_refused_before_it_is_read(house: House) -> None:
    """S58: seven megabytes for a picture, one for everything else, announced or not."""
    ada = await house.person()
    heavy = b"\0" * 7_100_000

    announced = await upload(ada, heavy)
    elsewhere = await ada.http.post("/account/profile", content=b"\0" * 256_001)

    async def pieces() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\n'
        for _ in range(8):
            yield heavy[:1_000_000]

    streamed = await ada.http.post(
        "/account/profile/picture",
        content=pieces(),
        headers={"content-type": "multipart/form-data; boundary=x"},
    )

    assert [each.status_code for each in (announced, elsewhere, streamed)] == [413, 413, 413]


async def test_a_picture_of_a_provider_is_shown_until_there_is_an_own_one(house: House) -> None:
    """S0-09, S0-10, U9: upload, then provider, then initials."""
    ada = await house.person()
    (user,) = await house.rows(User)
    kept = await keep_picture_of_provider(
        house.database, user_id=user.id, provider="google", raw=picture(), now=house.clock.wall()
    )
    broken = await keep_picture_of_provider(
        house.database, user_id=user.id, provider="github", raw=SVG, now=house.clock.wall()
    )

    page = await ada.get("/account/profile")
    theirs = shown_at(page)
    await upload(ada, picture("JPEG"))
    own = shown_at(await ada.get("/account/profile"))
    await ada.post("/account/profile/picture/remove")
    again = shown_at(await ada.get("/account/profile"))

    assert (kept, broken) == (True, False)
    assert "It comes from Google." in page.text
    assert theirs == again
    assert own != theirs


async def upload(
    browser: Browser, raw: bytes, *, name: str = "me.jpg", kind: str = "image/jpeg"
) -> httpx2.Response:
    return await browser.http.post("/account/profile/picture", files={"picture": (name, raw, kind)})


def shown_at(page: httpx2.Response) -> str:
    """The address of the picture in the header of a page."""
    return read(page.text).all("img", class_="avatar")[0].attributes["src"]
