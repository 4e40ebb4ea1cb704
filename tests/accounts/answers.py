import re

import httpx2

RANDOM = re.compile(r"(nonce[-=]\"?)[\w-]+")
COOKIE_VALUE = re.compile(r"=[\w-]{40,}")
ADDRESS = re.compile(r"[\w.]+@example\.com")
SECONDS = re.compile(r"(data-countdown=\"|>)\d+(\"| seconds)")


def shown(answer: httpx2.Response) -> tuple[int, list[tuple[str, str]], str]:
    """All that a browser can tell two answers apart by, without what is chance by design."""
    headers = [
        (name, COOKIE_VALUE.sub("=token", RANDOM.sub(r"\1nonce", value)))
        for name, value in answer.headers.multi_items()
        if name != "x-request-id"
    ]
    body = ADDRESS.sub("somebody", RANDOM.sub(r"\1nonce", answer.text))
    return answer.status_code, headers, SECONDS.sub(r"\1some\2", body)
