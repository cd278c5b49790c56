"""Passwords of twelve and more characters that everybody tries first.

Shorter ones are refused for their length. Compared without case, without the digits and signs that
people put around a word, and without repetition, so that one entry stands for its whole family
("Password1234!", "geheimgeheim").
"""

from __future__ import annotations

from typing import Final

STEMS: Final = frozenset(
    """
    password passwort geslo geslogeslo kennwort geheim geheimes hallo hallowelt willkommen
    dobrodosli dobrodošli pozdravljen welcome letmein login admin administrator root test testtest
    user benutzer uporabnik qwerty qwertz qwertyuiop qwertzuiop qwertzuiopü asdfghjkl asdfghjklö
    asdfgh yxcvbnm zxcvbnm qwertyuiopasdfghjkl qwertzuiopasdfghjkl qazwsxedc qazwsxedcrfv
    qweasdzxc qweasdyxc abcdef abcdefg abcdefgh abcdefghij abcdefghijkl abc aaa iloveyou
    ichliebedich ljubimte sunshine sonnenschein sonne sommer winter frühling herbst poletje zima
    pomlad jesen monday montag ponedeljek januar januarja februar deutschland slovenija slowenien
    slovenia düsseldorf duesseldorf dusseldorf ljubljana maribor köln koeln berlin münchen
    dortmund bayern fussball fußball football nogomet schalke schatz schatzi liebling master
    monkey dragon princess superman batman starwars pokemon computer internet default changeme
    aendern ändern bitteaendern spremeni secret topsecret trustno correcthorsebatterystaple
    mustermann maxmustermann janeznovak passwordpassword passwortpasswort konsulat consulate
    konzulat cluster veranstaltung veranstaltungen delegation delegationen event events
    """.split()  # noqa: SIM905 - one word a line would fill three screens
)
