"""What a care record and an event may be called by those who send them: nothing that a page can not show or
an address can not carry. A record that nobody could open would be owed to and never worked.
"""

import re
import unicodedata

LONGEST = 64
# Control, format (which turn the direction of text about), surrogates, unassigned, line and paragraph ends.
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
# In an address a browser takes "." and ".." away; "-" parts the record from what is done with it.
_RESERVED = frozenset({".", "..", "-", ""})
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_-]*(/[A-Za-z0-9][A-Za-z0-9:_-]*)*")


def faults(name: str, *, called: str) -> list[str]:
    """What is wrong with a reference or an id, in words; nothing when all is well."""
    if len(name) > LONGEST:
        return [f"{called} is longer than {LONGEST} characters"]
    if _PLAIN.fullmatch(name):
        return []
    if any(unicodedata.category(character) in _UNSHOWABLE for character in name):
        return [f"{called} has a character that can not be shown"]
    if name != name.strip():
        return [f"{called} begins or ends with a space"]
    if _RESERVED & set(name.split("/")):
        return [f"{called} can not stand in an address: a part between slashes is empty or one of . .. -"]
    return []
