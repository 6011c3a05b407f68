"""The worklist's pages, through the HTTP client, as the people who use them."""

from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alongside.access.models import Access
from alongside.care import worklist as queries
from alongside.care.models import CareRecord, Duty, Event, Named, SavedFilter
from tests.factories import Happening, care_record, force, person, sign_in, team, user

pytestmark = pytest.mark.django_db
WORKLIST = "/staff/"


@pytest.fixture
def here():
    return force("WM")


@pytest.fixture
def my_team(here):
    return team(here, "Vulnerability")


def signed_in(as_user) -> Client:
    client = Client()
    sign_in(client, as_user)
    return client


def arrested(in_force, *, days_ago: float = 1, **fields) -> CareRecord:
    """Days counted from the real present: pages read the real clock."""
    now = timezone.now()
    return care_record(
        in_force,
        Happening("crime.reported", now - timedelta(days=days_ago + 1)),
        Happening("suspect.arrested", now - timedelta(days=days_ago)),
        now=now,
        opened_at=now - timedelta(days=days_ago + 2),
        **fields,
    )


def shown(client: Client, address: str = WORKLIST, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def officer(here, my_team):
    return user(here, "officer", in_team=my_team)


@pytest.fixture
def supervisor(here, my_team):
    return user(here, "supervisor", in_team=my_team)


def test_an_officer_sees_what_is_due_from_them_in_plain_words(here, officer):
    record = arrested(here, officer=officer, days_ago=30, person=person(here, "Priya Shah"))

    page = shown(signed_in(officer))

    assert "Priya Shah" in page
    assert record.reference in page
    assert "Suspect arrested on" in page
    assert "Overdue by" in page
    assert "Assigned to" not in page  # all of it is the reader's own
    assert reverse("staff:tell_victim", kwargs={"reference": record.reference}) in page


def test_a_list_of_many_peoples_work_says_whose_each_is(here, officer, my_team):
    arrested(here, officer=officer, team=my_team)
    arrested(here, team=my_team)

    page = shown(signed_in(officer), tab="team")

    assert f"Assigned to {officer.name}" in page
    assert "Not assigned" in page


def test_a_page_warns_before_the_session_is_locked(officer):
    page = shown(signed_in(officer))

    assert 'data-module="app-timeout-warning"' in page
    assert f'action="{reverse("stay_signed_in")}"' in page


def test_somebody_who_is_not_named_yet_is_said_to_be_so(here, officer):
    arrested(here, officer=officer, person=None)

    assert "Not named yet" in shown(signed_in(officer))


def test_a_name_is_shown_as_it_is_and_never_as_markup(here, officer):
    arrested(here, officer=officer, person=person(here, "<b>O'Neill</b> & Søn"))

    page = shown(signed_in(officer))

    assert "&lt;b&gt;O&#39;Neill&lt;/b&gt; &amp; Søn" in page


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("mine", "Nothing is due from you today."),
        ("team", "Nothing is due from your team today."),
        ("all", "Nothing is due today on any record you may see."),
    ],
)
def test_an_empty_list_is_calm(officer, tab, words):
    assert words in shown(signed_in(officer), tab=tab)


def test_the_look_at_the_list_is_logged_once(here, officer):
    arrested(here, officer=officer)

    shown(signed_in(officer))

    assert list(Access.objects.filter(act="look").values_list("what", "actor")) == [("worklist", officer.pk)]


@pytest.mark.parametrize(
    "role", ["call-handler", "officer", "coordinator", "reviewer", "witness-care", "supervisor"]
)
def test_roles_that_look_after_people_have_a_worklist(here, role):
    assert "Worklist" in shown(signed_in(user(here, role)))


@pytest.mark.parametrize("role", ["analyst", "auditor", "commissioner", "administrator"])
def test_other_roles_are_told_kindly_that_there_is_none(here, role):
    arrested(here)

    response = signed_in(user(here, role)).get(WORKLIST)

    assert response.status_code == 403
    assert "There is nothing here for your role yet" in response.content.decode()
    assert Access.objects.filter(act="refused", what="staff:worklist").exists()


def test_who_is_not_signed_in_is_asked_to():
    response = Client().get(WORKLIST)

    assert response.status_code == 302
    assert "sign-in" in response["Location"]


@pytest.mark.parametrize(
    ("role", "may"), [("officer", True), ("supervisor", True), ("reviewer", False), ("call-handler", False)]
)
def test_only_who_may_tell_the_victim_has_the_way_there(here, role, may):
    record = arrested(here)

    page = shown(signed_in(user(here, role)), tab="all")

    assert (reverse("staff:tell_victim", kwargs={"reference": record.reference}) in page) is may


@pytest.mark.parametrize(("role", "may"), [("officer", False), ("coordinator", False), ("supervisor", True)])
def test_only_who_may_hand_over_can_select(here, role, may):
    arrested(here)

    page = shown(signed_in(user(here, role)), tab="all")

    assert ('name="duty"' in page) is may


