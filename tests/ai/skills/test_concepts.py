"""Ranking concepts for sentences, over a list of a few so that nothing has to be set up."""

from pathlib import Path

import numpy as np
import pytest

from services.ai.embedding.adapter import adapted, adapter, rounded
from services.ai.embedding.transformer import MOST_PIECES, Transformer
from services.ai.skills.concepts import Concept, ConceptRanker
from services.ai.skills.concepts.examples import Carrier, Entry, Examples
from services.ai.skills.concepts.lexicon import Lexicon, Name
from services.ai.skills.concepts.names import bare, phrases
from services.ai.skills.concepts.ranker import ADAPTER, confidence, likeness
from services.ai.skills.concepts.vectors import label_vectors

CONCEPTS = [
    Concept("teams", "work in teams"),
    Concept("java", "Java (computer programming)", ("Java EE",)),
    Concept("weld", "weld underwater"),
    Concept("budgets", "manage budgets", ("administer budgets",)),
    Concept("patients", "interact with healthcare users"),
    Concept("detail", "attend to detail"),
]


@pytest.fixture(scope="module")
def ranker() -> ConceptRanker:
    return ConceptRanker(CONCEPTS)


@pytest.fixture(scope="module")
def model() -> Transformer:
    return Transformer()


@pytest.mark.parametrize(
    ("sentence", "concept"),
    [
        ("We look for a real team player .", "teams"),
        ("Joining steel below the water line as a diver", "weld"),
        ("You hold the purse strings and plan our yearly spending", "budgets"),
        ("Backend services in Java 17", "java"),
        ("Talking with the ill and their families on the ward", "patients"),
    ],
)
def test_a_sentence_finds_its_concept_though_it_does_not_name_it(
    ranker: ConceptRanker, sentence: str, concept: str
) -> None:
    assert ranker.rank([sentence], 1)[0][0][0] == concept


def test_one_phrase_of_a_long_sentence_is_enough(ranker: ConceptRanker) -> None:
    sentence = (
        "Our office lies in the old harbour with a view of the sea , there is fruit on every floor , and you bring an eye for detail , "
        "while dogs are welcome on every day but Friday when the board meets ."
    )
    assert ranker.rank([sentence], 1)[0][0][0] == "detail"


def test_confidence_falls_from_first_to_last_and_is_a_chance(ranker: ConceptRanker) -> None:
    ranked = ranker.rank(["manage budgets and work in teams"], len(CONCEPTS))[0]
    chances = [chance for _, chance in ranked]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)
    assert {concept for concept, chance in ranked if chance > 0.5} >= {"budgets", "teams"}


def test_a_sentence_without_words_has_no_concept(ranker: ConceptRanker) -> None:
    assert ranker.rank(["", " -- ", "•"], 3) == [[], [], []]


def test_company_of_other_sentences_changes_no_byte(ranker: ConceptRanker) -> None:
    sentences = ["Java developer", "Budget planning for three departments", "Careful"]
    assert ranker.rank(sentences, 6) == [ranker.rank([sentence], 6)[0] for sentence in sentences]


def test_a_sentence_of_thousands_of_words_is_read_to_the_limit(ranker: ConceptRanker) -> None:
    assert len(ranker.rank(["administer budgets " * 5000], 3)[0]) == 3


def test_label_vectors_are_kept_and_not_made_again(tmp_path: Path, model: Transformer) -> None:
    made = label_vectors(model, CONCEPTS[:3], ADAPTER, tmp_path)
    (file,) = tmp_path.glob("labels-*.npy")
    np.save(file, np.roll(np.load(file), 1, axis=0))
    assert np.array_equal(label_vectors(model, CONCEPTS[:3], ADAPTER, tmp_path), np.roll(made, 1, axis=0))


def test_other_labels_or_another_adapter_never_read_the_kept_vectors(tmp_path: Path, model: Transformer) -> None:
    for concepts, trained in ((CONCEPTS[:2], ADAPTER), (CONCEPTS[:1], ADAPTER), (CONCEPTS[:2], Path("none.npz"))):
        label_vectors(model, concepts, trained, tmp_path)
    assert len(list(tmp_path.glob("labels-*.npy"))) == 3


def test_a_ranker_keeps_its_label_vectors_in_the_folder_it_is_given(tmp_path: Path) -> None:
    ConceptRanker(CONCEPTS[:1], tmp_path, said={}).load()
    assert len(list(tmp_path.glob("labels-*.npy"))) == 1


