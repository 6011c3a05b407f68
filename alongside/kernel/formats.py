"""How pages write days, moments, waits and numbers: the GOV.UK style, in London time. No clock: `now` is given."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(value: date | datetime) -> str:
    """Friday 3 April 2026."""
    on = in_london(value)
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def plain_day(value: date | datetime) -> str:
    """3 April 2026."""
    on = in_london(value)
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(value: date | datetime, now: datetime) -> str:
    """Fri 3 Apr, for a list; Fri 3 Apr 2025 where it is not of this year."""
    on = in_london(value)
    year = "" if on.year == in_london(now).year else f" {on.year}"
    return f"{WEEKDAYS[on.weekday()][:3]} {on.day} {MONTHS[on.month - 1][:3]}{year}"


def time_of_day(value: datetime) -> str:
    """9:14am, 9am, midday, midnight."""
    at = value.astimezone(LONDON)
    if at.minute == 0 and at.hour in (0, 12):
        return "midnight" if at.hour == 0 else "midday"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def moment(value: datetime) -> str:
    """3 April 2026 at 9:14am."""
    return f"{plain_day(value)} at {time_of_day(value)}"


def machine(value: date | datetime) -> str:
    """The datetime attribute of a <time>."""
    return (
        value.astimezone(LONDON).isoformat(timespec="seconds")
        if isinstance(value, datetime)
        else value.isoformat()
    )


def due_in_words(due: date | datetime, now: datetime) -> str:
    """Due today, due tomorrow, due in 3 days, 2 days overdue: plain days, as on a wall calendar."""
    days = (in_london(due) - in_london(now)).days
    if days == 0:
        overdue = isinstance(due, datetime) and due < now
        return _("overdue since earlier today") if overdue else _("due today")
    if days == 1:
        return _("due tomorrow")
    if days > 0:
        return ngettext("due in %(days)s day", "due in %(days)s days", days) % {"days": number(days)}
    return ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": number(-days)}


def is_on_the_day_of(value: date | datetime, now: datetime) -> bool:
    return in_london(value) == in_london(now)


def ago(value: date | datetime, now: datetime) -> str:
    """Today, yesterday, 3 days ago; tomorrow and in 3 days for what is to come."""
    days = (in_london(now) - in_london(value)).days
    if days in (-1, 0, 1):
        return {-1: _("tomorrow"), 0: _("today"), 1: _("yesterday")}[days]
    if days > 0:
        return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": number(days)}
    return ngettext("in %(days)s day", "in %(days)s days", -days) % {"days": number(-days)}


def number(value: int) -> str:
    """12,345."""
    return f"{value:,}"


def in_london(value: date | datetime) -> date:
    """The calendar day on which something is, for someone in England or Wales."""
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value
