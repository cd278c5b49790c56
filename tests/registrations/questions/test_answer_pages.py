"""Own page and change form, where questions are asked no more or options were taken away."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from event_mgmt.events.enums import QuestionKind
from event_mgmt.settings import PROJECT_ROOT
from tests.builders import a_question, an_event, saved
from tests.registrations.guest_pages import GUEST, main_text, opened, register, the_registration
from tests.registrations.questions.test_stored_answers import FISH, MEAT
from tests.web.sign_in import submit

pytestmark = pytest.mark.usefixtures("frozen")
BUS = [{"key": f"b{n}", "label": {"de": f"Bus {n}"}} for n in range(9)]


def test_the_own_page_shows_every_answer_also_retired_and_sensitive_ones(
    client: FlaskClient, now: datetime
) -> None:
    event = an_event()
    route = a_question(event, QuestionKind.SHORT_TEXT, "Anreise?")
    diet = a_question(
        event, QuestionKind.SHORT_TEXT, "Diät?", is_sensitive=True, asks_companions=True
    )
    companion = {
        "companions-0-given_name": "Ivo",
        "companions-0-family_name": "Kos",
        f"companions-0-question-{diet.id}": "ohne Milch",
    }
    register(client, event, **{f"question-{route.id}": "mit dem Zug"}, **companion)
    route.retired_at = now
    saved(route)

    words = main_text(client.get(opened(client, the_registration())).text)

    assert "Anreise? mit dem Zug" in words
    assert "Diät? ohne Milch" in words


def test_the_own_page_shows_the_line_breaks_of_long_answers_and_of_the_message(
    client: FlaskClient,
) -> None:
    event = an_event()
    wishes = a_question(event, QuestionKind.LONG_TEXT, "Wünsche?")
    register(client, event, message="eins\r\nzwei", **{f"question-{wishes.id}": "a\r\n\r\nb"})

    page = client.get(opened(client, the_registration())).text

    assert '<dd class="lines">a\n\nb</dd>' in page
    assert '<dd class="lines">eins\nzwei</dd>' in page
    css = (PROJECT_ROOT / "static/css/base.css").read_text()
    assert ".lines { white-space: pre-line;" in css


@pytest.mark.parametrize("more", [[], BUS], ids=["few", "many"])
@pytest.mark.parametrize("kind", [QuestionKind.CHOICE, QuestionKind.CHOICES])
@pytest.mark.parametrize("required", [True, False])
def test_the_option_taken_away_stays_selectable_for_who_has_chosen_it(
    client: FlaskClient, kind: QuestionKind, required: bool, more: list
) -> None:
    event = an_event()
    meal = a_question(event, kind, "Essen?", options=[FISH, MEAT, *more], is_required=required)
    name = f"question-{meal.id}"
    register(client, event, **{name: "f"})
    meal.options, meal.retired_options = [MEAT, *more], [FISH]
    saved(meal)
    url = opened(client, the_registration())

    page = client.get(f"{url}/change", query_string={"lang": "de"})
    sent = submit(client, f"{url}/change", **{**GUEST, "function": "CEO", name: "f"})

    assert "Fisch (nicht mehr angeboten)" in page.text
    assert "nicht mehr angeboten" not in client.get(f"/events/{event.slug}/register").text
    assert sent.status_code == 303
    contact = the_registration().attendees[0]
    expected = "f" if kind is QuestionKind.CHOICE else ["f"]
    assert (contact.function, contact.answers) == ("CEO", {str(meal.id): expected})


def test_an_answer_of_another_kind_comes_back_as_it_was(client: FlaskClient) -> None:
    event = an_event()
    meal = a_question(event, QuestionKind.CHOICE, "Essen?", options=[FISH, MEAT])
    name = f"question-{meal.id}"
    register(client, event, **{name: "f"})
    meal.kind, meal.options, meal.retired_options = QuestionKind.NUMBER, [], [FISH, MEAT]
    saved(meal)
    url = opened(client, the_registration())

    page = client.get(f"{url}/change", query_string={"lang": "de"})
    sent = submit(client, f"{url}/change", **{**GUEST, name: "Fisch"})

    assert 'value="Fisch"' in page.text
    assert sent.status_code == 303
    assert the_registration().attendees[0].answers == {str(meal.id): "f"}
