"""The gate: who passes, what happens to a session that was left idle, and that nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from alongside.access import limits, sessions
from alongside.access.models import Access, Draft
from tests import factories
from tests.access.conftest import administrator, clock, code_of, minutes
from tests.factories import PASSWORD, user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.pages")]

TYPED = {
    "words": "He rang twice.",
    "when-day": "3",
    "when-month": "",
    "when-year": "2026",
    "submission": "not yet",
}


@pytest.fixture
def browser(officer, web):
    with administrator():
        factories.sign_in(web, officer)
    return web


def drafts() -> list[Draft]:
    with administrator():
        return list(Draft.objects.all())


def prove(browser: Client, address: str = "/account/again/?next=/staff/test/"):
    return browser.post(address, {"password": PASSWORD})


def test_a_stranger_is_led_to_sign_in_and_back():
    assert Client().get("/staff/test/?a=b").url == "/account/sign-in/?next=/staff/test/%3Fa%3Db"


def test_not_allowed_and_not_there_look_the_same_and_both_are_noted(browser):
    forbidden, missing = browser.get("/staff/test/supervise/"), browser.get("/staff/test/missing/")

    assert (forbidden.status_code, missing.status_code) == (403, 404)
    assert forbidden.text == missing.text
    with administrator():
        assert list(Access.objects.order_by("number").values_list("act", flat=True)) == ["refused", "refused"]


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH"])
def test_only_looking_and_posting_reach_a_page(browser, method):
    answer = browser.generic(method, "/staff/test/")

    assert (answer.status_code, answer.content) == (405, b"")


def test_a_gated_page_costs_six_statements_at_most(officer, browser):
    """Session, person, roles, limit, scope; the draft that this page asks for is its own."""
    from django.test.utils import CaptureQueriesContext

    browser.get("/staff/test/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/staff/test/supervise/")  # refused, so without the page's own

    asked = [query["sql"] for query in captured if not re.match("SAVEPOINT|RELEASE|ROLLBACK", query["sql"])]
    before_refusal = asked[: next(i for i, sql in enumerate(asked) if "set_config" in sql)]
    assert len(before_refusal) == 4, before_refusal


def test_an_idle_session_is_locked_and_opens_again_where_it_was(browser):
    with clock(minutes(20)):
        assert browser.get("/staff/test/").status_code == 200  # a minute's grace: seen is noted that often
    with clock(minutes(42)):
        locked = browser.get("/staff/test/?from=list")
        assert locked.url == "/account/again/?next=/staff/test/%3Ffrom%3Dlist"
        assert browser.get("/account/again/code/").status_code == 200
        assert prove(browser, locked.url).url == "/staff/test/?from=list"
        assert browser.get("/staff/test/").status_code == 200


def test_a_wrong_password_does_not_unlock(browser):
    with clock(minutes(22)):
        browser.post("/account/again/?next=/staff/test/", {"password": "wrong"})

        assert browser.get("/staff/test/").status_code == 302
    with administrator():
        assert Access.objects.get().act == "sign_in_failed"


def test_a_code_unlocks_too(officer, browser):
    with clock(minutes(22)):
        answer = browser.post("/account/again/code/?next=/staff/test/", {"code": code_of(officer)})

        assert answer.url == "/staff/test/"
        assert browser.get("/staff/test/").status_code == 200


def test_what_was_sent_too_late_is_kept_and_stands_in_the_form_again(browser):
    with clock(minutes(22)):
        late = browser.post("/staff/test/", {**TYPED, "password": "secret", "csrfmiddlewaretoken": "x"})
        assert late.url == "/account/again/?next=/staff/test/"
        assert [draft.fields for draft in drafts()] == [{name: [words] for name, words in TYPED.items()}]

        page = browser.get(prove(browser).url).text

        assert "He rang twice." in page
        assert re.search(r'name="when-year"[^>]*value="2026"', page)
        assert "kept=None" not in page
        assert "errors={}" in page  # nobody is told off for what they have not sent yet


def test_what_the_database_can_not_hold_is_left_out_of_a_draft(browser):
    with clock(minutes(22)):
        browser.post("/staff/test/", {"words": "He rang\0 twice.", "x\0": "y"})

    assert [draft.fields for draft in drafts()] == [{"words": ["He rang twice."]}]


def test_a_draft_goes_when_the_form_is_sent(browser):
    with clock(minutes(22)):
        browser.post("/staff/test/", TYPED)
        prove(browser)
        sent = browser.post(
            "/staff/test/",
            {
                "words": "He rang twice.",
                "when-day": "3",
                "when-month": "11",
                "when-year": "2025",
                "submission": "01890000-0000-7000-8000-000000000001",
            },
        )

    assert sent.status_code == 302
    assert drafts() == []
    assert "He rang twice." not in browser.get("/staff/test/").text


def test_a_draft_is_for_its_author_only(here, browser):
    with clock(minutes(22)):
        browser.post("/staff/test/", TYPED)
    with administrator():
        other = user(here, "officer")
        factories.sign_in(browser, other)

    assert "He rang twice." not in browser.get("/staff/test/").text


def test_after_twelve_hours_one_signs_in_anew_and_finds_what_was_typed(officer, browser):
    with clock(minutes(12 * 60)):
        assert browser.post("/staff/test/", TYPED).url == "/account/sign-in/?next=/staff/test/"
        assert browser.get("/staff/test/").url.startswith("/account/sign-in/")
    with administrator():
        assert Access.objects.get().what == "time-out"
        factories.sign_in(browser, officer)

    assert "He rang twice." in browser.get("/staff/test/").text


def test_twelve_hours_end_a_session_that_was_never_idle(officer, browser):
    with administrator():
        session = browser.session
        session[sessions.SEEN] = minutes(12 * 60 - 1).timestamp()
        session.save()

    with clock(minutes(12 * 60 + 1)):
        assert browser.get("/staff/test/").url.startswith("/account/sign-in/")


def test_saying_that_one_is_there_keeps_the_session(browser):
    with clock(minutes(19)):
        assert browser.post("/staff/session/").status_code == 204
    with clock(minutes(38)):
        assert browser.get("/staff/test/").status_code == 200


def test_a_script_is_told_when_the_session_is_locked(browser):
    with clock(minutes(22)):
        for address in ("/staff/session/", "/staff/drafts/?address=/staff/test/"):
            answer = browser.post(address, TYPED, headers={"Sec-Fetch-Mode": "cors"})
            assert answer.status_code == 401
    assert drafts() == []


def test_leaving_a_page_open_locks_it_and_leads_back(browser):
    locked = browser.get("/staff/session/lock/?next=/staff/test/")

    assert locked.url == "/account/again/?next=%2Fstaff%2Ftest%2F"
    assert browser.get("/staff/test/").status_code == 302


def test_a_page_saves_what_is_typed(browser):
    saved = browser.post("/staff/drafts/?address=/staff/test/", TYPED)

    assert saved.status_code == 204
    assert "He rang twice." in browser.get("/staff/test/").text


@pytest.mark.parametrize(
    ("address", "fields", "status"),
    [
        ("/nowhere/", TYPED, 404),
        ("", TYPED, 404),
        ("https://evil.test/staff/test/", TYPED, 404),
        ("/staff/test/", {"words": "x" * 70_000}, 413),
        ("/staff/test/", {"csrfmiddlewaretoken": "x"}, 413),
    ],
)
def test_a_draft_that_can_not_be_kept_is_refused(browser, address, fields, status):
    assert browser.post(f"/staff/drafts/?address={address}", fields).status_code == status
    assert drafts() == []


def test_old_drafts_are_thrown_away(officer, browser):
    from alongside.access.tasks import discard_old_drafts

    browser.post("/staff/drafts/?address=/staff/test/", TYPED)
    with administrator():
        discard_old_drafts(timestamp=0)
        assert Draft.objects.count() == 1
        Draft.objects.update(saved_at=minutes(0) - timedelta(days=8))
        discard_old_drafts(timestamp=0)
        assert Draft.objects.count() == 0


def test_somebody_who_writes_without_end_is_stopped_for_a_minute(browser, monkeypatch):
    monkeypatch.setattr(limits, "WRITES", 3)

    assert [browser.post("/staff/session/").status_code for _ in range(4)] == [204, 204, 204, 429]
    assert browser.get("/staff/test/").status_code == 200  # reading is counted apart
    with clock(minutes(1.1)):
        assert browser.post("/staff/session/").status_code == 204


def test_somebody_who_reads_without_end_is_stopped(browser, monkeypatch):
    monkeypatch.setattr(limits, "READS", 2)

    assert [browser.get("/staff/test/").status_code for _ in range(3)] == [200, 200, 429]


def test_a_warning_tells_the_page_all_it_needs(browser):
    answer = browser.get("/staff/test/?a=b")

    assert answer.wsgi_request.timeout == {
        "keep_alive": "/staff/session/",
        "signs_out_to": "/staff/session/lock/?next=%2Fstaff%2Ftest%2F%3Fa%3Db",
        "seconds": 1200,
    }
