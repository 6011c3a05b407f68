"""The pages of one record. A reference may hold slashes; what is done with the record follows a dash."""

from django.urls import path, register_converter

from alongside.staff import assignment, events, facts, promises, record, restriction, sharing, tell
from alongside.staff.references import ReferenceConverter

register_converter(ReferenceConverter, "reference")

urlpatterns = [
    path("<reference:reference>/-/tell/", tell.tell, name="tell_victim"),
    path("<reference:reference>/-/tell/words/", tell.words, name="tell_victim_words"),
    path("<reference:reference>/-/tell/attempt/", tell.attempt, name="tell_victim_attempt"),
    path("<reference:reference>/-/duties/<uuid:duty_id>/", record.duty, name="record_duty"),
    path("<reference:reference>/-/events/add/", events.choose_kind, name="record_event_kind"),
    path("<reference:reference>/-/events/add/<str:kind>/", events.add, name="record_event_add"),
    path("<reference:reference>/-/events/<path:event_id>/void/", events.void, name="record_event_void"),
    path("<reference:reference>/-/promises/<path:event_id>/kept/", promises.keep, name="promise_kept"),
    path("<reference:reference>/-/facts/", facts.set_facts, name="record_facts"),
    path("<reference:reference>/-/assignment/", assignment.assign, name="record_assignment"),
    path("<reference:reference>/-/restriction/", restriction.restriction, name="record_restriction"),
    path("<reference:reference>/-/readers/", restriction.readers, name="record_readers"),
    path("<reference:reference>/-/sharing/", sharing.share, name="record_sharing"),
    path("<reference:reference>/-/sharing/<uuid:grant_id>/stop/", sharing.stop, name="record_sharing_stop"),
    path("<reference:reference>/", record.record, name="record"),
]
