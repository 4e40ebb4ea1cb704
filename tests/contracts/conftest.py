import os

import pytest

from tests.contracts.build import ContractUnavailableError, contract_spec
from tests.contracts.spec import Spec


@pytest.fixture(scope="session")
def spec() -> Spec:
    """Stripe's own types. `REQUIRE_CONTRACT=1` turns a machine that cannot have them into red."""
    try:
        return contract_spec()
    except ContractUnavailableError as error:
        message = f"NOT RUN: nothing was checked against Stripe's own types. {error}"
        if os.environ.get("REQUIRE_CONTRACT", "") not in ("", "0"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
