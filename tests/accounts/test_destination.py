"""S47: `next` leads only to pages of this site, whatever somebody writes into it."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admit.accounts.destination import after_sign_in, own_path

OWN = "https://admit.example"
PIECES = ["/", "//", "\\", "evil.example", "https:", "javascript:", "data:", "@", "%2f", "%5c"]
TRICKS = [*PIECES, "%09", "%0d%0a", "\t", "\r\n", "\x00", " ", ".", "..", "?", "#", "a", "é", "。"]


@pytest.mark.parametrize(
    "path", ["/", "/account", "/pricing?plan=pro_monthly", "/a/b?c=d&e=//f#g", "/file.txt", "/%20"]
)
def test_s47_a_page_of_this_site_is_kept(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "trick",
    [
        "",
        "account",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example",
        "/%0d%0aLocation:https://evil.example\r\n",
        "/\r\nSet-Cookie: a=b",
        "\t//evil.example",
        " //evil.example",
        "//user:pass@evil.example",
        "@evil.example",
        "/.//evil.example",
        "/..//evil.example",
        "/a/..//evil.example",
        "/%2e/evil.example",
        "/%2f/evil.example",
        "/%5cevil.example",
        "/\u3002evil",
        "/" + "a" * 1000,
    ],
)
def test_s47_everything_else_leads_home(trick: str) -> None:
    assert own_path(trick) is None
    assert after_sign_in(trick) == "/account"


@given(st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=3)), max_size=8).map("".join))
def test_s47_whatever_is_written_only_own_paths_come_out(raw: str) -> None:
    path = own_path(raw)

    if path is not None:
        assert path.startswith("/")
        assert path.isascii()
        assert path.isprintable()
        assert urlsplit(urljoin(OWN, path)).netloc == "admit.example"
        assert urlsplit(urljoin(OWN, path.replace("\\", "/"))).netloc == "admit.example"
        assert not path.replace("\\", "/").startswith("//")


@given(st.text())
def test_s47_a_plan_never_leaves_the_query(plan: str) -> None:
    leads_to = after_sign_in(None, plan)

    parts = urlsplit(leads_to)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("", "", "")
    assert parts.path == ("/pricing" if plan else "/account")


def test_the_page_asked_for_comes_before_the_plan_and_the_plan_before_home() -> None:
    assert after_sign_in("/premium", "pro") == "/premium"
    assert after_sign_in("//evil.example", "pro monthly") == "/pricing?plan=pro%20monthly"
    assert after_sign_in(None) == "/account"
