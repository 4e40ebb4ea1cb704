"""A wheel without its style sheets looks installed and is not: refuse to build one."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsAreBuilt(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        manifest = Path(self.root, "src", "admit", "static", "manifest.json")
        if version != "editable" and not manifest.exists():
            message = "src/admit/static is not built; run `make wheel`, which builds it first."
            raise RuntimeError(message)
