"""The care file: who, what happened to them, what is owed to them."""

from alongside.care.models.care_record import CareRecord, Grant, Named, Party
from alongside.care.models.crime import Crime
from alongside.care.models.duty import Duty
from alongside.care.models.event import Event, Note
from alongside.care.models.person import Person
from alongside.care.models.saved_filter import SavedFilter

__all__ = ["CareRecord", "Crime", "Duty", "Event", "Grant", "Named", "Note", "Party", "Person", "SavedFilter"]
