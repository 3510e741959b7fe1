"""What the rows of a series must be, computed from Python's zoneinfo and from nothing else."""

import bisect
import datetime
import functools
import zoneinfo

DAY, HOUR = 86400, 3600
EPOCH = datetime.date(1970, 1, 1)
EPOCH_TIME = datetime.datetime(1970, 1, 1)
FIRST, LAST = -40 * DAY, 4133980800  # until 2101; the series that are asked for end before
WIDTHS = {"15min": 900, "hour": HOUR}
PROFILES = ("hour_of_day", "day_of_week", "hour_of_week")
# Where clocks are changed in remarkable ways, and when.
REMARKABLE = [
    ("America/Havana", 1699160400),        # 2023-11-05 has midnight twice
    ("Asia/Beirut", 1774735200),           # 2026-03-29 begins at 1:00
    ("Africa/Cairo", 1792616400),          # 2026-10-29 has its last hour twice
    ("Africa/Cairo", 1398376800),
    ("America/Sao_Paulo", 1541300400),     # 2018-11-04 has no midnight
    ("America/Sao_Paulo", 1518919200),     # and 2018-02-17 its last hour twice
    ("Australia/Lord_Howe", 1775314800),   # 30 minutes
    ("Pacific/Apia", 1325239200),          # there was no 2011-12-30
    ("Pacific/Kwajalein", 745848000),      # and here no 1993-08-21
    ("Africa/Casablanca", 1771120800),     # winter time while Ramadan lasts
    ("Africa/Monrovia", 63593070),         # 44 minutes and 30 seconds
    ("Asia/Kathmandu", 504901800),         # 15 minutes
    ("Europe/Berlin", 1774746000),
    ("Europe/Berlin", 3003829200),         # after the end of the zone's file
    ("Europe/Dublin", 1792890000),         # winter time is the exception
    ("America/St_Johns", 594178260),       # back over midnight at one minute past it
    ("America/Nuuk", 3005514000),          # the rule has a time before midnight
    ("Antarctica/Troll", 1774746000),      # two hours
    ("Asia/Gaza", 2400000000),             # and this one times past 24:00
    ("Asia/Jerusalem", 3023650800),
    ("Asia/Calcutta", 1700000000),         # an old name
    ("Europe/Kiev", 1774746000),
    ("EST5EDT", 1772953200),
    ("Pacific/Kiritimati", 788868000),     # there was no 1994-12-31
    ("America/Juneau", 341046000),
]


def names():
    """The zones of the machine, as zoneinfo knows them."""
    return sorted(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})


def offset(zone, time):
    shift = (EPOCH_TIME + datetime.timedelta(seconds=time)).replace(tzinfo=zone)
    return int(zone.fromutc(shift).utcoffset().total_seconds())


@functools.cache
def stretches(name):
    """(start, offset) of each time without a change, ascending. Found by looking at every day, then by halving."""
    zone = zoneinfo.ZoneInfo(name)
    found = [(FIRST, offset(zone, FIRST))]
    for day in range(FIRST, LAST, DAY):
        low, high = day, day + DAY
        while found[-1][1] != offset(zone, high):
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(zone, middle) == offset(zone, low) else (low, middle)
            found.append((high, offset(zone, high)))
            low, high = high, day + DAY
    return found


def within(name, start, end):
    """(start, end, offset) of the stretches that meet the time, whole."""
    found = stretches(name)
    first = max(bisect.bisect(found, (start, DAY)) - 1, 0)
    for (begin, shift), (until, _) in zip(found[first:], [*found[first + 1:], (LAST, 0)]):
        if begin >= end:
            return
        yield begin, until, shift


def local(name, time):
    shift = next(within(name, time, time + 1))[2]
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time + shift)).strftime("%Y-%m-%d %H:%M")


def begins(interval, date):
    return interval == "day" or (date.isoweekday() == 1 if interval == "week" else date.day == 1)


def edges(name, interval, start, end):
    """Where the buckets of the period begin, and its end."""
    found = set()
    if interval in WIDTHS:
        width = WIDTHS[interval]
        for begin, until, shift in within(name, start, end):
            found.add(begin)
            first = max(begin, start)
            found.update(range(first + -(first + shift) % width, min(until, end), width))
    else:
        # The first instant of each date, over all stretches in which the date occurs.
        first_of = {}
        for begin, until, shift in within(name, start - 40 * DAY, end):
            first = max(begin, start - 40 * DAY) + shift
            for number in range(first // DAY, (min(until, end) + shift) // DAY + 1):
                instant = max(begin, number * DAY - shift)
                if instant < until and instant < (number + 1) * DAY - shift:
                    first_of[number] = min(first_of.get(number, instant), instant)
        # A date that does not exist begins where the next one does.
        last = max(first_of)
        for number in range(min(first_of), last + 1):
            date = EPOCH + datetime.timedelta(days=number)
            if begins(interval, date):
                found.add(next(first_of[n] for n in range(number, last + 1) if n in first_of))
    return [start, *sorted(edge for edge in found if start < edge < end), end] if start < end else [start]


def cells(name, profile, start, end):
    """The seconds of the period in each cell of a profile: (weekday, hour) -> seconds, None for what does not apply."""
    found = {(weekday if profile != "hour_of_day" else None, hour if profile != "day_of_week" else None): 0
             for weekday in range(1, 8) for hour in range(24)}
    for begin, until, shift in within(name, start, end):
        at = max(begin, start)
        while at < min(until, end):
            following = min(at + HOUR - (at + shift) % HOUR, until, end)
            days, second = divmod(at + shift, DAY)
            cell = ((days + 3) % 7 + 1 if profile != "hour_of_day" else None,
                    second // HOUR if profile != "day_of_week" else None)
            found[cell] += following - at
            at = following
    return found
