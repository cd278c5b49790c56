"""Parties as plain data, and what the parser makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from event_mgmt.events.enums import QuestionKind
from event_mgmt.registrations.party import Party
from event_mgmt.registrations.party_parser import GUEST, EntryRules, PartyProblems, parse_party


@dataclass(frozen=True)
class Asked:
    """A question, as far as answering goes."""

    id: int
    kind: QuestionKind
    options: list[dict[str, object]] = field(default_factory=list)
    retired_options: list[dict[str, object]] = field(default_factory=list)
    is_required: bool = False
    is_sensitive: bool = False
    asks_companions: bool = True
    shown_if_question: int | None = None
    shown_if_value: str = ""


OPTIONS: list[dict[str, object]] = [{"key": "a"}, {"key": "b"}]
ONE_OF_EACH = [
    Asked(number, kind, OPTIONS if "choice" in kind else [], is_sensitive=number % 2 == 0)
    for number, kind in enumerate(QuestionKind, start=1)
]
BY_KIND = {question.kind: question for question in ONE_OF_EACH}

ANA: dict[str, Any] = {
    "given_name": "Ana",
    "family_name": "Novak",
    "email": "ana.novak@example.org",
    "organisation": "Tehnika d.o.o.",
    "country": "SI",
}


def a_mapping(companions: Any = (), **contact: Any) -> dict[str, Any]:
    return {"contact": {**ANA, **contact}, "companions": companions}


def parse(
    mapping: object,
    rules: EntryRules = GUEST,
    questions: Any = (),
    *,
    largest_party: int | None = 4,
    written_in: str = "de",
    stored: Party | None = None,
) -> Party | PartyProblems:
    return parse_party(
        mapping,
        questions,
        rules,
        written_in=written_in,
        largest_party=largest_party,
        stored=stored,
    )


def party_in(mapping: object, rules: EntryRules = GUEST, questions: Any = (), **how: Any) -> Party:
    found = parse(mapping, rules, questions, **how)
    assert isinstance(found, Party), {path: found[path].code for path in found}
    return found


def codes_in(
    mapping: object, rules: EntryRules = GUEST, questions: Any = (), **how: Any
) -> dict[str, str]:
    found = parse(mapping, rules, questions, **how)
    assert isinstance(found, PartyProblems)
    return {path: str(problem.code.value) for path, problem in found.items()}
