"""The organiser's questions: which are asked of whom, and which answers are taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Protocol, TypeVar

from flask_babel import lazy_gettext as _l

from event_mgmt.core import numbers
from event_mgmt.core.number_texts import ambiguous_number_message
from event_mgmt.events.enums import QuestionKind
from event_mgmt.registrations.party import Answer, Party, Person, many_lines, one_line
from event_mgmt.registrations.people.person_matching import match_people, with_unasked_answers
from event_mgmt.registrations.problems import NOT_OFFERED, WRONG_TYPE, Problem, ProblemCode
from event_mgmt.registrations.refusals import AnswerRefused

SHORT_TEXT_MAX: Final = 200
LONG_TEXT_MAX: Final = 2000
LARGEST_NUMBER: Final = 10**12

YES: Final = "yes"
NO: Final = "no"


class QuestionLike(Protocol):
    """A question, as far as answering goes (a row, or a plain value in tests)."""

    id: int
    kind: QuestionKind
    options: list[dict[str, object]]
    retired_options: list[dict[str, object]]
    is_required: bool
    is_sensitive: bool
    asks_companions: bool
    shown_if_question: int | None
    shown_if_value: str


Q = TypeVar("Q", bound=QuestionLike)


@dataclass(frozen=True)
class Answers:
    """One person's answers, the sensitive ones apart, and what is wrong with the others."""

    plain: dict[str, Answer] = field(default_factory=dict)
    sensitive: dict[str, Answer] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)

    def store(self, question: QuestionLike, answer: Answer) -> None:
        """Note an answer where answers to this question belong."""
        (self.sensitive if question.is_sensitive else self.plain)[str(question.id)] = answer


def questions_for(questions: Iterable[Q], *, companion: bool) -> list[Q]:
    """The questions that go to a companion, or to the contact (all of them)."""
    return [q for q in questions if q.asks_companions or not companion]


def read_answers(
    questions: Sequence[QuestionLike],
    given: Mapping[str, object],
    *,
    companion: bool,
    locale: str,
    requires_answers: bool = True,
    stored: Mapping[str, Answer] | None = None,
) -> Answers:
    """The answers in ``given`` ({question id as text: raw value}) of one person.

    Numbers that were typed are read as somebody who writes ``locale`` means them.

    An answer to a question whose condition is not met, or that was not asked, is left out.
    A condition on a question that companions are not asked is never met for them.

    ``stored`` are the answers that the same person gave before. One that comes back stays as it
    is, although the question would not take it any more: its kind was changed, or the option taken
    away. One to a question that was hidden from the person before stays as well, since nobody has
    taken it back.
    """
    before = stored or {}
    found = Answers()
    answers_so_far: dict[int, Answer] = {}
    stored_so_far: dict[int, Answer] = {}
    for question in questions_for(questions, companion=companion):
        key = str(question.id)
        stored_answer = before.get(key)
        was_shown = is_shown(question, stored_so_far)
        if was_shown and stored_answer is not None:
            stored_so_far[question.id] = stored_answer
        if not is_shown(question, answers_so_far):
            if stored_answer is not None and not was_shown:
                found.store(question, stored_answer)
            continue
        try:
            answer = _read_one(question, given.get(key), stored_answer, locale)
        except _NoAnswerError as unread:
            found.problems[key] = unread.problem
            continue
        if answer is None:
            if question.is_required and requires_answers:
                found.problems[key] = _MISSING
            continue
        answers_so_far[question.id] = answer
        found.store(question, answer)
    return found


def is_shown(question: QuestionLike, answers_so_far: Mapping[int, Answer]) -> bool:
    """Whether ``question`` is asked of somebody who has given ``answers_so_far``."""
    if question.shown_if_question is None:
        return True
    return question.shown_if_value in as_values(answers_so_far.get(question.shown_if_question))


def as_values(answer: Answer | None) -> list[str]:
    """An answer as the values that conditions compare with: option keys, yes or no, or text."""
    if answer is None:
        return []
    if isinstance(answer, bool):
        return [YES if answer else NO]
    if isinstance(answer, list):
        return answer
    return [str(answer)]


def checked_party(
    questions: Sequence[QuestionLike],
    party: Party,
    *,
    requires_answers: bool = True,
    stored: Party | None = None,
) -> Party:
    """``party`` with only the answers that its event asks for, and those that the same people
    (of the party as ``stored``) gave to questions that they are not asked any more.

    Raises AnswerRefused, naming the form's field, at the first answer that cannot be taken or,
    if ``requires_answers``, at the first required one that is missing.
    """
    people = []
    matched = match_people(stored, party) if stored else [None] * party.seats
    for position, (person, before) in enumerate(zip(party.people, matched, strict=True)):
        asked = questions_for(questions, companion=position > 0)
        found = read_answers(
            asked,
            person.every_answer,
            companion=position > 0,
            locale=party.locale,
            requires_answers=requires_answers,
            stored=before.every_answer if before else None,
        )
        for key, problem in found.problems.items():
            prefix = f"companions-{position - 1}-" if position else ""
            raise AnswerRefused(problem.words, field=f"{prefix}question-{key}")
        checked = replace(person, answers=found.plain, sensitive=found.sensitive)
        if before is not None:
            keys = {str(question.id) for question in asked}
            checked = with_unasked_answers(checked, before, question_ids=keys)
        people.append(checked)
    return replace(party, contact=people[0], companions=tuple(people[1:]))


