"""Structured logs: one JSON object a line, with ids, names of routes and numbers. Never an address with
its query, never what somebody typed, never a name: a log is read by people who may not read records."""

import json
import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

FIELDS = ("method", "route", "status", "ms", "user", "job", "task")
OURS = ("alongside.", "demo.", "tests.")
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_requests = logging.getLogger("alongside.request")


class JsonFormatter(logging.Formatter):
    """Messages of ours are whole; of an exception only where it was raised and its type are kept,
    because its text often quotes the value that caused it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": _request_id.get(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            line |= _trouble(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value != ""}, default=str)


def _trouble(error: BaseException) -> dict[str, object]:
    places = []
    step = error.__traceback__
    while step:
        module = step.tb_frame.f_globals.get("__name__", "?")
        if module.startswith(OURS) or step.tb_next is None:
            places.append(f"{module}:{step.tb_lineno}")
        step = step.tb_next
    return {"error": type(error).__qualname__, "where": places}


def log_requests(handle: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, outermost: one line for each request, under an id that the answer carries too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        request_id = uuid4().hex
        token = _request_id.set(request_id)
        try:
            response = handle(request)
            response.headers["X-Request-ID"] = request_id
            match = request.resolver_match
            _requests.log(
                logging.ERROR if response.status_code >= 500 else logging.INFO,
                "request",
                extra={
                    "method": request.method,
                    "route": match.view_name or match.route if match else "",
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - begun) * 1000, 1),
                    "user": _user(request),
                },
            )
            return response
        finally:
            _request_id.reset(token)

    return middleware


def _user(request: HttpRequest) -> str:
    """Whoever signed in, if this request has looked already: a log line asks the database nothing."""
    user = request.__dict__.get("_cached_user")
    return str(user.pk) if user is not None and user.pk else ""
