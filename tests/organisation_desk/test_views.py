"""The desks of organisations and of the platform."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from event_mgmt.accounts.models import Role
from event_mgmt.core.localized import Localized
from event_mgmt.flask_config import BODY_LIMIT
from event_mgmt.organisations import queries, service
from event_mgmt.organisations.models import Organisation, Sector
from tests.builders import a_user, an_organisation, saved
from tests.organisations.pictures import a_png
from tests.readers import fresh
from tests.web.sign_in import csrf_of, signed_in, submit


@pytest.fixture
def organisation(sqlite_app: Flask) -> Organisation:
    return an_organisation("Kunststoff.NRW")


@pytest.fixture
def browser(client: FlaskClient, organisation: Organisation) -> FlaskClient:
    return signed_in(client, a_user(organisation, Role.ADMINISTRATOR))


@pytest.fixture
def platform(client: FlaskClient, organisation: Organisation) -> FlaskClient:
    return signed_in(client, a_user(is_platform_admin=True))


def test_an_administrator_changes_texts_in_three_languages_and_the_colour(
    browser: FlaskClient, organisation: Organisation
) -> None:
    sector = saved(Sector(code="plastics", name=Localized(de="Kunststoff")))
    url = f"/desk/organisations/{organisation.id}"
    answer = submit(
        browser,
        url,
        accent="#0a7466",
        sector_ids=[str(sector.id)],
        website="https://www.example.org/",
        **{"about-de": "Ein Netzwerk.", "about-sl": "Mreža."},
    )

    assert answer.location == url
    stored = fresh(organisation)
    assert stored.about == Localized(de="Ein Netzwerk.", sl="Mreža.")
    assert (stored.accent, stored.website) == ("#0a7466", "https://www.example.org/")
    assert [s.code for s in stored.sectors] == ["plastics"]
    assert stored.name == organisation.name


def test_errors_keep_what_was_typed(browser: FlaskClient, organisation: Organisation) -> None:
    answer = submit(
        browser,
        f"/desk/organisations/{organisation.id}",
        website="javascript:alert(1)",
        city="Bochum",
    )

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'id="website-error"' in page
    assert 'value="Bochum"' in page
    assert fresh(organisation).city == ""


def test_a_name_is_needed_in_one_language(browser: FlaskClient, organisation: Organisation) -> None:
    empty = {f"name-{locale}": "" for locale in ("de", "sl", "en")}
    answer = submit(browser, f"/desk/organisations/{organisation.id}", **empty)

    assert answer.status_code == 422
    assert 'id="name-de-error"' in answer.get_data(as_text=True)


def test_a_logo_is_uploaded_served_as_a_picture_and_removed(
    browser: FlaskClient, organisation: Organisation
) -> None:
    url = f"/desk/organisations/{organisation.id}"
    picture = a_png(64, 64)
    answer = submit(browser, f"{url}/logo", logo=(BytesIO(picture), "logo.png"))
    assert answer.location == url

    address = f"/logos/{fresh(organisation).logo}"
    assert address in browser.get(url).get_data(as_text=True)
    served = browser.get(address)
    assert served.data == picture
    assert served.mimetype == "image/png"
    assert served.headers["X-Content-Type-Options"] == "nosniff"

    submit(browser, url, to=f"{url}/logo/remove")
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", a_png(2000, 2)])
def test_an_unfit_logo_is_refused_at_its_field(
    browser: FlaskClient, organisation: Organisation, content: bytes
) -> None:
    url = f"/desk/organisations/{organisation.id}/logo"
    answer = submit(browser, url, logo=(BytesIO(content), "logo.png"))

    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.STAFF, Role.DOOR, None])
def test_to_everybody_else_these_desks_do_not_exist(
    client: FlaskClient, organisation: Organisation, role: Role | None
) -> None:
    user = a_user(organisation, role) if role else a_user(an_organisation(), Role.ADMINISTRATOR)
    browser = signed_in(client, user)
    token = csrf_of(browser.get("/desk/account"))
    desk = f"/desk/organisations/{organisation.id}"

    for path in (desk, f"{desk}/logo"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, data={"csrf_token": token}).status_code == 404
    assert browser.post(f"{desk}/logo/remove", data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize(
    "path", ["", "/organisations/new", "/organisations/1", "/sectors/new", "/agreements/new"]
)
def test_the_platform_is_for_its_administrators(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/desk/platform{path}").status_code == 404


def test_the_platform_adds_organisations_sectors_and_agreements(
    platform: FlaskClient, organisation: Organisation
) -> None:
    answer = submit(
        platform, "/desk/platform/sectors/new", **{"name-de": "Holz", "name-en": "Wood"}
    )
    assert answer.location == "/desk/platform"
    [wood] = queries.sectors("de")

    answer = submit(
        platform,
        "/desk/platform/organisations/new",
        initials="WO",
        sector_ids=[str(wood.id)],
        **{"name-de": "Holz.NRW", "short_name-de": "Holz.NRW"},
    )
    added = queries.organisation_by_slug("holz-nrw")
    assert answer.location == f"/desk/organisations/{added.id}/members/invite"
    assert added.accent != organisation.accent

    answer = submit(
        platform,
        "/desk/platform/agreements/new",
        signed_on="2011-02-15",
        place="Düsseldorf",
        party_ids=[str(added.id), str(organisation.id)],
        **{"title-de": "Vereinbarung"},
    )
    assert answer.location == "/desk/platform"
    [agreement] = queries.agreements()
    assert len(agreement.parties) == 2

    page = platform.get("/desk/platform").get_data(as_text=True)
    for words in ("Holz.NRW", "Vereinbarung", "Wood"):
        assert words in page


def test_an_agreement_needs_two_parties(platform: FlaskClient, organisation: Organisation) -> None:
    answer = submit(
        platform,
        "/desk/platform/agreements/new",
        signed_on="2011-02-15",
        party_ids=[str(organisation.id)],
        **{"title-de": "Vereinbarung"},
    )

    assert answer.status_code == 422
    assert 'id="party_ids-error"' in answer.get_data(as_text=True)


def test_the_platform_ends_an_organisation_and_names_its_successor(
    platform: FlaskClient, organisation: Organisation
) -> None:
    heir = an_organisation("Erbe")
    answer = submit(
        platform,
        f"/desk/platform/organisations/{organisation.id}",
        valid_to="2020-12-31",
        successor_id=str(heir.id),
    )

    assert answer.location == "/desk/platform"
    assert fresh(organisation).successor_id == heir.id
    wrong = submit(
        platform,
        f"/desk/platform/organisations/{organisation.id}",
        valid_from="2021-01-01",
        valid_to="2020-12-31",
    )
    assert wrong.status_code == 422


def test_sectors_and_agreements_are_changed(
    platform: FlaskClient, organisation: Organisation
) -> None:
    sector = saved(Sector(code="wood", name=Localized(de="Holz")))
    url = f"/desk/platform/sectors/{sector.id}"

    assert submit(platform, url, **{"name-sl": "Les"}).location == "/desk/platform"

    assert queries.sectors("sl")[0].name == Localized(de="Holz", sl="Les")
    assert platform.get("/desk/platform/sectors/99999").status_code == 404
    assert platform.get("/desk/platform/agreements/99999").status_code == 404


def test_an_empty_platform_says_what_to_do_first(client: FlaskClient) -> None:
    browser = signed_in(client, a_user(is_platform_admin=True))

    page = browser.get("/desk/platform").get_data(as_text=True)

    assert "/desk/platform/organisations/new" in page


def test_the_largest_logo_fits_through_the_limit_on_requests() -> None:
    assert service.LOGO_BYTES * 1.5 < BODY_LIMIT
