"""Every page, at a phone's and at a desk's width: nothing that axe finds wrong, nothing wider than the screen.

The pages come from the list of addresses: a new one fails here until it is said how to open it, or that it is
none. Each is opened on what strains it (long names, long words, every badge), and each form is sent empty.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse
from playwright.sync_api import Page

from alongside.access.command import one_time_address
from alongside.access.models import Force, User
from alongside.care.models import CareRecord, Duty, Party, SavedFilter
from alongside.kernel import error_pages
from tests.browser import fits, violations
from tests.factories import NOW, PASSWORD, Happening, care_record, force, person, team, user
from tests.journeys.conftest import HERE, BrowserAs
from tests.routes import REPORTED, restricted, routes, shared

pytestmark = [pytest.mark.django_db, pytest.mark.journey]

DESK, PHONE, SMALLEST_PHONE = 1280, 360, 320
DAY = timedelta(days=1)
LONG_NAME = "Maria-Magdalena Wilhelmina Featherstonehaugh-Cholmondeley van der Westhuizen-Hohenzollern"
LONG_WORD = "https://example.test/" + "a" * 120
OPEN_TO_ALL = {"choose_your_door", "account_login", "signed_out"}
SIGN_IN_STEPS = {"mfa_authenticate", "account_reset_password_from_key"}
OWN_ACCOUNT = {
    "account_logout", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "second_factor",
    "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
}  # fmt: skip
NEWCOMER = {"mfa_activate_totp"}
NO_PAGE = {
    "health_live": "for machines", "health_ready": "for machines", "mfa_login_webauthn": "what a passkey is asked",
    "stay_signed_in": "leads on", "lock_session": "leads on", "keep_draft": "takes a POST", "demo:sign_in": "leads on",
    "staff:worklist_delete_filter": "takes a POST", "staff:record_sharing_stop": "takes a POST",
}  # fmt: skip
# Forms to which nothing at all is an answer.
EMPTY_IS_AN_ANSWER = {
    "staff:promise_kept", "staff:record_assignment", "staff:record_facts", "staff:reassign_confirm",
}  # fmt: skip
# A form of each make among the many kinds of event.
EVENTS_TO_ADD = ("prosecution.declined", "needs.assessed", "contact.agreed", "promise.made", "care.closed")
OWN_FORM = 'main form[method="post"]:not([action], [hidden]), main form[action*="set-password"]'
PLAIN = {"Content-Type": "text/html; charset=utf-8"}
# Links inside a sentence or a list to read are as high as their line; a box to tick has its label around it.
TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary")]
    .filter(one => one.checkVisibility() && !one.matches(".govuk-skip-link, .govuk-list:not(.app-actions) a"))
    .filter(one => one.getBoundingClientRect().height < 44)
    .map(one => one.textContent.trim())"""
SEND_EMPTY = """form => {
    for (const field of form.elements) {
        if (field.type === "hidden") continue;
        field.checked = false;
        if (field.tagName !== "BUTTON" && !["radio", "checkbox"].includes(field.type)) field.value = "";
    }
    form.submit();
}"""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def here() -> Force:
    return force("WM", is_demonstration=True)


@pytest.fixture
def boss(here: Force) -> User:
    """Who may do everything with every record of their force."""
    long_team = team(here, "Vulnerability, Safeguarding and Rape-and-Serious-Sexual-Offences Team (North)")
    return user(here, "supervisor", name=LONG_NAME, in_team=long_team)


