"""What a guest types into the registration form."""

from __future__ import annotations


def fields_of(hidden: dict[str, str], number: int, companions: int = 0) -> dict[str, str]:
    """The form of guest ``number``, with the hidden fields that the page gave."""
    fields = {
        **hidden,
        "given_name": "Maja",
        "family_name": f"Kovač {number}",
        "email": f"guest-{number}@example.org",
        "organisation": "Tehnika Žagar d.o.o.",
        "country": "SI",
    }
    for n in range(companions):
        fields[f"companions-{n}-given_name"] = "Luka"
        fields[f"companions-{n}-family_name"] = f"Žagar {number}-{n}"
    return fields
