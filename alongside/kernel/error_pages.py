"""The pages for when something is wrong. config.urls names them as handlers; nothing here reads the database.

`not_found` and `not_allowed` show the same words: an address tells nobody whether a record is there.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(429)


def server_error(request: HttpRequest, **_: Any) -> HttpResponse:
    return _page(500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """settings.CSRF_FAILURE_VIEW: most often a page left open over night."""
    return _page(403, "csrf")


def _page(status: int, name: str = "") -> HttpResponse:
    # Without the request: its actor and its messages would be read from the database.
    return HttpResponse(render_to_string(f"kernel/errors/{name or status}.jinja"), status=status)
