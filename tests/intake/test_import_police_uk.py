"""Crimes of data.police.uk become care records, and later releases what has happened since."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alongside.access import scope
from alongside.access.models import Access, Force, Role
from alongside.care import checks, loading
from alongside.care.models import CareRecord, Crime, Duty, Event
from alongside.intake import actions, crimes, police_uk_files
from alongside.intake.crimes import SOURCE
from alongside.intake.models import ReadFile
from alongside.kernel.ids import new_id
from tests.factories import force, system
from tests.intake.published import (
    CHARGED,
    FORCE,
    NO_SUSPECT,
    UNDER_INVESTIGATION,
    crime_id,
    outcome_row,
    outcomes,
    row,
    street,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(tmp_path, bring_in, here):
    """Publish these rows for March and bring them in: each call is another release."""
    published = iter(range(100))

    def publish(*rows, month="2026-03"):
        name = f"release-{next(published)}/{month}/{month}-borsetshire-street.csv"
        return bring_in("police-uk", write(tmp_path, name, rows))

    return publish


def timeline(number=1, suffix="V1"):
    """(kind, month it is of, id) of what happened, in order of recording."""
    events = Event.objects.filter(
        care_record__crime__source_reference=crime_id(number), care_record__reference__endswith=f"/{suffix}"
    ).order_by("number")
    return [
        (event.kind, f"{timezone.localtime(event.at):%Y-%m-%d %H:%M}", event.event_id) for event in events
    ]


def kinds(number=1, suffix="V1"):
    return [kind for kind, _, _ in timeline(number, suffix)]


def this_month():
    return f"{timezone.localtime(timezone.now()):%Y-%m-01 00:00}"


def test_a_crime_becomes_a_care_record_that_waits_for_its_person(release, here):
    report = release(row(1, NO_SUSPECT, month="2026-07"), month="2026-07")

    record = CareRecord.objects.select_related("crime").get()
    assert (report["exit"], report["added"], report["care_records"], report["events"]) == (0, 1, 1, 3)
    assert record.reference == f"{record.crime.reference}/V1" == "BORSETSHIRE-100000000000/V1"
    assert (record.role, record.person, record.facts) == ("victim", None, ["offence:burglary", "victim"])
    assert (record.crime.source, record.crime.source_reference) == ("police-uk", crime_id(1))
    assert (record.crime.offence_group, record.crime.place) == ("burglary", "On or near Felpersham Road")
    assert timeline() == [
        ("care.opened", "2026-07-01 00:00", "opened"),
        ("crime.reported", "2026-07-01 00:00", "reported"),
        ("investigation.closed", "2026-07-01 00:00", "police-uk:1:no_suspect_identified"),
    ]


def test_months_start_no_clock(release):
    release(row(1, UNDER_INVESTIGATION), row(2, CHARGED))

    assert set(Event.objects.values_list("precision", flat=True)) == {"month"}
    assert {duty.rule for duty in Duty.objects.all()} >= {"R6-02", "R6-08", "L-01"}
    assert not Duty.objects.exclude(due_on=None, due_by=None, state="open").exists()


def test_violence_and_sexual_offences_are_not_told_apart_by_guessing(release):
    release(row(1, crime_type="Violence and sexual offences"))

    assert CareRecord.objects.get().facts == ["victim"]


def test_the_same_release_again_changes_nothing(release):
    rows = (row(1), row(2, NO_SUSPECT), row(None, "", crime_type="Anti-social behaviour"))
    release(*rows)
    before = (set(Event.objects.values_list("pk")), set(Duty.objects.values_list("pk")))

    again = release(*reversed(rows))

    assert (again["added"], again["changed"], again["unchanged"], again["without_id"]) == (0, 0, 2, 1)
    assert (set(Event.objects.values_list("pk")), set(Duty.objects.values_list("pk"))) == before


def test_an_outcome_that_comes_back_is_another_event(release):
    release(row(1, NO_SUSPECT))
    reopened = release(row(1, UNDER_INVESTIGATION))
    release(row(1, NO_SUSPECT))
    unchanged = release(row(1, NO_SUSPECT))

    assert timeline()[2:] == [
        ("investigation.closed", "2026-03-01 00:00", "police-uk:1:no_suspect_identified"),
        ("investigation.reopened", this_month(), "police-uk:2:under_investigation"),
        ("investigation.closed", this_month(), "police-uk:3:no_suspect_identified"),
    ]
    assert (reopened["changed"], reopened["events"], unchanged["changed"]) == (1, 1, 0)
    assert Crime.objects.get().outcome == NO_SUSPECT


def test_an_older_file_read_again_is_not_taken_for_news(tmp_path, bring_in, here):
    older = write(tmp_path, "a/2026-03-borsetshire-street.csv", [row(1, UNDER_INVESTIGATION), row(2)])
    newer = write(tmp_path, "b/2026-03-borsetshire-street.csv", [row(1, NO_SUSPECT), row(2)])
    first = bring_in("police-uk", tmp_path)

    again, reverse = bring_in("police-uk", tmp_path), bring_in("police-uk", newer, older)

    assert (first["added"], first["changed"]) == (2, 1)
    assert [(one["changed"], one["events"], one["unchanged"]) for one in (again, reverse)] == [(0, 0, 4)] * 2
    assert kinds() == ["care.opened", "crime.reported", "investigation.opened", "investigation.closed"]


def test_several_outcomes_of_one_crime_are_a_set(release):
    release(row(1, "Status update unavailable"), row(1, CHARGED))
    turned = release(row(1, CHARGED), row(1, "Status update unavailable"))
    moved_on = release(row(1, "Court result unavailable"), row(1, "Status update unavailable"))

    assert (turned["changed"], moved_on["changed"], moved_on["duplicate_id"]) == (0, 1, 1)
    assert [event_id for _, _, event_id in timeline()[2:]] == [
        "police-uk:1:status_unavailable",
        "police-uk:2:charged",
        "police-uk:3:court_result_unavailable",
    ]


def test_an_outcome_is_news_for_every_care_record_of_the_crime(release, here):
    release(row(1))
    crime = Crime.objects.get()
    witness = CareRecord(
        id=new_id(),
        force=here,
        reference=f"{crime.reference}/W1",
        role="witness",
        crime=crime,
        opened_at=timezone.now(),
    )
    opened = loading.Happening("care.opened", timezone.now(), data={"facts": ["witness"]})
    with scope.enter(system(here).scope):
        loading.load([loading.Entry(witness, [opened], is_new=True)], actor=system(here), now=timezone.now())

    report = release(row(1, CHARGED))

    assert (report["changed"], report["events"]) == (1, 2)
    assert kinds(suffix="V1")[-1] == kinds(suffix="W1")[-1] == "suspect.charged"


def test_another_place_or_type_is_brought_up_to_date_without_an_outcome(release):
    release(row(1), row(2))

    report = release(row(1, place="On or near Ambridge Green"), row(2, crime_type="Robbery"))

    assert (report["changed"], report["events"]) == (2, 1)
    assert Crime.objects.get(source_reference=crime_id(1)).place == "On or near Ambridge Green"
    robbed = CareRecord.objects.get(crime__source_reference=crime_id(2))
    assert (kinds(2)[-1], robbed.facts) == ("facts.changed", ["offence:robbery", "victim"])


def test_an_outcomes_file_dates_what_the_street_file_can_not(tmp_path, bring_in, here):
    write(tmp_path, "2026-03/2026-03-borsetshire-street.csv", [row(1, NO_SUSPECT), row(2, CHARGED)])
    later = outcomes(outcome_row(1, NO_SUSPECT, month="2026-05"), outcome_row(2, "Suspect charged"))
    write(tmp_path, "2026-05/2026-05-borsetshire-outcomes.csv", later)

    report = bring_in("police-uk", tmp_path)

    assert (report["added"], report["changed"], report["unchanged"]) == (2, 0, 2)
    assert timeline(1)[2:] == [
        ("investigation.closed", "2026-05-01 00:00", "police-uk:1:no_suspect_identified")
    ]
    assert timeline(2)[2:] == [("suspect.charged", "2026-04-01 00:00", "police-uk:1:charged")]


def test_an_outcomes_file_brings_what_has_happened_since(tmp_path, bring_in, release):
    release(row(1), row(2, "Offender sent to prison"))
    file = write(
        tmp_path,
        "2026-04-borsetshire-outcomes.csv",
        outcomes(
            outcome_row(1, "Suspect charged"),
            outcome_row(2, "Suspect charged"),
            outcome_row(1, NO_SUSPECT, month="2026-02"),
            outcome_row(9, NO_SUSPECT),
        ),
    )

    report, again = bring_in("police-uk", file), bring_in("police-uk", file)
    street_since = release(row(1, CHARGED), row(2, "Offender sent to prison"))

    assert (report["exit"], report["read"], report["changed"], report["refused"]) == (1, 4, 2, 2)
    assert [(one["line"], one["reason"].split(",")[0]) for one in report["refusals"]] == [
        (4, "the outcome is of 2026-02"),
        (5, "no crime with this ID is known: import the street file of its month first"),
    ]
    assert (again["changed"], again["unchanged"], again["events"]) == (0, 2, 0)
    assert timeline(1)[-1] == ("suspect.charged", "2026-04-01 00:00", "police-uk:2:charged")
    # The charge came before the prison sentence, so that one stays the latest outcome.
    assert (street_since["changed"], street_since["events"]) == (0, 0)


def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path, bring_in, here, capsys):
    file = write(tmp_path, "2026-03-borsetshire-street.csv", [row(1), row(2, "nonsense"), row(3)])

    dry = bring_in("police-uk", file, "--dry-run")
    said = capsys.readouterr().out
    kept = [model.objects.count() for model in (Crime, CareRecord, Event, Duty, ReadFile, Access)]
    real = bring_in("police-uk", file)

    assert kept == [0] * 6
    assert {**dry, "dry_run": False} == real
    assert (real["exit"], real["added"], real["refused"]) == (1, 2, 1)
    assert f"{file}, line 3: “nonsense” is not an outcome that we know" in said
    assert "Crimes that would be added: 2, changed: 0, unchanged: 0." in said


def test_a_dry_run_of_several_releases_finds_what_the_first_would_have_left(tmp_path, bring_in, here):
    write(tmp_path, "a/2026-03-borsetshire-street.csv", [row(1), row(2)])
    write(tmp_path, "b/2026-03-borsetshire-street.csv", [row(1, CHARGED), row(2)])
    elsewhere = force("felpersham")
    write(tmp_path, "2026-01-x-street.csv", [row(3, month="2026-01", force="Felpersham Police")])

    dry, real = bring_in("police-uk", tmp_path, "--dry-run"), bring_in("police-uk", tmp_path)

    assert {**dry, "dry_run": False} == real
    assert (real["files"], real["added"], real["changed"], real["unchanged"]) == (3, 3, 1, 1)
    assert CareRecord.objects.get(force=elsewhere).opened_at.month == 1


def test_a_folder_without_files_is_said(tmp_path, bring_in, capsys):
    assert bring_in("police-uk", tmp_path)["exit"] == 2
    assert "there is no CSV or JSON file in it" in capsys.readouterr().err


def test_a_force_is_found_by_its_name_and_made_the_first_time(tmp_path, bring_in, capsys):
    file = write(tmp_path, "2026-03-borsetshire-street.csv", [row(1)])

    dry = bring_in("police-uk", file, "--dry-run")
    none_yet = Force.objects.exists()
    made = bring_in("police-uk", file)
    again = bring_in("police-uk", file)

    assert (dry["added"], none_yet) == (1, False)
    assert (made["exit"], made["added"], again["unchanged"]) == (0, 1, 1)
    assert Force.objects.values_list("code", "name").get() == ("borsetshire", FORCE)
    assert Role.objects.filter(force__code="borsetshire", code="officer").exists()
    assert f"{FORCE} is a new force, with the code borsetshire." in capsys.readouterr().out


def test_a_code_with_a_slip_makes_no_force(tmp_path, bring_in, here):
    file = write(tmp_path, "2026-03-borsetshire-street.csv", [row(1)])

    report = bring_in("police-uk", file, "--force", "borsetshrie")

    assert (report["exit"], report["added"]) == (2, 0)
    assert report["refusals"][0]["reason"] == "there is no force “borsetshrie”. There are: borsetshire."
    assert Force.objects.get() == here


def test_a_file_of_another_force_is_refused(tmp_path, bring_in, here):
    force("felpersham")
    file = write(tmp_path, "2026-03-borsetshire-street.csv", [row(1)])

    report = bring_in("police-uk", file, "--force", "felpersham")

    assert report["exit"] == 2
    assert report["refusals"][0]["reason"].endswith("which is borsetshire: it is not for felpersham")
    assert not Crime.objects.exists()


def test_one_file_that_is_refused_does_not_keep_the_others_out(tmp_path, bring_in, here):
    write(tmp_path, "2026-01-borsetshire-street.csv", street(row(1), header="Crime ID,Month"))
    write(tmp_path, "2026-02-borsetshire-street.csv", [row(2, month="2026-02")])
    write(tmp_path, "2026-02-borsetshire-stop-and-search.csv", b"Type,Date\nPerson search,2026-02-01\n")

    report = bring_in("police-uk", tmp_path)

    assert (report["exit"], report["files"], report["added"], report["refused"]) == (1, 1, 1, 1)
    assert "no column “Reported by”" in report["refusals"][0]["reason"]


def test_what_is_not_there_is_said(tmp_path, bring_in, capsys):
    report = bring_in("police-uk", tmp_path / "nowhere")

    assert (report["exit"], report["refused"]) == (2, 1)
    assert "nowhere: there is no such file or folder" in capsys.readouterr().err


def test_a_failure_half_way_leaves_nothing(tmp_path, bring_in, here, monkeypatch):
    calls = []

    def failing(*args, load=loading.load, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("the power is gone")
        return load(*args, **kwargs)

    monkeypatch.setattr(actions, "AT_A_TIME", 1)
    monkeypatch.setattr(loading, "load", failing)
    file = write(tmp_path, "2026-03-borsetshire-street.csv", [row(1), row(2)])

    with pytest.raises(RuntimeError):
        bring_in("police-uk", file)

    assert len(calls) == 2
    assert [model.objects.count() for model in (Crime, CareRecord, Event, Duty, ReadFile)] == [0] * 5


def test_two_crimes_with_the_same_first_digits_have_two_references():
    short = crimes.reference("a" * 64, force_code="city-of-london")
    longer = crimes.reference("a" * 64, force_code="city-of-london", taken={short})

    assert (short, longer) == ("COL-AAAAAAAAAAAA", "COL-AAAAAAAAAAAAAAAA")


def test_a_reference_that_is_taken_is_found_out(tmp_path, bring_in, release):
    release(row(1))
    alike = row(1).replace(crime_id(1), crime_id(1)[:-1] + "f")
    both = [alike, alike.replace(crime_id(1)[:-1] + "f", crime_id(1)[:-1] + "e")]

    release(*both)

    lengths = sorted(len(crime.reference) for crime in Crime.objects.all())
    assert lengths == [len("BORSETSHIRE-") + digits for digits in (12, 16, 24)]


def contents_of(*numbers):
    raw = street(*(row(number) for number in numbers))
    return police_uk_files.read(raw, latest=timezone.now().date())


def bring(contents, in_force, *, fingerprint=b"1"):
    job = system(in_force)
    with scope.enter(job.scope):
        return actions.import_police_uk(
            contents=contents,
            name="file",
            fingerprint=fingerprint,
            force=in_force,
            actor=job,
            now=timezone.now(),
        )


def test_a_batch_costs_the_same_statements_whatever_its_size(here):
    def statements(*numbers):
        with CaptureQueriesContext(connection) as sent:
            bring(contents_of(*numbers), here, fingerprint=bytes([numbers[0]]))
        return len(sent)

    few, many = statements(1, 2), statements(*range(10, 110))

    assert few == many <= 30


def test_the_worker_s_login_may_do_it_for_one_force_only(here):
    elsewhere = force("felpersham")
    bring(contents_of(1), elsewhere)
    job = system(here)
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION alongside_worker")
        try:
            report = bring(contents_of(1, 2), here)
            with scope.enter(job.scope):
                seen = set(CareRecord.objects.values_list("force_id", flat=True))
        finally:
            cursor.execute("RESET SESSION AUTHORIZATION")

    assert (report.added, seen) == (2, {here.pk})
    assert Crime.objects.filter(source=SOURCE, source_reference=crime_id(1)).count() == 2
    with scope.enter(job.scope):
        assert list(checks.duties(now=timezone.now())) == []


def test_the_access_log_names_each_file_and_nobody(release, here):
    release(row(1), row(2))

    entry = Access.objects.get(force=here)
    assert (entry.act, entry.what, entry.actor_label) == ("change", "import.police-uk", "import police-uk")
    assert (entry.actor, entry.care_record_id, entry.reason) == (None, None, "")