def without_answers(party: Party) -> Party:
    """``party`` as an event without questions takes it."""
    if not any(person.answers or person.sensitive for person in party.people):
        return party
    plain: Person = replace(party.contact, answers={}, sensitive={})
    companions = tuple(replace(p, answers={}, sensitive={}) for p in party.companions)
    return replace(party, contact=plain, companions=companions)


def _read_one(
    question: QuestionLike, raw: object, stored_answer: Answer | None, locale: str
) -> Answer | None:
    if raw in (None, "", []):
        return None
    if stored_answer is not None and type(raw) is type(stored_answer) and raw == stored_answer:
        return stored_answer
    if question.kind is QuestionKind.NUMBER:
        return _number(raw, locale)
    if question.kind is QuestionKind.CHOICES:
        return _choices(question, raw, stored_answer)
    reader = {
        QuestionKind.SHORT_TEXT: _short_text,
        QuestionKind.LONG_TEXT: _long_text,
        QuestionKind.CHOICE: _choice,
        QuestionKind.YES_NO: _yes_no,
        QuestionKind.DATE: _date,
    }[question.kind]
    return reader(question, raw)


class _NoAnswerError(Exception):
    """What was given is no answer to the question."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


_MISSING: Final = Problem(ProblemCode.MISSING, _l("Please answer this question."))
_SHORT_TEXT_TOO_LONG: Final = Problem(
    ProblemCode.TOO_LONG, _l("This is too long. Please use at most 200 characters.")
)
_LONG_TEXT_TOO_LONG: Final = Problem(
    ProblemCode.TOO_LONG, _l("This is too long. Please use at most 2000 characters.")
)
_NOT_A_CHOICE: Final = Problem(NOT_OFFERED.code, _l("Please choose one of the answers."))
_NOT_CHOICES: Final = Problem(NOT_OFFERED.code, _l("Please choose among the answers."))
_NO_YES_NO: Final = Problem(ProblemCode.UNREADABLE, _l("Please answer yes or no."))
_NO_NUMBER: Final = Problem(ProblemCode.UNREADABLE, _l("Please enter a number."))
_NO_DATE: Final = Problem(ProblemCode.UNREADABLE, _l("Please enter a date."))


def _words(raw: object, most: int, too_long: Problem) -> str:
    """A text as it was given; one of many times the length is not looked at."""
    if not isinstance(raw, str):
        raise _NoAnswerError(WRONG_TYPE)
    if len(raw) > 2 * most:
        raise _NoAnswerError(too_long)
    return raw


def _short_text(_question: QuestionLike, raw: object) -> str | None:
    text = one_line(_words(raw, SHORT_TEXT_MAX, _SHORT_TEXT_TOO_LONG))
    if len(text) > SHORT_TEXT_MAX:
        raise _NoAnswerError(_SHORT_TEXT_TOO_LONG)
    return text or None


def _long_text(_question: QuestionLike, raw: object) -> str | None:
    text = many_lines(_words(raw, LONG_TEXT_MAX, _LONG_TEXT_TOO_LONG))
    if len(text) > LONG_TEXT_MAX:
        raise _NoAnswerError(_LONG_TEXT_TOO_LONG)
    return text or None


def _keys(question: QuestionLike) -> list[str]:
    return [str(option["key"]) for option in question.options]


def _choice(question: QuestionLike, raw: object) -> str:
    if not isinstance(raw, str) or raw not in _keys(question):
        raise _NoAnswerError(_NOT_A_CHOICE)
    return raw


def _choices(question: QuestionLike, raw: object, stored_answer: Answer | None) -> list[str]:
    wanted = raw if isinstance(raw, list | tuple) else [raw]
    offered = dict.fromkeys([*_keys(question), *as_values(stored_answer)])
    if not all(isinstance(value, str) and value in offered for value in wanted):
        raise _NoAnswerError(_NOT_CHOICES)
    return [key for key in offered if key in wanted]


def _yes_no(_question: QuestionLike, raw: object) -> bool:
    if raw is True or raw == YES:
        return True
    if raw is False or raw == NO:
        return False
    raise _NoAnswerError(_NO_YES_NO)


def _number(raw: object, locale: str) -> int | float:
    number = _number_typed(raw, locale) if isinstance(raw, str) else raw
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise _NoAnswerError(_NO_NUMBER)
    if not abs(number) <= LARGEST_NUMBER:  # neither infinite nor no number at all
        raise _NoAnswerError(_NO_NUMBER)
    return number


def _number_typed(text: str, locale: str) -> int | float:
    try:
        return numbers.parse(text, locale)
    except numbers.Ambiguous as asked:
        words = ambiguous_number_message(asked)
        raise _NoAnswerError(Problem(ProblemCode.AMBIGUOUS, words)) from None
    except numbers.NotANumber:
        raise _NoAnswerError(_NO_NUMBER) from None


def _date(_question: QuestionLike, raw: object) -> str:
    try:
        return date.fromisoformat(raw if isinstance(raw, str) else "").isoformat()
    except ValueError:
        raise _NoAnswerError(_NO_DATE) from None
