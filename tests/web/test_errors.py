"""What is answered when something is wrong with the request itself."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.parametrize("path", ["/", "/health", "/no-such-page"])
def test_a_host_that_is_not_ours_is_refused_in_one_plain_line(sqlite_app: Flask, path: str) -> None:
    answer = sqlite_app.test_client().get(path, headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert answer.content_type.startswith("text/plain")
    assert "evil" not in answer.text
