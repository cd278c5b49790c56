"""A list as a long task: the same file as a direct download, prepared while somebody goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from event_mgmt.accounts.policy import Right, Viewer, attendee_scope, rights_on_event
from event_mgmt.attendee_lists import downloads, estimate, export_plan, queries
from event_mgmt.attendee_lists.criteria import ListCriteria, read_order
from event_mgmt.attendee_lists.downloads import ExportedFile
from event_mgmt.attendee_lists.export_plan import Exporter, ExportPlan, ExportRequest
from event_mgmt.attendee_lists.formats import registry
from event_mgmt.attendee_lists.models import Export
from event_mgmt.attendee_lists.refusals import TooManyForPaper
from event_mgmt.attendee_lists.service import record_export
from event_mgmt.audit.service import Actor
from event_mgmt.core.database import database_now, db
from event_mgmt.core.refusals import Missing
from event_mgmt.core.sizes import MEGABYTE
from event_mgmt.events.models import Event
from event_mgmt.events.queries import event_for_desk
from event_mgmt.tasks import service as tasks
from event_mgmt.tasks.arguments import Json
from event_mgmt.tasks.enums import AfterDeath
from event_mgmt.tasks.kinds import Produced, Taking, TaskKind, Work
from event_mgmt.tasks.service import About


@dataclass(frozen=True)
class ListArguments:
    """An ExportRequest as plain values, which a task's row can hold."""

    event_id: int
    format: str
    purpose: str
    columns: tuple[str, ...]
    criteria: Mapping[str, str]
    order: str
    is_sensitive: bool
    since: int | None

    @classmethod
    def of(cls, event: Event, wish: ExportRequest) -> ListArguments:
        """The arguments from which ``wish()`` makes the same request again."""
        return cls(
            event.id,
            wish.format,
            wish.purpose,
            wish.columns,
            wish.criteria.as_dict(),
            wish.order.value,
            wish.is_sensitive,
            wish.since,
        )

    def wish(self) -> ExportRequest:
        """The request; what this version does not know any more is left out."""
        return ExportRequest(
            self.format,
            self.purpose,
            self.columns,
            ListCriteria.read(self.criteria),
            read_order(self.order),
            self.is_sensitive,
            self.since,
        )


def take_or_ask(
    event: Event, wish: ExportRequest, *, taker: Exporter, folder: Path, now: datetime
) -> ExportedFile | int:
    """The list, or the id of the task that prepares it where nobody should wait for it.

    Raises what downloads.export_list raises, and TooManyOpen.
    """
    plan = export_plan.plan_export(event, wish, taker)
    people = queries.count_of(event, viewer=taker.viewer, criteria=plan.criteria)
    if plan.most is not None and people > plan.most and plan.since is None:
        raise TooManyForPaper(plan.most)
    if not estimate.is_long(plan.form.suffix, people=people, columns=len(plan.columns)):
        return downloads.export_list(event, wish, taker=taker, folder=folder, now=now)
    return tasks.ask(
        LIST_TASK.name,
        ListArguments.of(event, wish),
        viewer=taker.viewer,
        locale=taker.locale,
        about=About(_asked_for(event, taker.viewer), event.id),
        now=now,
    )


def _asked_for(event: Event, viewer: Viewer) -> int | None:
    """Whose turn the task takes: the host's, where the asker works for it, else a co-host's."""
    own = viewer.organisation_ids
    return event.host_id if event.host_id in own else min(own, default=None)


def may(given: ListArguments, viewer: Viewer) -> bool:
    """Whether the viewer may take such a list."""
    event = event_for_desk(given.event_id)
    rights = rights_on_event(viewer, event.parties()) if event else frozenset()
    return Right.EXPORT_ATTENDEES in rights and (
        not given.is_sensitive or Right.SEE_SENSITIVE in rights
    )


def run(given: ListArguments, work: Work) -> Produced:
    """Write the list into the work's folder."""
    now = database_now()
    event = _event(given)
    taker = Exporter(work.viewer, work.asker_name, work.locale)
    plan = export_plan.plan_export(event, given.wish(), taker)
    total = queries.count_of(event, viewer=taker.viewer, criteria=plan.criteria)
    # Reading is most of a spreadsheet's work, and less than half of a PDF's, which is then set.
    share = 40 if plan.form.suffix == "pdf" else 95

    def tell(count: int) -> None:
        if count >= total and share < 95:
            work.tell(share, "setting")
        else:
            work.tell(share * count // max(1, total), "read", count=count, total=total)

    path = work.folder / "list"
    count = downloads.write(event, plan, taker, path, now=now, tell=tell)
    facts = _facts(event, plan, taker, count, now)
    return Produced(path, downloads.file_name(plan, event, now), facts)


def _facts(
    event: Event, plan: ExportPlan, taker: Exporter, count: int, now: datetime
) -> dict[str, Json]:
    """What the record of exports will say, and whom the file may hold."""
    return {
        "at": now.isoformat(),
        "columns": [column.key for column in plan.columns],
        "rows": count,
        "scope": _scope(event, taker.viewer),
    }


def _scope(event: Event, viewer: Viewer) -> str:
    scope, organisations = attendee_scope(viewer, event.parties())
    return " ".join([scope.value, *map(str, sorted(organisations))])


def record(given: ListArguments, taking: Taking) -> None:
    """Write into the record of exports who takes the list, in the running transaction.

    Its time is that at which the list was read: the next list of changes begins there. Missing for
    whoever may see fewer people now, or others, than when it was written.
    """
    event, facts = _event(given), taking.facts
    if facts["scope"] != _scope(event, taking.viewer):
        raise Missing
    export = Export(
        at=datetime.fromisoformat(cast(str, facts["at"])),
        event_id=event.id,
        user_id=taking.user_id,
        format=given.format,
        purpose=" ".join(given.purpose.split())[: export_plan.LONGEST_PURPOSE],
        criteria=given.wish().facts(),
        columns=cast("list[str]", facts["columns"]),
        row_count=cast(int, facts["rows"]),
        sha256=taking.sha256,
    )
    by = Actor.user(taking.user_id)
    record_export(export, organisation_id=event.host_id, by=by, now=taking.at)


def _event(given: ListArguments) -> Event:
    event = event_for_desk(given.event_id)
    if event is None:
        raise Missing
    return event


def about(given: ListArguments, locale: str) -> str:
    """Which list of which event."""
    event = db.session.get(Event, given.event_id)
    parts = [registry.called(given.format), event.title.into(locale) if event else ""]
    return " · ".join(part for part in parts if part)


def prepare(several: Sequence[ListArguments]) -> object:
    """Read the events of several lists at once; they stay in the session while what is returned is
    held, so that ``about`` finds each there.
    """
    wanted = select(Event).where(Event.id.in_({given.event_id for given in several}))
    return db.session.scalars(wanted).all()


LIST_TASK: Final = TaskKind(
    name="attendee_list",
    label=_l("Attendee list"),
    arguments=ListArguments,
    run=run,
    may=may,
    after_death=AfterDeath.RESTART,
    sentences={
        "read": _l("%(count)s of %(total)s people are written."),
        "setting": _l("The pages are being laid out. That may take half a minute."),
    },
    record=record,
    about=about,
    prepare=prepare,
    memory=1024 * MEGABYTE,
)
