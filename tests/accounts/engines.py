"""Most of what pages do is the same on both databases; what could differ is tested on both."""

import pytest

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
