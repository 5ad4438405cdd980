"""Dates and periods as people write them in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.months import YearMonth
from services.ai.resume.dates import Period, find_periods

# Text, start, end; `now` for what lasts. A single date has no start.
PERIODS = """
Sept 2018 – May 2023 | 2018-09 | 2023-05
September 2018 - May 2023 | 2018-09 | 2023-05
Sep. 2018 — May 2023 | 2018-09 | 2023-05
Sept. 2018–May 2023 | 2018-09 | 2023-05
Sep 2018-May 2023 | 2018-09 | 2023-05
SEP 2018 - MAY 2023 | 2018-09 | 2023-05
sep 2018 to may 2023 | 2018-09 | 2023-05
September, 2018 - May, 2023 | 2018-09 | 2023-05
Sept 2018 through May 2023 | 2018-09 | 2023-05
Sept 2018 until May 2023 | 2018-09 | 2023-05
from Sept 2018 to May 2023 | 2018-09 | 2023-05
09/2018 - 05/2023 | 2018-09 | 2023-05
sep 2018 – jui 2023 | 2018-09 | 2023-06
settembre 2018 – maggio 2023 | 2018-09 | 2023-05
setembro de 2018 até maio de 2023 | 2018-09 | 2023-05
september 2018 tot mei 2023 | 2018-09 | 2023-05
09/2018 – atual | 2018-09 | now
Sept 2018 – To Date | 2018-09 | now
9/2018 - 5/2023 | 2018-09 | 2023-05
09.2018 – 05.2023 | 2018-09 | 2023-05
09-2018 – 05-2023 | 2018-09 | 2023-05
09 / 2018 – 05 / 2023 | 2018-09 | 2023-05
2018-09 – 2023-05 | 2018-09 | 2023-05
2018/09 - 2023/05 | 2018-09 | 2023-05
2018.09 - 2023.05 | 2018-09 | 2023-05
2018-09 to 2023-05 | 2018-09 | 2023-05
2018-09 – 2023- 05 | 2018-09 | 2023-05
01/09/2018 – 01/05/2023 | 2018-09 | 2023-05
01.09.2018 - 31.05.2023 | 2018-09 | 2023-05
09/15/2018 - 05/20/2023 | 2018-09 | 2023-05
15/09/2018 - 20/05/2023 | 2018-09 | 2023-05
2018-09-01 – 2023-05-31 | 2018-09 | 2023-05
September 1, 2018 – May 31, 2023 | 2018-09 | 2023-05
1 September 2018 – 31 May 2023 | 2018-09 | 2023-05
1st September 2018 – 31st May 2023 | 2018-09 | 2023-05
Sep '18 – May '23 | 2018-09 | 2023-05
Sep ’18 – May ’23 | 2018-09 | 2023-05
Sep 18 – May 23 | 2018-09 | 2023-05
Sep-18 – May-23 | 2018-09 | 2023-05
09/18 – 05/23 | 2018-09 | 2023-05
'18 – '23 | 2018 | 2023
2014 - 2018 | 2014 | 2018
2014–2018 | 2014 | 2018
2014-2018 | 2014 | 2018
2014 to 2018 | 2014 | 2018
2014–18 | 2014 | 2018
2014/18 | 2014 | 2018
2014 ~ 2018 | 2014 | 2018
2014 → 2018 | 2014 | 2018
(2014 - 2018) | 2014 | 2018
[2014 - 2018] | 2014 | 2018
2014 - May 2018 | 2014 | 2018-05
May 2014 - 2018 | 2014-05 | 2018
Jan – Mar 2019 | 2019-01 | 2019-03
January - March 2019 | 2019-01 | 2019-03
Nov – Feb 2019 | 2018-11 | 2019-02
Q3 2018 – Q1 2019 | 2018-07 | 2019-03
2018 Q3 – 2019 Q1 | 2018-07 | 2019-03
Summer 2018 – Fall 2019 | 2018-06 | 2019-11
Spring 2018 - Summer 2018 | 2018-03 | 2018-08
03/2020 - present | 2020-03 | now
March 2020 – Present | 2020-03 | now
Mar 2020 - Current | 2020-03 | now
Mar 2020 - currently | 2020-03 | now
Mar 2020 – now | 2020-03 | now
Mar 2020 – today | 2020-03 | now
Mar 2020 – ongoing | 2020-03 | now
Mar 2020 to date | 2020-03 | now
Mar 2020 till date | 2020-03 | now
Mar 2020 to till date | 2020-03 | now
2020 – Present | 2020 | now
2020 – | 2020 | now
03/2020 – | 2020-03 | now
2020-Present | 2020 | now
since 2020 | 2020 | now
since March 2020 | 2020-03 | now
Since 03/2020 | 2020-03 | now
seit 2020 | 2020 | now
seit März 2020 | 2020-03 | now
Seit 03/2020 | 2020-03 | now
ab März 2020 | 2020-03 | now
März 2015 bis heute | 2015-03 | now
03.2015 – heute | 2015-03 | now
2015 – jetzt | 2015 | now
von 2012 bis 2015 | 2012 | 2015
Okt. 2012 – Dez. 2015 | 2012-10 | 2015-12
Oktober 2012 bis Dezember 2015 | 2012-10 | 2015-12
Jänner 2012 – Juni 2015 | 2012-01 | 2015-06
Mai 2012 – Juli 2015 | 2012-05 | 2015-07
01.10.2012–31.12.2015 | 2012-10 | 2015-12
févr. 2010 à juillet 2012 | 2010-02 | 2012-07
février 2010 – juil. 2012 | 2010-02 | 2012-07
de février 2010 à juillet 2012 | 2010-02 | 2012-07
août 2010 – déc. 2012 | 2010-08 | 2012-12
avril 2010 – aujourd'hui | 2010-04 | now
avril 2010 à aujourd’hui | 2010-04 | now
mai 2010 - présent | 2010-05 | now
2010 – en cours | 2010 | now
depuis 2010 | 2010 | now
depuis mars 2010 | 2010-03 | now
1er mai 2018 au 30 juin 2019 | 2018-05 | 2019-06
enero 2015 – marzo 2018 | 2015-01 | 2018-03
enero de 2015 a marzo de 2018 | 2015-01 | 2018-03
ene. 2015 – dic. 2018 | 2015-01 | 2018-12
de enero 2015 a marzo 2018 | 2015-01 | 2018-03
septiembre 2015 - actualidad | 2015-09 | now
abril 2015 – la actualidad | 2015-04 | now
agosto 2015 - actualmente | 2015-08 | now
2015 – hoy | 2015 | now
desde 2015 | 2015 | now
desde enero de 2015 | 2015-01 | now
2015 hasta 2018 | 2015 | 2018
May 2020 | | 2020-05
05/2020 | | 2020-05
(2019-02) | | 2019-02
Expected Graduation: May 2027 | | 2027-05
Summer 2022 | | 2022-08
Q3 2018 | | 2018-09
2013 | | 2013
June 10, 2026 | | 2026-06
01.02.2018 | | 2018-02
""".strip().splitlines()


def told(period: Period) -> tuple[str, str]:
    return str(period.start or ""), "now" if period.current else str(period.end or "")


@pytest.mark.parametrize("line", PERIODS)
def test_a_period_is_read_as_people_write_it(line: str) -> None:
    text, start, end = (part.strip() for part in line.split(" | ")) if line.count(" | ") == 2 else _single(line)
    found = list(find_periods(text))
    assert [told(period) for period in found] == [(start, end)]
    around = list(find_periods(f"Engineer\t{text}"))
    assert [told(period) for period in around] == [(start, end)]


def _single(line: str) -> tuple[str, str, str]:
    text, end = (part.strip() for part in line.split(" | | "))
    return text, "", end


@pytest.mark.parametrize(
    "text",
    [
        "2023 - 2019",
        "version 20.18",
        "$2018 a month",
        "12,018 users",
        "call (312) 555-0110",
        "may be done in march",
        "ISO 9001 and 27001",
        "10-K and 10-Q filings",
        "20180501123",
        "a 2018x improvement",
    ],
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert list(find_periods(text)) == []


def test_a_template_says_that_a_date_belongs_there_but_not_which() -> None:
    period = next(find_periods("January 20XX - Current"))
    assert (period.start, period.end, period.current) == (None, None, True)


def test_characters_of_a_period_are_all_that_says_it() -> None:
    text = "Acme (since March 2020), Berlin"
    period = next(find_periods(text))
    assert text[period.position : period.stop] == "since March 2020"


months = st.builds(YearMonth, st.integers(1950, 2049), st.integers(1, 12))
FORMS = ("{0.month:02d}/{0.year}", "{0.year}-{0.month:02d}", "{0.month:02d}.{0.year}", "{0.month}/{0.year}")


@given(months, months, st.sampled_from(FORMS), st.sampled_from([" - ", "–", " to ", " bis ", " — "]))
def test_a_range_of_months_comes_back_as_written(one: YearMonth, other: YearMonth, form: str, link: str) -> None:
    start, end = sorted((one, other))
    found = list(find_periods(form.format(start) + link + form.format(end)))
    assert [(p.start, p.end) for p in found] == [(start, end)]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for period in find_periods(text):
        assert 0 <= period.position < period.stop <= len(text)
        assert not (period.current and period.end)
