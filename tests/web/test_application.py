from __future__ import annotations

from flask import session

from tests.conftest import make_app


def test_a_session_that_another_application_signed_is_none(tmp_path):
    cookies = []
    for secret in ("a", "b"):
        (tmp_path / secret).mkdir()
        app = make_app(tmp_path / secret, "", SECRET_KEY=secret * 48)
        for cookie in cookies:
            with app.test_request_context(headers={"Cookie": cookie}):
                assert "locale" not in session
        answer = app.test_client().get("/?lang=sl")
        cookies.append(answer.headers["Set-Cookie"].split(";")[0])
        with app.test_request_context(headers={"Cookie": cookies[-1]}):
            assert session["locale"] == "sl"

    assert len(cookies) == 2


def test_a_header_that_a_page_has_set_itself_stays(sqlite_app):
    answer = sqlite_app.make_response("text")
    answer.headers["referrer-policy"] = "no-referrer"

    with sqlite_app.test_request_context():
        hardened = sqlite_app.process_response(answer)

    assert hardened.headers.getlist("Referrer-Policy") == ["no-referrer"]
    assert hardened.headers.getlist("X-Content-Type-Options") == ["nosniff"]
