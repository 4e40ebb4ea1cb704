from tests.contracts.conftest import spec

__all__ = ["spec"]
