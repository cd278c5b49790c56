"""Views of the list and choices of columns that people keep."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from event_mgmt.accounts.models import User
from event_mgmt.attendee_lists import service
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.attendee_lists.models import ListTemplate, SavedView
from event_mgmt.core.database import db
from event_mgmt.events.models import Event
from tests.attendee_lists.pages.visits import export_of, list_of, take
from tests.builders import a_registration, a_user
from tests.web.sign_in import csrf_of, submit


def test_a_view_is_saved_used_and_deleted(client: FlaskClient, event: Event, user: User) -> None:
    a_registration(event, family_name="Kovač", country="SI")
    a_registration(event, family_name="Weiß", country="DE")

    saved_view = submit(client, list_of(event, "?country=SI&order=status"), name="Slowenien")
    page = client.get(saved_view.headers["Location"]).text

    view = db.session.scalars(select(SavedView)).one()
    assert view.criteria == {"country": "SI", "order": "status"}
    assert "Kovač" in page
    assert "Weiß" not in page
    kept = list_of(event, f"?view={view.id}")
    deleted = submit(client, kept, to=f"{list_of(event)}/views/{view.id}/delete")
    assert deleted.status_code == 302
    assert db.session.scalars(select(SavedView)).all() == []


def test_a_template_is_saved_and_used(client: FlaskClient, event: Event, user: User) -> None:
    answer = take(
        client,
        event,
        do="save_template",
        template_name="Hotel",
        columns=["phone", "family_name"],
        order="organisation",
        **{"position-phone": "2", "position-family_name": "1"},
    )

    template = db.session.scalars(select(ListTemplate)).one()
    assert template.columns == ["family_name", "phone"]
    page = client.get(answer.headers["Location"]).text
    assert 'id="column-phone" value="phone" checked' in page
    assert 'id="column-email" value="email">' in page
    assert '<option selected value="organisation">' in page


@pytest.mark.parametrize("query", ["?template={t}", "?view={v}"])
def test_what_somebody_else_keeps_answers_as_if_it_were_missing(
    client: FlaskClient, event: Event, user: User, query: str
) -> None:
    other = a_user(event.host)
    view = service.save_view(other.id, "Geheim", ListCriteria(country="SI"), SortOrder.SURNAME)
    template = service.save_template(other.id, "Geheim", ["email"], SortOrder.SURNAME)

    assert client.get(export_of(event, query.format(t=template.id, v=view.id))).status_code == 404
    assert client.get(list_of(event, f"?view={view.id}")).status_code == 404
    token = csrf_of(client.get(list_of(event)))
    for path in (f"views/{view.id}", f"templates/{template.id}"):
        answer = client.post(f"{list_of(event)}/{path}/delete", data={"csrf_token": token})
        assert answer.status_code == 404
    assert db.session.scalars(select(SavedView)).one().name == "Geheim"
