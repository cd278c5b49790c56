"""Questions and options that were taken away and come back: the same words are the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from event_mgmt.core.localized import Localized
from event_mgmt.events.inputs import QuestionInput
from event_mgmt.events.models import Question


def match_former_questions(
    questions: Sequence[Question], asks: Sequence[QuestionInput]
) -> list[QuestionInput]:
    """``asks``, new ones with the id of the retired question that they repeat, and new options
    with the key of the former option that they repeat; conditions follow.
    """
    rows = {row.id: row for row in questions}
    retired = [row for row in reversed(questions) if row.retired_at is not None]
    found: list[QuestionInput] = []
    keys_of: dict[str, dict[str, str]] = {}
    for ask in asks:
        same = next((row for row in retired if ask.id is None and _repeats(row, ask)), None)
        if same is not None:
            retired.remove(same)
        row = same or rows.get(ask.id or 0)
        keys = _former_keys(row, ask) if row is not None else {}
        keys_of[ask.ref] = keys
        options = {keys.get(key, key): label for key, label in ask.options.items()}
        found.append(replace(ask, id=row.id if row else ask.id, options=options))
    return [_with_condition(ask, keys_of) for ask in found]


def _repeats(row: Question, ask: QuestionInput) -> bool:
    same = (row.kind, row.is_sensitive) == (ask.kind, ask.is_sensitive)
    return same and _same_words(row.label, ask.label)


def _former_keys(row: Question, ask: QuestionInput) -> dict[str, str]:
    known = {str(o["key"]): Localized(o["label"]) for o in [*row.options, *row.retired_options]}
    free = {key: label for key, label in known.items() if key not in ask.options}
    found: dict[str, str] = {}
    for key, label in ask.options.items():
        same = [former for former, words in free.items() if _same_words(words, label)]
        if key not in known and same:
            found[key] = same[0]
            del free[same[0]]
    return found


def _with_condition(ask: QuestionInput, keys_of: dict[str, dict[str, str]]) -> QuestionInput:
    if ask.shown_if is None:
        return ask
    ref, answer = ask.shown_if
    return replace(ask, shown_if=(ref, keys_of[ref].get(answer, answer)))


def _same_words(one: Localized, other: Localized) -> bool:
    """Whether two texts say the same in every language that both have, and have one in common."""
    common = set(one) & set(other)
    return bool(common) and all(one[at].casefold() == other[at].casefold() for at in common)
