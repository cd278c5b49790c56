"""Academic titles by their rank, as they are written; read wherever a title is told from a name.

Words as ``bare`` gives them: in small letters, without full stops. Sources: for Germany the form of
address guide of the Federal Ministry of the Interior (BMI, Ratgeber für Anschriften und Anreden),
for Slovenia the Academic Titles Act (ZSZN-1) and its older degrees.
"""

from __future__ import annotations

from typing import Final

DOCTORS_BEFORE: Final = frozenset(
    {"dr", "ddr", "dddr", "doktor", "doktorica", "doktorin", "doctor"}
    | {"mudr", "mddr", "mvdr", "judr", "phdr", "rndr", "paeddr", "pharmdr", "thdr"}
)
"""Doctors whose title stands before the name, Czech and Slovak ones too."""

DOCTORS_AFTER: Final = frozenset(
    {"phd", "dphil", "dsc", "drsc", "scd", "dds", "dvm", "edd", "engd", "dba"}
)
"""Doctors whose title stands after the name, as in English. Some are names as well ("Edd").

"MD" is none of them: in German ministries it is an office.
"""

DOCTORS: Final = DOCTORS_BEFORE | DOCTORS_AFTER
"""Abroad the rules of a person's country apply, and there all of these are addressed as doctors."""

PROFESSORS: Final = frozenset(
    {"prof", "professor", "professorin", "profesor", "profesorica"}
    | {"honorarprofessor", "honorarprofessorin", "juniorprofessor", "juniorprofessorin"}
    | {"juniorprof", "univprof"}
)
ACADEMICIANS: Final = frozenset({"akad", "akademik", "akademikinja"})
DOCENTS: Final = frozenset({"doc", "docent", "docentka"})
MASTERS: Final = frozenset({"mag", "magister", "magistrica", "mmag"})

BEFORE_PROFESSOR: Final = frozenset({"izr", "red", "zasl", "univ", "jun", "hon", "apl", "assoc"})
"""What may precede a professor or a doctor ("izr. prof. dr."), and alone may be a name ("Red")."""

RANKS: Final = frozenset(
    {"o", "ao", "em", "emer", "gost", "tit"}
    | {"asist", "vis", "pred", "lekt", "znan", "sod", "svet", "strok"}
)
"""Ranks of teachers and researchers that precede a title: "o. Univ.-Prof.", "viš. pred. mag."."""

BEFORE_NAMES: Final = DOCTORS_BEFORE | PROFESSORS | ACADEMICIANS | DOCENTS | MASTERS
"""Whole titles that stand before a name."""

SPELT_OUT: Final = frozenset(
    {"doktor", "doktorica", "doktorin", "doctor", "magister", "magistrica", "docent", "docentka"}
    | {"professor", "professorin", "profesor", "profesorica", "akademik", "akademikinja"}
    | {"edd", "dds", "dba", "dvm"}
)
"""Titles that are people's names as well ("Ana Doktor", "Edd Kos")."""
