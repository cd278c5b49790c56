"""The list of registrations, and who sees which of them."""

from __future__ import annotations

from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role
from event_mgmt.events.enums import AttendeeAccess
from event_mgmt.events.models import Event
from event_mgmt.registrations.enums import Status
from tests.builders import a_partner, a_registration, a_user, an_event, an_organisation
from tests.registration_desk.desk_pages import desk
from tests.sql_counter import counted_statements
from tests.web.sign_in import signed_in


class TestTheList:
    def test_it_names_the_parties_with_their_place_in_the_queue(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, family_name="Novak", function="Direktorica")
        a_registration(event, status=Status.WAITLISTED, family_name="Prva")
        a_registration(event, status=Status.WAITLISTED, family_name="Druga", companions=2)

        page = organiser.get(desk(event)).text

        assert "Novak, Luka" in page
        assert "Direktorica" in page
        assert "with 2 companions" in page
        assert page.index("place 2") < page.index("Prva")

    def test_the_waiting_list_stands_in_its_own_order(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        for name in ("Prva", "Druga", "Tretja"):
            a_registration(event, status=Status.WAITLISTED, family_name=name)

        page = organiser.get(desk(event) + "?status=waitlisted").text

        assert page.index("Prva,") < page.index("Druga,") < page.index("Tretja,")

    def test_a_search_finds_names_without_diacritics_and_addresses(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, family_name="Žagar", organisation="")
        a_registration(event, family_name="Kos", email="office@kos.example", organisation="")

        assert "Kos," not in organiser.get(desk(event) + "?search=ZAGAR").text
        assert "Žagar," not in organiser.get(desk(event) + "?search=office@kos").text

    def test_tabs_count_every_status_within_the_search(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, family_name="Kos")
        a_registration(event, family_name="Kos", status=Status.PENDING)
        a_registration(event, family_name="Novak", status=Status.PENDING)

        page = organiser.get(desk(event) + "?search=kos&status=pending").text

        assert 'To be decided<span class="count">1</span>' in page
        assert 'All<span class="count">2</span>' in page

    def test_names_are_text_and_nothing_else(self, organiser: FlaskClient, event: Event) -> None:
        guest = a_registration(event, family_name="<script>alert(1)</script>", function="<b>x")

        for page in (organiser.get(desk(event)), organiser.get(desk(event, guest.id))):
            assert "<script>alert" not in page.text
            assert "&lt;script&gt;alert" in page.text

    def test_a_page_far_beyond_the_last_one_shows_the_last_one(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event, family_name="Novak")

        assert "Novak," in organiser.get(desk(event) + "?page=99").text

    def test_its_statements_do_not_grow_with_the_rows(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        def statements() -> int:
            with counted_statements() as sent:
                assert organiser.get(desk(event)).status_code == 200
            return len(sent)

        a_registration(event, status=Status.WAITLISTED)
        organiser.get(desk(event))
        few = statements()
        for _n in range(8):
            a_registration(event, companions=1, status=Status.WAITLISTED)

        assert statements() == few

    def test_without_anybody_it_says_what_to_do(self, organiser: FlaskClient, event: Event) -> None:
        assert "Nobody has registered yet" in organiser.get(desk(event)).text

    def test_a_search_without_result_offers_the_way_back(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        a_registration(event)

        assert "Nobody fits" in organiser.get(desk(event) + "?search=nobody").text


class TestSight:
    def test_a_co_host_sees_its_own_contingent_and_nobody_else(
        self, client: FlaskClient, event: Event
    ) -> None:
        partner = an_organisation()
        a_partner(event, partner, access=AttendeeAccess.OWN, seats=5)
        general, own = sorted(event.pools, key=lambda pool: pool.organisation_id is not None)
        theirs = a_registration(event, family_name="Novak", pool=general)
        ours = a_registration(event, family_name="Kos", pool=own)
        signed_in(client, a_user(partner, Role.STAFF))

        page = client.get(desk(event)).text

        assert "Kos," in page
        assert "Novak," not in page
        assert client.get(desk(event, ours.id)).status_code == 200
        assert client.get(desk(event, theirs.id)).status_code == 404

    def test_a_co_host_changes_nothing(self, client: FlaskClient, event: Event) -> None:
        partner = an_organisation()
        a_partner(event, partner, access=AttendeeAccess.ALL)
        guest = a_registration(event)
        signed_in(client, a_user(partner, Role.ADMINISTRATOR))

        page = client.get(desk(event, guest.id)).text

        assert "Call off" not in page
        for way in ("edit", "cancel", "address"):
            assert client.get(desk(event, guest.id, way)).status_code == 404

    def test_a_registration_of_another_event_is_missing(
        self, organiser: FlaskClient, event: Event
    ) -> None:
        other = a_registration(an_event(event.host))

        for way in ((), ("edit",), ("cancel",), ("address",)):
            assert organiser.get(desk(event, other.id, *way)).status_code == 404
