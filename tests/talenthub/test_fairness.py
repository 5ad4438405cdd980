"""Bias audits: cases computed by hand, scorers planted, and the page."""

import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from services.talenthub.fairness.audit import Applicant, Audit, Group, bias_audit, interval
from services.talenthub.fairness.report import About, page


def people(count: int, selected: int, sex: str = "", race: str = "") -> list[Applicant]:
    return [Applicant(sex, race, number < selected) for number in range(count)]


def group(audit: Audit, name: str) -> Group:
    return next(one for one in audit.groups if one.name == name)


def test_selection_by_sex_as_computed_by_hand() -> None:
    """Of 100 men 40 are selected (0.4), of 50 women 15 (0.3): ratio 0.3 / 0.4 = 0.75.

    ln 0.75 = -0.287682; variance 1/15 - 1/50 + 1/40 - 1/100 = 0.061667, its root 0.248328, times 1.959964 = 0.486713.
    From exp(-0.774395) = 0.460983 to exp(0.199031) = 1.220220.
    """
    audit = bias_audit([*people(100, 40, "male"), *people(50, 15, "female"), *people(7, 7)])
    men, women = group(audit, "sex=male").selection, group(audit, "sex=female").selection
    assert (men.rate, men.ratio, men.low, men.high) == (0.4, 1.0, 1.0, 1.0)
    assert women.rate == 0.3
    assert women.ratio == pytest.approx(0.75, abs=1e-12)
    assert (women.low, women.high) == (pytest.approx(0.460983, abs=1e-5), pytest.approx(1.220220, abs=1e-5))
    # Under four fifths, but it may be chance.
    assert not women.is_adverse
    assert (audit.total, audit.unknown) == (157, 7)


def test_four_times_as_many_with_the_same_rates_are_no_chance() -> None:
    """Variance a quarter of the above: half the width. From exp(-0.287682 - 0.243357) = 0.587994 to exp(-0.044325) = 0.956643."""
    audit = bias_audit([*people(400, 160, "male"), *people(200, 60, "female")])
    women = group(audit, "sex=female").selection
    assert (women.low, women.high) == (pytest.approx(0.587994, abs=1e-5), pytest.approx(0.956643, abs=1e-5))
    assert women.is_adverse


def test_an_empty_cell_has_an_interval_by_hand() -> None:
    """None of 20 against 10 of 20, a half added to each cell: ln (0.5/21 : 10.5/21) = ln 0.047619 = -3.044522.

    Variance 2 - 1/21 + 2/21 - 1/21 = 2, its root 1.414214, times 1.959964 = 2.771808: up to exp(-0.272714) = 0.761310. The ratio itself is
    0, so the interval begins there.
    """
    audit = bias_audit([*people(20, 0, "female"), *people(20, 10, "male")])
    women = group(audit, "sex=female").selection
    assert (women.ratio, women.low) == (0, 0)
    assert women.high == pytest.approx(0.761310, abs=1e-5)
    assert interval(0, 20, 10, 20)[0] == pytest.approx(0.002979, abs=1e-5)
    # Where everybody was selected the interval must not close.
    low, high = interval(5, 5, 5, 5)
    assert low < 0.75 < 1.3 < high


def test_scoring_is_above_the_median_of_the_sample() -> None:
    """Scores 1 to 10 have the median 5.5. Of the six men 6, 7, 8 and 9 lie above it: 4/6. Of the women one with 10 of four scored: too few
    to tell of, and the fifth has no score.
    """
    men = [Applicant("male", "", False, score) for score in (1, 2, 6, 7, 8, 9)]
    women = [Applicant("female", "", False, score) for score in (3, 4, 5, 10, None)]
    audit = bias_audit([*men, *women])
    assert audit.scored == 10
    assert group(audit, "sex=male").scoring.rate == pytest.approx(4 / 6)
    assert (group(audit, "sex=female").scoring.rate, group(audit, "sex=female").scoring.ratio) == (0, None)
    audit = bias_audit([*men, *women, Applicant("female", "", False, 5.5)])
    # Now eleven scores, the median is 5.5 itself, which is not above it: 1/5 against 4/6 is 0.3.
    assert group(audit, "sex=female").scoring.rate == pytest.approx(1 / 5)
    assert group(audit, "sex=female").scoring.ratio == pytest.approx(0.3)


def test_groups_under_two_in_a_hundred_are_reported_without_ratio() -> None:
    """7 of 351 are 1.994 %; 7 of 350 are 2 %."""
    for others, excluded in ((344, True), (343, False)):
        found = group(bias_audit([*people(others, 100, race="white"), *people(7, 7, race="asian")]), "race=asian")
        assert (found.count, found.selection.rate, found.excluded) == (7, 1.0, excluded)
        assert (found.selection.ratio is None) == excluded


def test_who_is_excluded_is_not_what_others_are_compared_with() -> None:
    audit = bias_audit([*people(250, 100, race="white"), *people(250, 80, race="black"), *people(6, 6, race="asian")])
    assert group(audit, "race=white").selection.ratio == 1
    assert group(audit, "race=black").selection.ratio == pytest.approx(0.8)


