"""A task as its asker sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_number, format_percent, gettext as _, ngettext

from event_mgmt.tasks import arguments as task_arguments, queries, rules
from event_mgmt.tasks.enum_labels import REASONS
from event_mgmt.tasks.enums import Reason, TaskState
from event_mgmt.tasks.kinds import called, known_kinds
from event_mgmt.tasks.models import Task
from event_mgmt.web import times


@dataclass(frozen=True)
class TaskView:
    """What the page and its fragment show. ``percent`` is None where nothing can be said yet."""

    id: int
    title: str
    about: str
    asked: str
    state: TaskState
    sentence: str
    percent: int | None
    percent_words: str
    is_open: bool
    is_stopping: bool
    result_name: str
    result_goes: str


def view_of(task: Task, *, locale: str, now: datetime) -> TaskView:
    """``task`` in the reader's words."""
    return views_of([task], locale=locale, now=now)[0]


def views_of(tasks: Sequence[Task], *, locale: str, now: datetime) -> list[TaskView]:
    """Several of them; what their kinds say of them is read at once."""
    given = {task.id: _arguments(task) for task in tasks}
    prepared = _prepared(tasks, given)
    places = queries.places_in_queue(tasks)
    views = [
        _view(task, given[task.id], places.get(task.id, 0), locale=locale, now=now)
        for task in tasks
    ]
    del prepared  # only held until here, so that the kinds find it in the session
    return views


def _prepared(tasks: Sequence[Task], given: Mapping[int, object]) -> list[object]:
    """What the kinds read ahead, to be held while they speak."""
    return [
        kind.prepare(known)
        for kind in known_kinds().values()
        if kind.prepare
        and (
            known := [
                given[task.id]
                for task in tasks
                if task.kind == kind.name and given[task.id] is not None
            ]
        )
    ]


def _arguments(task: Task) -> object:
    """The task's arguments; None where this version cannot read them."""
    kind = known_kinds().get(task.kind)
    try:
        return None if kind is None else task_arguments.read(kind.arguments, task.arguments)
    except task_arguments.UnreadableArguments:
        return None


def _view(task: Task, arguments: object, before: int, *, locale: str, now: datetime) -> TaskView:
    has_result = queries.has_result(task, now=now)
    return TaskView(
        id=task.id,
        title=_title(task),
        about=known_kinds()[task.kind].about(arguments, locale) if arguments else "",
        asked=times.short_datetime(task.created_at, times.READERS_ZONE, locale),
        state=task.state,
        sentence=_sentence(task, before),
        percent=task.progress if task.state is TaskState.RUNNING else None,
        percent_words=format_percent(task.progress / 100),
        is_open=task.is_open,
        is_stopping=task.is_open and task.is_cancel_asked,
        result_name=task.result_name if has_result else "",
        result_goes=_goes(task, locale) if has_result else "",
    )


def _title(task: Task) -> str:
    return called(task.kind) if task.kind in known_kinds() else _("Task")


def _goes(task: Task, locale: str) -> str:
    assert task.ended_at is not None
    return times.short_datetime(rules.result_goes_at(task.ended_at), times.READERS_ZONE, locale)


def _sentence(task: Task, before: int) -> str:
    if task.is_open and task.is_cancel_asked:
        return _("The task is being stopped.")
    match task.state:
        case TaskState.WAITING:
            return _waiting(before)
        case TaskState.RUNNING:
            return _progress(task) or _("The task has begun.")
        case TaskState.DONE:
            return _("The task is done.")
        case TaskState.FAILED:
            return _why(task)
        case TaskState.CANCELLED:
            return _("You stopped the task. Nothing of it is left.")


def _waiting(before: int) -> str:
    if not before:
        return _("The task begins in a moment.")
    words = ngettext("%(num)d task waits before it.", "%(num)d tasks wait before it.", before)
    turns = _("Each organisation has its turn.")
    return f"{words} {turns}"


def _progress(task: Task) -> str:
    kind = known_kinds().get(task.kind)
    sentence = kind.sentences.get(task.progress_code) if kind else None
    if sentence is None:
        return ""
    shown = {name: _shown(value) for name, value in task.progress_values.items()}
    try:
        return str(sentence) % shown
    except (KeyError, ValueError):  # written by another version
        return ""


def _shown(value: object) -> str:
    return format_number(value) if isinstance(value, int) else str(value)


def _why(task: Task) -> str:
    if task.reason is Reason.REFUSED:
        return task.words
    return str(REASONS[task.reason])
