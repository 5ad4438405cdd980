"""Our own parser reads back what we export: 50 realistic people in each template and format."""

from tests.careerforge.exchange.reading_back import table

PEOPLE = range(50)
# By field, the least share that every template and format reaches, rounded down to hundredths.
REACHED = {
    "titles": 1.0,
    "employers": 1.0,
    "dates": 1.0,
    "schools": 1.0,
    "degrees": 1.0,
    "skills": 1.0,
    "subjects": 1.0,
    "places": 1.0,
    "names": 1.0,
    "languages": 1.0,
}


def test_our_parser_reads_every_export_back() -> None:
    shown, found = table(PEOPLE)
    print(f"\n{shown}")
    worst = {field: min(shares[field] for shares in found.values()) for field in REACHED}
    assert {field: share for field, share in worst.items() if share < REACHED[field]} == {}