def test_a_restricted_record_is_marked_for_those_named_and_absent_for_others(here, officer, supervisor):
    record = arrested(here, officer=officer, restricted=True, person=person(here, "Quiet Person"))
    Named.objects.create(force=here, care_record=record, user=officer, named_at=timezone.now())

    assert "Restricted" in shown(signed_in(officer))
    assert "Quiet Person" not in shown(signed_in(supervisor), tab="all")


def test_another_forces_people_are_on_no_tab_and_in_no_filter(here, supervisor):
    elsewhere = force("NY")
    stranger = user(elsewhere, name="Stranger Danger", in_team=team(elsewhere, "Strange Team"))
    arrested(elsewhere, officer=stranger, team=stranger.team, person=person(elsewhere, "Far Away"))
    client = signed_in(supervisor)

    for query in (
        {"tab": "all"},
        {"tab": "all", "officer": str(stranger.pk)},
        {"tab": "all", "team": str(stranger.team_id)},
        {"tab": "team", "officer": str(stranger.pk)},
    ):
        page = shown(client, **query)
        assert "Far Away" not in page
        assert "Strange" not in page


@pytest.mark.parametrize(
    "query",
    [
        {"tab": "nonsense"},
        {"tab": "all", "right": "99"},
        {"tab": "all", "right": "x"},
        {"tab": "all", "risk": "9" * 400},
        {"tab": "all", "rule": "R0-00'; DROP TABLE care_duty --"},
        {"tab": "all", "owner": "\x00"},
        {"tab": "all", "team": "not-a-uuid"},
        {"tab": "all", "officer": "00000000-0000-0000-0000-00000000000"},
        {"tab": "all", "due": "yesterday"},
        {"tab": "all", "enhanced": "maybe"},
        {"tab": "all", "after": "1_2_3_4", "before": "%%"},
        {"tab": "all", "after": "0_3_2026-06-30T10:00:00+00:00_" + "f" * 32},
        {"tab": "all", "after": "2_0_9999-12-31T23:59:59-23:59_" + "0" * 32},
        {"tab": "all", "q": "x" * 5000},
    ],
)
def test_what_nobody_chose_from_the_form_is_never_an_error_of_ours(here, supervisor, query):
    arrested(here)

    assert signed_in(supervisor).get(WORKLIST, query, follow=True).status_code == 200


def test_an_unknown_filter_shows_no_list_and_says_so(here, supervisor):
    arrested(here, person=person(here, "Priya Shah"))

    page = shown(signed_in(supervisor), tab="all", right="99")

    assert "Priya Shah" not in page
    assert "There is no such choice in one of the filters" in page


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ({"right": "6"}, True),
        ({"right": "12"}, False),
        ({"owner": "police"}, True),
        ({"owner": "probation"}, False),
        ({"enhanced": "no"}, True),
        ({"enhanced": "yes"}, False),
        ({"risk": "0"}, True),
        ({"risk": "3"}, False),
        ({"due": "overdue"}, True),
    ],
)
def test_filters_narrow_the_list(here, supervisor, query, is_there):
    arrested(here, days_ago=30, person=person(here, "Priya Shah"))

    page = shown(signed_in(supervisor), tab="all", **query)

    assert ("Priya Shah" in page) is is_there
    assert "Selected filters" in page


def test_a_filter_keeps_the_tab_and_another_tab_the_filter(here, supervisor):
    page = shown(signed_in(supervisor), tab="team", risk="3")

    assert '<input type="hidden" name="tab" value="team">' in page
    assert 'href="?tab=all&amp;risk=3"' in page
    assert 'href="?tab=team"' in page  # without it


def test_pages_lead_on_and_back(here, supervisor, monkeypatch):
    monkeypatch.setattr(queries, "page", partial(queries.page, size=3))
    for number in range(3):
        arrested(here, days_ago=20 + number)
    client = signed_in(supervisor)
    address, seen = f"{WORKLIST}?tab=all", []
    while address:
        page = client.get(address).content.decode()
        seen += [part.split('"')[0] for part in page.split('id="duty-')[1:]]
        address = _link(page, "next")

    assert len(seen) == len(set(seen)) == Duty.objects.filter(state="open").exclude(owner="cps").count()
    assert _link(page, "prev")


def test_a_page_beyond_the_end_leads_to_the_beginning(here, supervisor):
    arrested(here)

    response = signed_in(supervisor).get(WORKLIST, {"tab": "all", "after": "3_0__" + "f" * 32})

    assert response.status_code == 302
    assert response["Location"] == "/staff/?tab=all"


def _link(page: str, rel: str) -> str:
    before, found, _after = page.partition(f'rel="{rel}"')
    return WORKLIST + before.rpartition('href="')[2].split('"')[0].replace("&amp;", "&") if found else ""


