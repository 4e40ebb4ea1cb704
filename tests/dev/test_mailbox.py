"""Mails that did not leave this machine: found, read, and unable to do harm."""

import re
from datetime import UTC, datetime

from admit.core.crypto import Vault
from admit.core.mail import Letter, queue_mail
from admit.dev.mailbox import code_of, links_of, with_styles_in_a_sheet
from tests.pages.rooms import ORIGIN, Rooms

NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
TEXT = f"""Hello Ada,

your code is 042137

Open this link: {ORIGIN}/verify/tok-123456_x.

Admit · {ORIGIN}
"""
HTML = """<!DOCTYPE html><html><head><title>Hello</title></head>
<body style="margin: 0"><p style="font: bold 18px 'Segoe UI'">Hello</p>
<script>alert(1)</script></body></html>"""


async def put(rooms: Rooms, subject: str, *, vault: Vault | None = None) -> str:
    letter = Letter(
        kind="verify", recipient="ada@example.test", subject=subject, text=TEXT, html=HTML
    )
    async with rooms.database.write() as db:
        return await queue_mail(db, vault or rooms.wiring.parts.vault, letter, now=NOW)


async def test_the_mailbox_lists_mails_newest_first(rooms: Rooms) -> None:
    browser = rooms.browser()
    assert "No mails yet" in (await browser.get("/dev/mailbox")).text
    first, second = await put(rooms, "First"), await put(rooms, "Second")

    response = await browser.get("/dev/mailbox")

    assert re.findall(r'href="/dev/mailbox/(mail_\w+)"', response.text) == [second, first]
    assert "Hello Ada, your code is 042137" in response.text


async def test_a_mail_shows_its_code_and_links(rooms: Rooms) -> None:
    mail_id = await put(rooms, "Confirm")

    response = await rooms.browser().get(f"/dev/mailbox/{mail_id}")

    assert response.status_code == 200
    assert ">042137</code>" in response.text
    assert f'href="{ORIGIN}/verify/tok-123456_x"' in response.text
    assert f'href="{ORIGIN}"' not in response.text
    assert f'data-mail-preview="/dev/mailbox/{mail_id}/html"' in response.text


async def test_the_html_of_a_mail_keeps_its_look_and_can_run_nothing(rooms: Rooms) -> None:
    mail_id = await put(rooms, "Confirm")

    response = await rooms.browser().get(f"/dev/mailbox/{mail_id}/html")

    policy = response.headers["content-security-policy"]
    nonce = re.findall(r'<style nonce="([^"]+)">', response.text)
    assert policy.startswith(f"default-src 'none'; style-src 'nonce-{nonce[0]}';")
    assert "sandbox" in policy
    assert "unsafe" not in policy
    assert ' style="' not in response.text
    assert """[data-rule="1"] { font: bold 18px 'Segoe UI' }""" in response.text


async def test_an_unknown_mail_is_not_found(rooms: Rooms) -> None:
    for path in ("/dev/mailbox/mail_none", "/dev/mailbox/mail_none/html"):
        assert (await rooms.browser().get(path)).status_code == 404


async def test_a_mail_sealed_with_another_key_is_listed_and_says_so(rooms: Rooms) -> None:
    mail_id = await put(rooms, "Old", vault=Vault("another secret key, long enough to be one"))

    listed = await rooms.browser().get("/dev/mailbox")
    opened = await rooms.browser().get(f"/dev/mailbox/{mail_id}")

    assert "sealed with another ADMIT_SECRET_KEY" in listed.text
    assert opened.status_code == 200


def test_a_code_is_six_digits_that_stand_alone() -> None:
    cases = {
        "your code is 042137": "042137",
        "your code is 042 137.": "042137",
        "see https://example.test/123456 for 654321": "654321",
        "paid 1234567 in 2026": None,
        "": None,
    }

    assert {text: code_of(text) for text in cases} == cases


def test_links_are_told_once_without_what_follows_them() -> None:
    text = (
        "https://a.test/x, (https://a.test/y) https://a.test/x javascript:alert(1) https://s.test/"
    )

    assert links_of(text, site_url="https://s.test") == ["https://a.test/x", "https://a.test/y"]


def test_a_style_cannot_leave_its_sheet() -> None:
    html = '<head></head><p style="color: red&lt;/style&gt;<script>">x</p>'

    moved = with_styles_in_a_sheet(html, nonce="n")

    assert '<style nonce="n">[data-rule="0"] { color: red/style>script> }</style>' in moved
