"""The doors of the house, and what a machine asks to know whether it is well."""

from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alongside.access import gate

WORKER_IS_SILENT_AFTER = "2 minutes"


@gate.public
@require_safe
def choose_your_door(request: HttpRequest) -> HttpResponse:
    return render(request, "config/choose_your_door.jinja", {"demonstration": settings.DEMONSTRATION})


@gate.public
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """This process answers. Says nothing about the database, so that a slow one restarts nobody."""
    return JsonResponse({"live": True})


@gate.public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Requests can be served, and jobs are being done."""
    try:
        parts = {"database": True, "migrations": not _missing_migrations(), "worker": _worker_is_alive()}
    except DatabaseError:
        parts = {"database": False}
    well = all(parts.values())
    return JsonResponse({"ready": well, **parts}, status=200 if well else 503)


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(connection=None).disk_migrations)


def _missing_migrations() -> frozenset[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return _known_migrations() - frozenset(cursor.fetchall())


def _worker_is_alive() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - %s::interval)",
            [WORKER_IS_SILENT_AFTER],
        )
        return cursor.fetchone()[0]
