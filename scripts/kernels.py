"""Compile the kernels of the engines, which are then read from disk; the first start does it otherwise."""

from __future__ import annotations

import importlib
import pkgutil

from bridgehead import engines


def main() -> None:
    """Import every module of compiled functions."""
    for found in pkgutil.walk_packages(engines.__path__, f"{engines.__name__}."):
        if found.name.endswith("kernels"):
            importlib.import_module(found.name)


if __name__ == "__main__":
    main()
