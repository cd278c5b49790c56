"""What holds for all pages of this room: who sees them, and that they are sound."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role, User
from event_mgmt.events.enums import AttendeeAccess
from event_mgmt.events.models import Event
from tests.attendee_lists.making import taken_by
from tests.attendee_lists.pages.visits import export_of, list_of, rows_of, take
from tests.builders import a_partner, a_registration, a_user, an_organisation
from tests.web.sign_in import signed_in


def test_a_strangers_event_answers_exactly_as_a_missing_one(
    client: FlaskClient, event: Event
) -> None:
    signed_in(client, a_user(an_organisation()))
    missing = Event(id=event.id + 1000)

    for make in (list_of, export_of):
        theirs, none = client.get(make(event)), client.get(make(missing))
        assert theirs.status_code == none.status_code == 404
        assert theirs.text == none.text.replace(str(missing.id), str(event.id))


def test_a_co_host_sees_its_own_contingent_on_page_and_in_file(
    client: FlaskClient, event: Event
) -> None:
    partner = an_organisation("Partner")
    a_partner(event, partner, access=AttendeeAccess.OWN, seats=5)
    own = next(pool for pool in event.pools if pool.organisation_id == partner.id)
    a_registration(event, family_name="Fremd")
    a_registration(event, family_name="Eigen", pool=own)
    signed_in(client, a_user(partner, Role.STAFF))

    page = client.get(list_of(event)).text
    file = take(client, event, format="csv", purpose="Einlass", columns=["family_name"])

    assert "Eigen" in page
    assert "Fremd" not in page
    assert [row[0] for row in rows_of(file)[1:]] == ["Eigen"]


def _texts_of_record(client: FlaskClient, user: User) -> str:
    signed_in(client, user)
    return client.get("/desk/exports?lang=en").text


def test_the_record_shows_administrators_their_events_and_others_their_own(
    client: FlaskClient, event: Event, user: User, tmp_path: Path
) -> None:
    a_registration(event)
    taken_by(user, event, tmp_path, purpose="Einlass am Tor")
    colleague = a_user(event.host, Role.ORGANISER)
    chief = a_user(event.host, Role.ADMINISTRATOR)
    stranger = a_user(an_organisation(), Role.ADMINISTRATOR)

    assert "Einlass am Tor" in _texts_of_record(client, user)
    assert "Einlass am Tor" in _texts_of_record(client, chief)
    assert "Einlass am Tor" not in _texts_of_record(client, colleague)
    assert "No list has been taken yet" in _texts_of_record(client, stranger)


@pytest.mark.parametrize("url", ["/desk/exports", "/desk/events/1/attendee-list"])
def test_visitors_are_sent_to_sign_in(client: FlaskClient, url: str) -> None:
    answer = client.get(url)

    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


@pytest.mark.parametrize("lang", ["de", "sl", "en"])
@pytest.mark.parametrize(
    "query", ["", "?order=organisation&search=a&statuses=confirmed&people=companions"]
)
def test_every_page_is_sound_in_every_language(
    client: FlaskClient, event: Event, user: User, lang: str, query: str, tmp_path: Path
) -> None:
    a_partner(event, an_organisation(), access=AttendeeAccess.ALL, seats=5)
    a_registration(event, companions=1)
    taken_by(user, event, tmp_path)
    client.get(f"/desk/exports?lang={lang}")

    for url in (list_of(event, query), export_of(event, query), "/desk/exports"):
        page = client.get(url)
        assert page.status_code == 200
        assert f'<html lang="{lang}"' in page.text


@pytest.mark.parametrize(
    "query",
    ["?page=-1", "?page=x", "?order=drop", "?statuses=%25", "?contingent=9999999999999999999999",
     "?search=%25", "?view=99999999999999999999999", "?template=abc", "?since=zz", "?format=x"],
)  # fmt: skip
def test_odd_addresses_do_no_harm(
    client: FlaskClient, event: Event, user: User, query: str
) -> None:
    a_registration(event)
    kept_on = {"?view": (list_of, export_of), "?template": (export_of,)}
    asks_for_what_is_not_kept = kept_on.get(query.partition("=")[0], ())

    for make in (list_of, export_of):
        expected = 404 if make in asks_for_what_is_not_kept else 200
        assert client.get(make(event, query)).status_code == expected, make
