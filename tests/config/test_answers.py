"""What is true of every answer, whoever asks for whatever."""

import json
import logging
from dataclasses import replace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from alongside.config import middleware
from alongside.kernel import logs

ON_EVERY_ANSWER = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": middleware.UNUSED_BY_US,
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/health/live", "/health/ready", "/staff/", "/there-is-nothing-here/"]
)
def test_nothing_is_kept_framed_or_sniffed(client, address):
    response = client.get(address)

    assert {name: response.headers.get(name) for name in ON_EVERY_ANSWER} == ON_EVERY_ANSWER
    policy = dict(
        part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "asker"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1, 198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1, 198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_asker_is_whom_our_own_proxies_saw(settings, proxies, forwarded, asker):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, proxies=proxies)
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})

    seen = middleware.real_address(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))(request)

    assert seen.content.decode() == asker


@pytest.mark.django_db
def test_readiness_is_refused_while_nobody_does_the_jobs(client):
    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": True, "migrations": True, "worker": False}


def test_liveness_asks_the_database_nothing(client):
    assert client.get("/health/live").json() == {"live": True}


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(logs.JsonFormatter().format(record)) for record in caplog.records]


def test_a_log_line_has_the_route_and_never_what_was_asked_for(client: Client, caplog):
    with caplog.at_level(logging.INFO, "alongside.request"):
        response = client.get("/health/live?name=Amina+Hussain", headers={"Cookie": "session=secret"})

    (line,) = lines(caplog)
    assert line.keys() == {"at", "level", "logger", "message", "method", "route", "status", "ms"}
    assert (line["method"], line["route"], line["status"]) == ("GET", "health_live", 200)
    assert response.headers["X-Request-ID"]


def test_a_form_that_is_refused_leaves_no_address_in_the_log(caplog):
    with caplog.at_level(logging.INFO):
        Client(enforce_csrf_checks=True).post("/staff/records/WM-000123-26/V1/-/tell/")

    assert [line["route"] for line in lines(caplog)] == ["staff:tell_victim"]
    assert "WM-000123-26" not in json.dumps(lines(caplog))


def test_all_lines_of_a_request_carry_the_id_that_the_answer_carries(rf):
    said = []

    def view(request: HttpRequest) -> HttpResponse:
        said.append(logs.JsonFormatter().format(logging.makeLogRecord({"msg": "halfway"})))
        return HttpResponse()

    response = logs.log_requests(view)(rf.get("/"))

    assert json.loads(said[0])["request"] == response.headers["X-Request-ID"]


def test_an_exception_is_logged_without_its_text(caplog):
    try:
        raise ValueError("Amina Hussain, born 1990-01-01")
    except ValueError:
        logging.getLogger("alongside.test").exception("a job failed")

    (line,) = lines(caplog)
    assert "Amina" not in json.dumps(line)
    assert line["error"] == "ValueError"
    assert line["where"][0].startswith("tests.config.test_answers:")
