"""More than 3,000 passwords that are long enough and yet among the first that are tried.

What people were seen to use, and what those who guess make of it to reach a length.
"""

from collections.abc import Iterator
from itertools import product

from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST = 15
SEEN = list(FREQUENCY_LISTS["passwords"])


def made_longer() -> Iterator[str]:
    yield from SEEN
    for one in SEEN[:1500]:
        yield one * (2 if len(one) * 2 >= SHORTEST else 3)
    for one, other in zip(SEEN[:700], SEEN[700:1400], strict=True):
        yield f"{one}{other}"
        yield f"{one.title()}{other}!"
        yield f"{one}{other}{one}"
    for one, other in product(SEEN[:60], SEEN[60:80]):
        yield f"{one}-{other}"
        yield f"{one}{other}2024"


LISTED = sorted({word for word in made_longer() if len(word) >= SHORTEST})