def test_a_filter_is_saved_applied_and_deleted(here, supervisor):
    client = signed_in(supervisor)

    saved = client.post(
        reverse("staff:worklist_save_filter") + "?tab=all&risk=3&evil=<script>",
        {"name": "High risk"},
        follow=True,
    )

    assert saved.redirect_chain == [("/staff/?tab=all&risk=3", 302)]
    assert "High risk" in saved.content.decode()
    one = SavedFilter.objects.get()
    assert (one.user, one.query) == (supervisor, "tab=all&risk=3")

    deleted = client.post(reverse("staff:worklist_delete_filter", args=[one.pk]), follow=True)

    assert "The filter is deleted" in deleted.content.decode()
    assert not SavedFilter.objects.exists()


def test_a_filter_without_a_name_is_asked_for_one(supervisor):
    response = signed_in(supervisor).post(
        reverse("staff:worklist_save_filter") + "?tab=all&risk=3", {"name": " "}
    )

    assert "Enter name of the filter" in response.content.decode()
    assert not SavedFilter.objects.exists()


def test_a_colleagues_filter_is_not_there(here, supervisor, officer):
    theirs = SavedFilter.objects.create(force=here, user=officer, name="Mine", query="tab=all")

    response = signed_in(supervisor).post(reverse("staff:worklist_delete_filter", args=[theirs.pk]))

    assert response.status_code == 404
    assert SavedFilter.objects.filter(pk=theirs.pk).exists()


def test_many_records_are_handed_over_in_three_steps(here, supervisor, officer, my_team):
    records = [arrested(here, officer=officer) for _ in range(2)]
    duties = [str(Duty.objects.filter(care_record=one, owner="police").first().pk) for one in records]
    successor = user(here, name="Kim Successor", in_team=my_team)
    client = signed_in(supervisor)

    choose = shown(client, reverse("staff:reassign"), duty=duties, back="tab=team")
    assert "Kim Successor" in choose
    chosen = client.get(
        reverse("staff:reassign"),
        {"duty": duties, "back": "tab=team", "to": str(successor.pk), "choose": "yes"},
    )
    confirm = client.get(chosen["Location"])
    page = confirm.content.decode()
    assert "Check what moves to Kim Successor" in page
    assert f"duties: {officer.name}" in page
    form = confirm.context["form"] if confirm.context else None
    answers = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("submission", "seen")}
    assert form is None or form["seen"].value() == answers["seen"]
    done = client.post(chosen["Location"], answers, follow=True)
    again = client.post(chosen["Location"], answers, follow=True)

    assert done.redirect_chain[-1][0] == "/staff/?tab=team"
    assert "2 care records are handed over" in done.content.decode()
    assert "This was handed over already" in again.content.decode()
    assert set(CareRecord.objects.values_list("officer", flat=True)) == {successor.pk}
    assert Event.objects.filter(kind="officer.assigned").count() == 2


def test_a_hand_over_of_what_has_changed_is_shown_again(here, supervisor, officer, my_team):
    record = arrested(here, officer=officer)
    duty = Duty.objects.filter(care_record=record, owner="police").first()
    successor = user(here, in_team=my_team)
    client = signed_in(supervisor)
    address = f"{reverse('staff:reassign_confirm')}?duty={duty.pk}&to={successor.pk}"
    page = client.get(address).content.decode()
    answers = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("submission", "seen")}
    CareRecord.objects.filter(pk=record.pk).update(version=7)

    response = client.post(address, answers, follow=True)

    assert "Something changed while you were looking" in response.content.decode()
    record.refresh_from_db()
    assert record.officer == officer


@pytest.mark.parametrize("query", [{}, {"duty": "nonsense"}, {"duty": "0" * 32}])
def test_a_hand_over_of_nothing_leads_back(supervisor, query):
    response = signed_in(supervisor).get(reverse("staff:reassign"), {**query, "back": "//evil.example/"})

    location = urlsplit(response["Location"])
    assert (response.status_code, location.netloc, location.path) == (302, "", WORKLIST)
    assert parse_qs(location.query, keep_blank_values=True) == {"//evil.example/": [""]}


def test_a_hand_over_to_another_force_is_not_there(here, supervisor, officer):
    record, stranger = arrested(here, officer=officer), user(force("NY"))
    duty = Duty.objects.filter(care_record=record, owner="police").first()

    response = signed_in(supervisor).get(
        reverse("staff:reassign_confirm"), {"duty": duty.pk, "to": stranger.pk}
    )

    assert response.status_code == 404


@pytest.mark.parametrize("name", ["reassign", "reassign_confirm"])
def test_an_officer_can_not_hand_over(officer, name):
    assert signed_in(officer).get(reverse(f"staff:{name}")).status_code == 403


def test_the_page_takes_at_most_twelve_statements(here, supervisor):
    for _ in range(3):
        arrested(here, officer=supervisor, team=supervisor.team)
    SavedFilter.objects.create(force=here, user=supervisor, name="Mine", query="tab=mine")
    client = signed_in(supervisor)

    with CaptureQueriesContext(connection) as statements:
        shown(client, tab="all", right="6")

    asked = [
        one["sql"]
        for one in statements
        if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert len(asked) <= 12, "\n".join(asked)