def test_a_whole_name_counts_more_than_a_part_of_it() -> None:
    lexicon = Lexicon([[Name("supply chain management", 1.0)], [Name("restaurant management", 1.0)], []])
    exact, covered = lexicon.scores("Good at supply chain management .")
    assert exact.tolist() == [1, 0, 0]
    assert covered[0] > covered[1] > covered[2] == 0


def test_words_in_another_order_are_not_the_name() -> None:
    exact, covered = Lexicon([[Name("data mining", 1.0)], [Name("coal", 1.0)]]).scores("mining of data")
    assert exact.tolist() == [0, 0]
    assert covered[0] > 0


def test_symbols_belong_to_a_name() -> None:
    exact, _ = Lexicon([[Name("C", 1.0)], [Name("C++", 1.0)], [Name("C#", 1.0)]]).scores("ten years of C++")
    assert exact.tolist() == [0, 1, 0]


def test_attention_finds_the_piece_that_a_label_means() -> None:
    pieces = np.eye(4, dtype=np.float32)
    labels = np.stack([pieces[2], np.full(4, 0.5, np.float32)])
    alone, spread = likeness(pieces, labels)
    assert alone > 0.999
    assert spread == pytest.approx(1.0)


def test_confidence_grows_with_the_score() -> None:
    assert confidence(np.array([0.2, 0.9, 1.4], np.float32)) == sorted(
        confidence(np.array([0.2, 0.9, 1.4], np.float32))
    )


def test_brackets_at_the_end_are_no_part_of_a_name() -> None:
    assert bare("Java (computer programming)") == "Java"


def test_every_line_of_phrases_has_a_label_and_a_phrase() -> None:
    assert len(phrases()) > 500
    assert all(said and all(phrase.strip() for phrase in said) for said in phrases().values())


def test_thin_factors_give_back_a_change_of_low_rank() -> None:
    rng = np.random.default_rng(1)
    before = {
        "w": rng.normal(size=(40, 30)).astype(np.float32),
        "b": np.zeros(40, np.float32),
        "same": np.ones(3, np.float32),
    }
    change = (rng.normal(size=(40, 2)) @ rng.normal(size=(2, 30))).astype(np.float32)
    after = {"w": before["w"] + change, "b": before["b"] + 0.5, "same": before["same"]}
    parts = adapter(before, after, 4)
    restored = adapted(before, parts)
    assert "same.delta" not in parts
    assert np.abs(restored["w"] - after["w"]).max() < 0.01 * np.abs(change).max()
    assert np.allclose(restored["b"], after["b"])


def test_a_change_in_few_steps_gives_back_nearly_all_of_it() -> None:
    rng = np.random.default_rng(1)
    before = {
        "w": rng.normal(size=(40, 30)).astype(np.float32),
        "b": np.zeros(40, np.float32),
        "same": np.eye(3, dtype=np.float32),
    }
    change = (0.01 * rng.normal(size=(40, 30))).astype(np.float32)
    parts = rounded(before, {"w": before["w"] + change, "b": before["b"] + 0.5, "same": before["same"]})
    restored = adapted(before, parts)
    assert not any(name.startswith("same") for name in parts)
    assert np.abs(parts["w.steps"]).max() == 31
    assert np.linalg.norm(restored["w"] - before["w"] - change) < 0.05 * np.linalg.norm(change)
    assert np.allclose(restored["b"], 0.5)


def test_texts_together_have_the_means_they_have_alone(model: Transformer) -> None:
    together = model.means(["cook", "weld underwater", "sing", "x " * 400])
    assert np.allclose(together[2], model.means(["sing"])[0], atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert len(model.pieces(["x " * 400])[0]) == MOST_PIECES


def test_drawn_sentences_say_the_skills_they_claim() -> None:
    entries = [
        Entry("Java", True, (), (), (), 1.0),
        Entry("Python", True, (), (), (), 1.0),
        Entry("weld underwater", False, (), (), (), 1.0),
    ]
    examples = Examples(
        entries, [Carrier(("Knows", "Excel", "."), (), ((1, 2),)), Carrier(("Can", "sing"), ((1, 2),), ())], 3
    )
    drawn = [examples.sentence(skill) for skill in [0, 1, 2] * 30]
    assert all(entries[skill].label.lower() in text.lower() for text, said in drawn for skill in said)
    assert not any("excel" in text.lower() for text, _ in drawn)
    assert any(len(said) == 2 for _, said in drawn)
