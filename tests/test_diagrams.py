"""The drawn pictures are those of the code."""

from __future__ import annotations

from diagrams import entities, layers, states
from diagrams.__main__ import DOCS, DRAWN, redrawn, stale
from event_mgmt.core.database import Base
from event_mgmt.events.enums import EventStatus, PartnerStatus
from event_mgmt.mail.models import MessageState
from event_mgmt.registrations.enums import Status
from tests.transitions import BY_COLUMN


def test_the_committed_pictures_are_what_the_code_draws() -> None:
    found = [path.name for path in stale()]

    assert found == [], "the code has changed: run 'make diagrams'"


def test_every_picture_has_its_place_in_one_document() -> None:
    texts = [path.read_text() for path in DOCS.glob("*.md")]

    assert {name: sum(f"<!-- drawn: {name} -->" in text for text in texts) for name in DRAWN} == (
        dict.fromkeys(DRAWN, 1)
    )


def test_a_picture_that_somebody_changed_by_hand_is_stale() -> None:
    """The control of the tests above."""
    drawn = (DOCS / "domain.md").read_text()

    changed = drawn.replace("draft --> published", "draft --> finished")

    assert changed != drawn
    assert redrawn(changed) == drawn


def test_every_state_stands_in_its_picture() -> None:
    pictures = {
        EventStatus: states.event(),
        PartnerStatus: states.partner(),
        Status: states.registration(),
        MessageState: states.message(),
    }

    for enumeration, picture in pictures.items():
        assert {state.value for state in enumeration} <= set(picture.split()), enumeration


def test_each_table_of_transitions_says_something_of_every_state() -> None:
    for where, (transitions, *_late) in BY_COLUMN.items():
        [enumeration] = {type(state) for state in transitions}

        assert set(transitions) == set(enumeration), where


def test_every_table_is_listed_or_joins_two_others_and_those_that_lead_anywhere_are_drawn() -> None:
    drawn = "".join(map(entities.picture, entities.GROUPS))
    leading = {reference.table for reference in entities.references()}
    listed = {entity.table.name for entity in entities.entities()}

    assert set(Base.metadata.tables) <= listed | leading
    assert [name for name in leading if f"o{{ {name} : " not in drawn] == []


def test_every_layer_stands_in_the_house_with_its_own_words() -> None:
    house = layers.house()

    for name in (name for layer in layers.layers() for name in layer):
        assert f"| {name} " in house
        assert layers.about(name), name