@pytest.fixture
def victim(here: Force, boss: User) -> CareRecord:
    made = care_record(
        here,
        Happening(
            "care.opened", NOW - 90 * DAY, data={"facts": ["victim", "enhanced", "offence:burglary", "loss"]}
        ),
        Happening("crime.reported", NOW - 90 * DAY, data={"route": "phone"}, event_id="reported"),
        Happening("needs.assessed", NOW - 89 * DAY, data={"enhanced": True, "gateways": ["vulnerable"]}),
        Happening(
            "contact.agreed", NOW - 80 * DAY, data={"every_days": 28, "route": "phone"}, words=LONG_WORD
        ),
        *(Happening("suspect.interviewed", NOW - 70 * DAY + n * DAY) for n in range(30)),
        Happening("suspect.arrested", NOW - 400 * DAY, event_id="arrest"),
        Happening("suspect.bailed", NOW - DAY, data={"until": "2026-07-20"}, event_id="mistake"),
        Happening("event.voided", NOW - DAY, data={"event": "mistake"}, words=f"Entered twice. {LONG_WORD}"),
        Happening("promise.made", NOW - DAY, data={"by": "2026-07-03"}, event_id="promise", words=LONG_WORD),
        person=strained(here),
        officer=boss,
        coordinator=boss,
        witness_care_officer=boss,
        team=boss.team,
        risk=3,
    )
    Party.objects.create(force=here, care_record=made, person=person(here, LONG_NAME), relation="suspect")
    care_record(here, crime=made.crime, reference=f"{made.reference}-second")
    return made


