"""A care reference in an address. It is the force's own and may hold slashes: WM-000123-26/V1."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from alongside.care import queries
from alongside.care.queries import CareRecord


class ReferenceConverter:
    regex = r"[^\x00-\x1f\x7f]+"  # no reference in the database can hold a NUL, and asking for one fails

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def opened(request: HttpRequest, reference: str, what: str = "record") -> CareRecord:
    """The record, and a line in the access log. Raises NotFound, which looks the same as not being allowed."""
    return queries.open_record(reference, actor=request.actor, now=timezone.now(), what=what)  # type: ignore[attr-defined]


def opened_to_change(request: HttpRequest, reference: str, what: str) -> CareRecord:
    """The record, if it is one of the asker's own force: what another force shares can only be read."""
    record = opened(request, reference, what)
    if record.force_id != request.actor.force_id:  # type: ignore[attr-defined]
        raise PermissionDenied
    return record
