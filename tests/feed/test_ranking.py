"""Events → rows: in order, each once, whatever was begun anew."""

from skillsync.matching.v1.matching_service_pb2 import MatchEvent, StreamMatchesResponse

from services.feed.ranking import Ranking
from tests.feed.scripted import checkpoint, complete, resync, row


def played(ranking: Ranking, *responses: StreamMatchesResponse) -> list[tuple[str, str]]:
    changes = [change for response in responses for change in ranking.apply(response)]
    return [(MatchEvent.Kind.Name(c.kind).removeprefix("KIND_"), c.match.candidate_id) for c in changes]


def order(ranking: Ranking) -> list[tuple[str, float]]:
    return [(match.candidate_id, match.score) for match in ranking.rows]


def test_rows_of_the_first_snapshot_count_at_once() -> None:
    ranking = Ranking()
    assert played(ranking, row("1", "b", 0.9)) == [("SNAPSHOT", "b")]
    assert (order(ranking), ranking.complete, ranking.token) == ([("b", 0.9)], False, "1")
    assert played(ranking, row("2", "a", 0.5), complete("3"), checkpoint("4")) == [("SNAPSHOT", "a")]
    assert (ranking.complete, ranking.token) == (True, "4")


def test_who_comes_moves_changes_and_leaves_is_told_and_rows_stay_in_order() -> None:
    ranking = Ranking()
    played(ranking, row("1", "b", 0.9), row("2", "a", 0.5), complete("3"))
    told = played(
        ranking,
        row("4", "c", 0.7, "ENTERED", 0, 2),
        row("5", "a", 0.95, "MOVED", 3, 1),
        row("6", "b", 0.8, "RESCORED", 2, 2),
        row("7", "c", 0.0, "LEFT", 3),
    )
    assert told == [("ENTERED", "c"), ("MOVED", "a"), ("RESCORED", "b"), ("LEFT", "c")]
    assert order(ranking) == [("a", 0.95), ("b", 0.8)]


def test_equal_scores_are_ordered_by_id() -> None:
    ranking = Ranking()
    played(ranking, row("1", "b", 0.5), row("2", "a", 0.5))
    assert order(ranking) == [("a", 0.5), ("b", 0.5)]


def test_what_is_known_is_not_told_again() -> None:
    ranking = Ranking()
    played(ranking, row("1", "a", 0.5), complete("2"))
    assert played(ranking, row("3", "a", 0.5, "ENTERED"), row("4", "z", 0, "LEFT", 9)) == []


def test_a_new_snapshot_replaces_the_rows_once_it_is_complete_and_only_differences_are_told() -> None:
    for begin_anew in (True, False):
        ranking = Ranking()
        played(ranking, row("1", "a", 0.9), row("2", "b", 0.8), row("3", "c", 0.7), complete("4"))
        if begin_anew:
            ranking.begin_anew()
            assert ranking.token == ""
        else:
            played(ranking, resync("5"))
        assert played(ranking, row("6", "c", 0.95), row("7", "a", 0.9), row("8", "d", 0.1)) == []
        assert order(ranking) == [("a", 0.9), ("b", 0.8), ("c", 0.7)]
        assert played(ranking, complete("9")) == [("LEFT", "b"), ("MOVED", "c"), ("ENTERED", "d")]
        assert order(ranking) == [("c", 0.95), ("a", 0.9), ("d", 0.1)]
        assert played(ranking, row("10", "d", 0.2, "RESCORED", 3, 3)) == [("RESCORED", "d")]
