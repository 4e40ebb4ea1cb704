import pytest

from tests.contracts.conftest import spec

__all__ = ["spec"]

pytest.register_assert_rewrite("tests.journeys.story", "tests.journeys.road")