def test_of_four_people_neither_number_nor_rate_is_told() -> None:
    audit = bias_audit([*people(20, 10, "male"), *people(4, 4, "nonbinary")])
    few = group(audit, "sex=nonbinary")
    assert (few.count, few.selection.rate, few.excluded) == (0, 0, True)
    html = page(audit, ABOUT)
    assert "<td>under 5</td><td>too few to tell</td><td>excluded</td>" in html
    assert group(bias_audit([*people(20, 10, "male"), *people(5, 4, "nonbinary")]), "sex=nonbinary").count == 5


def test_where_fewer_than_five_told_no_group_is_named() -> None:
    """The only one who told would be known by the group's name."""
    audit = bias_audit([*people(4, 2, "female"), *people(9, 3, race="asian"), *people(9, 3)])
    assert [one.name for one in audit.groups] == ["race=asian"]


def test_sex_and_race_are_looked_at_together() -> None:
    """Each alone is as often selected as the other; together black women are not: 0 of 20 against 20 of 20."""
    audit = bias_audit([
        *people(20, 20, "female", "white"), *people(20, 0, "female", "black"),
        *people(20, 0, "male", "white"), *people(20, 20, "male", "black"), *people(9, 3, "male"),
    ])  # fmt: skip
    assert group(audit, "race=black").selection.ratio == group(audit, "race=white").selection.ratio == 1
    assert group(audit, "sex=female,race=black").selection.ratio == 0
    assert group(audit, "sex=female,race=black").selection.is_adverse
    # Who told one alone is counted in it alone.
    assert group(audit, "sex=male").count == 49
    assert sum(one.count for one in audit.groups if one.dimension == "sex,race") == 80
    assert audit.unknown == 0


def test_where_nobody_was_selected_there_is_no_ratio() -> None:
    audit = bias_audit([*people(20, 0, "male"), *people(20, 0, "female")])
    assert [one.selection.ratio for one in audit.groups] == [None, None]
    assert bias_audit([]) == Audit([], 0, 0, 0)


SEXES, RACES = ["female", "male"], ["white", "black", "asian", "hispanic"]


def simulated(scorer: Callable[[random.Random, str, str], float], seed: int) -> Audit:
    """Of 4,000 people those with the best half of the scores are moved forward."""
    source = random.Random(seed)
    told = [(source.choice(SEXES), source.choice(RACES)) for _ in range(4_000)]
    scores = [scorer(source, *one) for one in told]
    middle = sorted(scores)[2_000]
    return bias_audit([Applicant(*one, score >= middle, score) for one, score in zip(told, scores, strict=True)])


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_biased_scorer_is_caught_and_a_fair_one_is_not_flagged(seed: int) -> None:
    fair = simulated(lambda source, sex, race: source.gauss(0, 1), seed)
    assert not [one.name for one in fair.groups if one.selection.is_adverse or one.scoring.is_adverse]
    biased = simulated(lambda source, sex, race: source.gauss(-0.5 if sex == "female" else 0, 1), seed)
    caught = {one.name for one in biased.groups if one.scoring.is_adverse and one.selection.is_adverse}
    assert caught == {"sex=female", *(f"sex=female,race={race}" for race in RACES)}
    hidden = simulated(
        lambda source, sex, race: source.gauss(-0.8 if (sex, race) == ("female", "black") else 0, 1), seed
    )
    assert "sex=female,race=black" in {one.name for one in hidden.groups if one.scoring.is_adverse}


ABOUT = About(
    "Works <script>alert(1)</script> & Sons", datetime(2025, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_stands_alone_and_each_chart_has_title_description_and_table() -> None:
    audit = simulated(lambda source, sex, race: source.gauss(-0.5 if sex == "female" else 0, 1), 1)
    html = page(audit, ABOUT)
    tags = Tags(html).tags
    names = [name for name, _ in tags]
    assert not {"script", "link", "iframe", "img", "object", "use", "image"} & set(names)
    assert not [
        a for _, attributes in tags for a in attributes if a in ("src", "href", "xlink:href") or a.startswith("on")
    ]
    assert "url(" not in html
    assert "@import" not in html
    assert "Works &lt;script&gt;" in html
    charts = re.findall(r"<svg.*?</svg>", html)
    assert len(charts) == names.count("table") == 6
    for chart in charts:
        # Well-formed, and its names for those who do not see it are in it.
        root = ET.fromstring(chart)
        ids = {one.get("id") for one in root if one.tag in ("title", "desc") and one.text}
        assert set((root.get("aria-labelledby") or "").split()) == ids
        assert len(ids) == 2
        assert len(root.findall("rect")) in (2, 4, 8)
    assert "Adverse impact: sex=female;" in html
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert page(audit, ABOUT) == html


def test_a_page_of_nobody_says_so() -> None:
    assert page(bias_audit([]), ABOUT).count("Nobody told.") == 3
