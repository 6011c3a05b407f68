"""Every address, for every role and every kind of record, as a table that people can read.

The requests run as the login that the web processes use, so a missing grant shows here as an error and a
grant too many as a page. When an address or a role is added the tests print the table as it is now: read the
difference, and if it is what was meant, `GOLDEN=write` keeps it (tests/golden/routes.csv, records.csv).
"""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse

from alongside.access import actors
from alongside.access.models import Access, Force
from alongside.care.models import CareRecord, Duty, Event, Grant
from tests.factories import care_record, force, sign_in, user
from tests.routes import REPORTED, restricted, routes, shared

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[1] / "golden"
ROLES = list(yaml.safe_load((Path(actors.__file__).parent / "roles.yaml").read_text()))
ANY = UUID(int=7)
WORDS = {200: "yes", 302: "led on", 403: "no", 404: "not there", 405: "post only"}


@contextmanager
def as_the_web_login() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION alongside_web")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")


def staff_routes() -> list[tuple[str, URLPattern]]:
    return [(name, entry) for name, entry in routes() if name.startswith("staff:")]


def address(name: str, entry: URLPattern, record: CareRecord) -> str:
    """The address for this record, with something of the record in every other place."""
    duty = Duty.objects.filter(care_record=record).first()
    grant = Grant.objects.filter(care_record=record).first()
    known = {
        "reference": record.reference,
        "duty_id": duty.pk if duty else ANY,
        "grant_id": grant.pk if grant else ANY,
        "event_id": "reported",
        "kind": "suspect.arrested",
        "filter_id": ANY,
    }
    return reverse(name, kwargs={key: known[key] for key in entry.pattern.converters})


def status(client: Client, where: str) -> str:
    with as_the_web_login():
        response = client.get(where)
    return WORDS.get(response.status_code, str(response.status_code))


def signed_in(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


def compare(name: str, header: list[str], rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(written.getvalue())
    assert written.getvalue() == path.read_text()


@pytest.fixture
def here() -> Force:
    return force("WM")


def test_every_staff_address_for_every_role(here):
    record = care_record(here, REPORTED)
    clients = {role: signed_in(user(here, role)) for role in ROLES}

    table = [
        [name, *(status(client, address(name, entry, record)) for client in clients.values())]
        for name, entry in sorted(staff_routes())
    ]

    compare("routes.csv", ["address", *ROLES], table)


def test_every_address_of_a_record_for_every_kind_of_record(here):
    """A supervisor may do everything; what differs is the record."""
    boss = user(here, "supervisor")
    elsewhere = force("WY")
    kinds = {
        "own": care_record(here, REPORTED),
        "restricted, named": restricted(here, by=boss),
        "restricted, not named": restricted(here, by=user(here, "supervisor")),
        "shared by another force": shared(elsewhere, to=here),
        "shared and restricted": shared(elsewhere, to=here, and_restricted=True),
        "another force's": care_record(elsewhere, REPORTED),
        "none": CareRecord(reference="nothing/V1"),
    }
    client = signed_in(boss)

    table = [
        [name, *(status(client, address(name, entry, record)) for record in kinds.values())]
        for name, entry in sorted(staff_routes())
        if "reference" in entry.pattern.converters
    ]

    compare("records.csv", ["address", *kinds], table)


def test_what_is_not_there_and_what_is_not_for_you_look_the_same(here):
    hidden = restricted(here, by=user(here, "supervisor"))
    client = signed_in(user(here, "supervisor"))

    def seen(reference: str) -> tuple[int, bytes]:
        with as_the_web_login():
            response = client.get(reverse("staff:record", kwargs={"reference": reference}))
        return response.status_code, response.content

    assert seen(hidden.reference) == seen("nothing/V1")


def test_knocking_at_a_closed_door_is_logged(here):
    hidden = restricted(here, by=user(here, "supervisor"))
    curious = user(here, "officer")
    client = signed_in(curious)

    status(client, reverse("staff:record", kwargs={"reference": hidden.reference}))

    line = Access.objects.filter(actor=curious, act="refused").get()
    assert (line.what, line.force_id) == ("staff:record", here.pk)


def test_a_post_to_what_is_not_for_you_changes_nothing(here):
    elsewhere = force("WY")
    hidden = {
        "restricted": restricted(here, by=user(here, "supervisor")),
        "another force's": care_record(elsewhere, REPORTED),
        "shared": shared(elsewhere, to=here),
    }
    client = signed_in(user(here, "supervisor"))
    before = (Event.objects.count(), set(CareRecord.objects.values_list("pk", "version", "restricted")))

    answers = {}
    for name, entry in staff_routes():
        if "reference" in entry.pattern.converters:
            for kind, record in hidden.items():
                where = address(name, entry, record)
                with as_the_web_login():
                    response = client.post(where, {"submission": str(ANY), "version": "1"})
                answers[name, kind] = response.status_code

    assert {key: code for key, code in answers.items() if code not in (403, 404, 405)} == {}
    assert (
        Event.objects.count(),
        set(CareRecord.objects.values_list("pk", "version", "restricted")),
    ) == before


def test_a_stranger_is_led_to_sign_in_from_every_staff_address(here):
    record = care_record(here, REPORTED)

    answers = {name: Client().get(address(name, entry, record)) for name, entry in staff_routes()}

    assert {
        name: answer.headers.get("Location", "").split("?")[0] for name, answer in answers.items()
    } == dict.fromkeys(answers, reverse("account_login"))