@pytest.fixture
def settled(here: Force, monkeypatch: pytest.MonkeyPatch) -> User:
    """Somebody with an authenticator app, a passkey (of which no page shows more than its name) and codes."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    made = user(here, name=LONG_NAME)
    TOTP.activate(made, generate_totp_secret())
    RecoveryCodes.activate(made)
    Authenticator.objects.create(
        user=made, type="webauthn", data={"name": LONG_NAME, "credential": {}, "passwordless": True}
    )
    return made


def strained(here: Force) -> object:
    return person(
        here,
        LONG_NAME,
        known_as=LONG_NAME[::-1],
        date_of_birth=date(2012, 7, 1),
        language="cy",
        needs=["interpreter", "large-print", "easy-read", "bsl"],
        safety_warning=f"Never ring the landline. Never leave a message: others may hear it. {LONG_WORD}",
    )


@pytest.fixture
def opened(browser_as: BrowserAs) -> Iterator[Callable[[Page, str], list[str]]]:
    """opened(page, address, status=200): what is wrong with the page at an address."""

    def open_page(page: Page, address: str, status: int = 200) -> list[str]:
        answer = page.goto(address)
        return faults(page) if answer.status == status else [f"answered {answer.status}"]

    yield open_page


def faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    found = [] if page.locator("h1").count() == 1 else ["has not one h1"]
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"{width}: {each}" for each in violations(page)]
        found += [] if fits(page) else [f"{width}: wider than the screen"]
    page.set_viewport_size({"width": SMALLEST_PHONE, "height": 640})
    return found if fits(page) else [*found, f"{SMALLEST_PHONE}: wider than the screen"]


def faults_when_sent_empty(page: Page) -> list[str] | None:
    """The same of the page with its errors; None where it has no form of its own."""
    form = page.locator(OWN_FORM).first
    if not form.count():
        return None
    with page.expect_navigation():
        form.evaluate(SEND_EMPTY)
    return faults(page) if page.locator(".govuk-error-summary").count() else ["had no errors"]


def staff_address(name: str, entry: URLPattern, record: CareRecord, boss: User) -> str:
    duty = Duty.objects.filter(care_record=record, state="open", owner="police").first()
    known = {
        "reference": record.reference,
        "duty_id": duty and duty.pk,
        "event_id": "promise" if name == "staff:promise_kept" else "reported",
        "kind": "suspect.arrested",
    }
    query = {
        "staff:tell_victim_words": "?about=arrest&about=update&route=phone&when=now",
        "staff:worklist": "?tab=all",
        "staff:worklist_save_filter": "?tab=all&risk=3",
        "staff:reassign": f"?duty={duty and duty.pk}&back=tab%3Dteam",
        "staff:reassign_confirm": f"?duty={duty and duty.pk}&to={boss.pk}",
    }.get(name, "")
    return reverse(name, kwargs={key: known[key] for key in entry.pattern.converters}) + query


def test_of_every_address_it_is_said_what_page_it_is():
    names = {name for name, _entry in routes()}
    said = OPEN_TO_ALL | SIGN_IN_STEPS | OWN_ACCOUNT | NEWCOMER | set(NO_PAGE)
    staff = {name for name in names if name.startswith("staff:")}

    assert names - staff - said == set()
    assert said - names <= {"demo:sign_in"}  # only where the demonstration is installed


@pytest.mark.parametrize("half", [0, 1])  # so that two processes can share the work
def test_every_page_of_staff_and_every_form_sent_empty(
    clock, browser_as: BrowserAs, opened, here, boss, victim, half
):
    successor = user(here, "officer", name=LONG_NAME, in_team=boss.team)
    page = browser_as(boss, now=NOW)
    found = {}

    for name, entry in sorted(routes(), key=lambda route: route[0])[half::2]:
        if not name.startswith("staff:") or name in NO_PAGE:
            continue
        found[name] = opened(page, staff_address(name, entry, victim, successor))
        if name not in EMPTY_IS_AN_ANSWER:
            found[f"{name}, sent empty"] = faults_when_sent_empty(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("kind", EVENTS_TO_ADD)
def test_the_form_of_an_event(clock, browser_as: BrowserAs, opened, boss, victim, kind):
    page = browser_as(boss, now=NOW)

    assert opened(page, f"/staff/records/{victim.reference}/-/events/add/{kind}/") == []


def records(here: Force, boss: User) -> dict[str, CareRecord]:
    """One of each kind of record."""
    elsewhere = force("WY")
    witness = Happening("care.opened", NOW - 20 * DAY, data={"facts": ["witness", "under-18"]})
    told = Happening("witness.required", NOW - 9 * DAY)
    return {
        "restricted": restricted(here, by=boss, person=strained(here)),
        "closed": care_record(here, REPORTED, Happening("care.closed", NOW - DAY, data={"reason": "moved"})),
        "shared": shared(elsewhere, to=here),
        "business": care_record(here, REPORTED, person=person(here, LONG_NAME, kind="business")),
        "nobody named": care_record(here, REPORTED, person=None),
        "witness": care_record(here, witness, told, role="witness", person=strained(here)),
        "nothing due": care_record(here),
    }


def test_the_record_and_the_telling_of_every_kind_of_record(clock, browser_as: BrowserAs, opened, here, boss):
    page = browser_as(boss, now=NOW)
    found = {}

    for kind, record in records(here, boss).items():
        found[kind] = opened(page, f"/staff/records/{record.reference}/")
        if kind != "shared":
            found[f"telling, {kind}"] = opened(page, f"/staff/records/{record.reference}/-/tell/")

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_worklist_in_every_state(clock, browser_as: BrowserAs, opened, here, boss, victim):
    SavedFilter.objects.create(force=here, user=boss, name=LONG_NAME, query="tab=all")
    page, idle = browser_as(boss, now=NOW), browser_as(user(here, "officer"), now=NOW)
    outside = browser_as(user(here, "auditor"), now=NOW)

    found = {
        "mine": opened(page, "/staff/"),
        "narrowed": opened(page, "/staff/?tab=all&risk=3&enhanced=yes&right=6"),
        "nothing fits": opened(page, "/staff/?tab=all&risk=1"),
        "no such filter": opened(page, "/staff/?tab=all&right=99"),
        "nothing due": opened(idle, "/staff/"),
        "nobody found": opened(page, f"/staff/worklist/reassign/?duty={a_duty(victim)}&q=nobody"),
        "nobody chosen": opened(page, f"/staff/worklist/reassign/?duty={a_duty(victim)}&choose=yes"),
        "not for this role": opened(outside, "/staff/", status=403),
    }

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_what_a_thumb_has_to_hit_is_44_pixels_high(clock, browser_as: BrowserAs, boss, victim):
    page = browser_as(boss, now=NOW, width=PHONE, touch=True)
    small = {}

    for place in (
        "/staff/?tab=all",
        f"/staff/records/{victim.reference}/",
        f"/staff/records/{victim.reference}/-/tell/",
    ):
        page.goto(place)
        small[place] = page.evaluate(TOO_SMALL)

    assert {place: found for place, found in small.items() if found} == {}


def a_duty(record: CareRecord) -> str:
    return str(Duty.objects.filter(care_record=record, owner="police", state="open").first().pk)


def test_every_page_that_is_open_to_all_and_every_step_of_signing_in(
    browser_as: BrowserAs, opened, here, settled
):
    cache.clear()
    page = browser_as(None)
    found = {name: opened(page, reverse(name)) for name in sorted(OPEN_TO_ALL)}

    page.goto("/account/sign-in/")
    found["sign in, sent empty"] = faults_when_sent_empty(page)
    sign_in_with_password(page, settled)
    found["mfa_authenticate"] = faults(page)
    found["mfa_authenticate, sent empty"] = faults_when_sent_empty(page)
    page.goto(one_time_address(user(here)))
    page.get_by_role("heading", name="Choose a password").wait_for()
    found["account_reset_password_from_key"] = faults(page)
    found["account_reset_password_from_key, sent empty"] = faults_when_sent_empty(page)
    found["an address that is used up"] = opened(page, "/account/set-password/0/x/")

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_page_after_too_many_tries(browser_as: BrowserAs, settled):
    cache.clear()
    client = Client()
    for _ in range(5):
        client.post("/account/sign-in/", {"login": settled.email, "password": "wrong"})
    page = browser_as(None, client=client)

    sign_in_with_password(page, settled)

    assert page.get_by_role("heading", name="Too many tries").is_visible()
    assert faults(page) == []
    cache.clear()


def sign_in_with_password(page: Page, someone: User) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("Email address").fill(someone.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    page.locator("h1").wait_for()


def test_every_page_of_ones_own_account(browser_as: BrowserAs, opened, here, settled):
    page, newcomer = browser_as(settled), browser_as(user(here), second_factor=False)
    page.goto("/account/again/?next=/account/second-factor/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="How you sign in").wait_for()
    passkey = Authenticator.objects.get(user=settled, type="webauthn")
    found = {}

    for name in sorted(OWN_ACCOUNT):
        places = {"pk": passkey.pk} if name == "mfa_remove_webauthn" else {}
        found[name] = opened(page, reverse(name, kwargs=places))
        if name.startswith(("account_re", "mfa_re")) and name not in (
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
        ):
            found[f"{name}, sent empty"] = faults_when_sent_empty(page)
    newcomer.goto("/account/again/?next=/account/second-factor/")
    newcomer.get_by_label("Password", exact=True).fill(PASSWORD)
    newcomer.get_by_role("button", name="Continue").click()
    newcomer.get_by_role("heading", name="Set up a second way").wait_for()
    found["a newcomer"] = faults(newcomer)
    found["mfa_activate_totp"] = opened(newcomer, reverse("mfa_activate_totp"))
    found["mfa_activate_totp, sent empty"] = faults_when_sent_empty(newcomer)

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_every_page_for_when_something_is_wrong(browser_as: BrowserAs):
    page = browser_as(None)
    request = RequestFactory().get("/")
    handlers = (
        error_pages.bad_request, error_pages.not_allowed, error_pages.not_found, error_pages.too_many_requests,
        error_pages.server_error, error_pages.csrf_failure,
    )  # fmt: skip
    found = {}

    def answer_with(answer: HttpResponse, place: str) -> None:
        page.route(
            place,
            lambda route: route.fulfill(status=answer.status_code, body=answer.content, headers=PLAIN),
        )

    for handler in handlers:
        place = f"{HERE}/{handler.__name__}"
        answer_with(handler(request), place)
        page.goto(place)
        found[handler.__name__] = faults(page)

    assert {name: faults for name, faults in found.items() if faults} == {}
