"""Views and templates that people keep; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from event_mgmt.attendee_lists import service
from event_mgmt.attendee_lists.criteria import ListCriteria, SortOrder
from event_mgmt.core.refusals import Missing, Refusal
from tests.builders import a_user


def test_saving_under_the_same_name_replaces(app: Flask) -> None:
    user = a_user()

    first = service.save_view(
        user.id, " Gäste  aus NRW ", ListCriteria(country="DE"), SortOrder.SURNAME
    )
    second = service.save_view(
        user.id, "Gäste aus NRW", ListCriteria(country="SI"), SortOrder.STATUS
    )

    assert first.id == second.id
    assert second.criteria == {"country": "SI", "order": "status"}


@pytest.mark.parametrize("delete", [service.delete_view, service.delete_template])
def test_nobody_deletes_what_is_somebody_elses(app: Flask, delete: Any) -> None:
    user, other = a_user(), a_user()
    view = service.save_view(user.id, "A", ListCriteria(), SortOrder.SURNAME)
    template = service.save_template(user.id, "A", ["family_name"], SortOrder.SURNAME)
    own = view.id if delete is service.delete_view else template.id

    with pytest.raises(Missing):
        delete(other.id, own)
    delete(user.id, own)
    with pytest.raises(Missing):
        delete(user.id, own)


@pytest.mark.parametrize("name", ["", "   "])
def test_what_is_kept_needs_a_name(app: Flask, name: str) -> None:
    with pytest.raises(Refusal):
        service.save_template(a_user().id, name, ["family_name"], SortOrder.SURNAME)


def test_there_is_an_end_to_what_one_person_keeps(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_SAVED", 1)
    user = a_user()
    service.save_template(user.id, "A", ["family_name"], SortOrder.SURNAME)

    with pytest.raises(Refusal):
        service.save_template(user.id, "B", ["family_name"], SortOrder.SURNAME)
