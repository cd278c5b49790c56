"""What is known about whom and until when: of one event, of an organisation, of the platform."""

from __future__ import annotations

from flask import current_app, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event_mgmt.accounts.access import (
    ANYONE,
    PLATFORM,
    on_event,
    on_organisation,
    open_to,
    session_user,
)
from event_mgmt.accounts.policy import OrganisationRight, Right
from event_mgmt.accounts.queries import StaffAccess, staff_access_of
from event_mgmt.core.clock import utc_now
from event_mgmt.core.privacy_notice import PRIVACY_VERSION
from event_mgmt.core.refusals import Missing
from event_mgmt.events.models import Event
from event_mgmt.privacy import (
    joint_controllers_paper,
    notice_versions,
    processing_record_paper,
    queries,
)
from event_mgmt.privacy.blueprint import bp
from event_mgmt.privacy.forms import PersonForm
from event_mgmt.privacy.papers import PaperDocument, PaperSection, pdf_of
from event_mgmt.privacy.scope import EVERYWHERE, PrivacyScope
from event_mgmt.settings import Settings
from event_mgmt.web import times
from event_mgmt.web.locale import current_language
from event_mgmt.web.paging import Pagination, page_number


@bp.get("/desk/events/<int:event_id>/privacy")
@open_to(on_event(Right.SEE_AUDIT))
def of_event(event: Event) -> str:
    """What is kept of one event, who sees it, when it goes, and what has gone."""
    (holding,) = queries.holdings([event])
    return render_template(
        "privacy/of_event.html",
        event=event,
        holding=holding,
        is_joint=joint_controllers_paper.is_joint(event),
    )


@bp.get("/desk/events/<int:event_id>/privacy/record-of-processing.pdf")
@open_to(on_event(Right.SEE_AUDIT))
def processing(event: Event) -> Response:
    """The record of processing activities of this event (Art. 30 GDPR)."""
    (holding,) = queries.holdings([event])
    settings, locale = _settings(), current_language()
    found = processing_record_paper.sections(holding, _staff(event), settings, locale=locale)
    return _paper(event, _("Record of processing (Art. 30 GDPR)"), found, "art-30")


@bp.get("/desk/events/<int:event_id>/privacy/joint-controllers.pdf")
@open_to(on_event(Right.SEE_AUDIT))
def joint(event: Event) -> Response:
    """The arrangement between those who host this event together (Art. 26 GDPR)."""
    if not joint_controllers_paper.is_joint(event):
        raise Missing
    (holding,) = queries.holdings([event])
    base_url, locale = _settings().public_base_url, current_language()
    found = joint_controllers_paper.sections(
        holding, _staff(event), base_url=base_url, locale=locale
    )
    return _paper(event, _("Joint controllers (Art. 26 GDPR)"), found, "art-26")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _staff(event: Event) -> list[StaffAccess]:
    return staff_access_of([body.id for body in event.hosts])


def _paper(event: Event, title: str, sections: list[PaperSection], name: str) -> Response:
    locale, now = current_language(), utc_now()
    hosts = event.hosts
    sheet = PaperDocument(
        locale=locale,
        title=title,
        subject=event.title.into(locale),
        hosts=" · ".join(h.short_name.into(locale) or h.name.into(locale) for h in hosts),
        accents=[host.accent for host in hosts],
        taken=_(
            "Made by %(name)s, %(moment)s",
            name=session_user().display_name,
            moment=times.short_datetime(now, event.time_zone, locale),
        ),
        made_at=now,
        sections=sections,
        when=times.span(event.starts_at, event.ends_at, event.time_zone, locale),
        place=", ".join(part for part in (event.venue_name, event.city) if part),
        names_guests=False,
    )
    answer = make_response(pdf_of(sheet))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{event.slug}-{name}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/privacy/<version>")
@open_to(ANYONE)
def notice(version: str) -> str:
    """One version of the privacy notice, as it read."""
    return render_template(
        "privacy/notice.html",
        version=version,
        versions=notice_versions.versions(),
        text=notice_versions.text_of(version, current_language()),
        present=PRIVACY_VERSION,
    )


@bp.get("/desk/organisations/<int:organisation_id>/privacy")
@open_to(on_organisation(OrganisationRight.PROTECT_DATA))
def organisation_overview(organisation_id: int) -> str:
    """What is kept of an organisation's events, and the way to one person."""
    return _overview(PrivacyScope(organisation_id))


@bp.get("/desk/platform/privacy")
@open_to(PLATFORM)
def platform_overview() -> str:
    """What is kept of all events, and the way to one person."""
    return _overview(EVERYWHERE)


def _overview(scope: PrivacyScope) -> str:
    number = page_number()
    found = queries.overview(host_ids=scope.host_ids, number=number)
    return render_template(
        "privacy/overview.html",
        holdings=found.holdings,
        page=Pagination(found.total, number, queries.PAGE_SIZE),
        erasures=queries.erasures(host_ids=scope.host_ids),
        organisation=scope.organisation(),
        form=PersonForm(),
        ways={"found": scope.url("found")},
    )
