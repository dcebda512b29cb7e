"""The linear classifier by itself, on a handful of sentences."""

import json

import numpy as np
import pytest

from nlu.text.linear import LinearClassifier
from nlu.text.tokenise import MEANING, grams, pairs

SAID = {
    "fee": ["how much is it", "what does it cost", "the fee please", "price of the permit"],
    "hours": ["when does it open", "opening hours", "is it open at night", "closing time"],
    "place": ["where is the office", "address of the office", "which office", "office near me"],
}


@pytest.fixture(scope="module")
def classifier():
    pairs = [(text, label) for label, texts in SAID.items() for text in texts]
    return LinearClassifier(MEANING, cost=1.0).fit(*zip(*pairs))


@pytest.mark.parametrize(
    "text, label",
    [("cost of the permit", "fee"), ("open hours", "hours"), ("which office is near", "place")],
)
def test_a_new_sentence_gets_the_label_of_its_like(classifier, text, label):
    assert classifier.best(text, 1)[0][0] == label


def test_the_best_come_first(classifier):
    scores = [score for _, score in classifier.best("opening hours of the office", 3)]
    assert scores == sorted(scores, reverse=True)


def test_scores_stand_in_the_order_of_the_labels(classifier):
    label, score = classifier.best("closing time", 1)[0]
    assert classifier.scores("closing time")[classifier.labels.index(label)] == pytest.approx(score)


def test_a_text_without_known_words_gets_the_bias_and_does_not_change_it(classifier):
    nothing = classifier.scores("羅湖")
    nothing += 100
    assert (classifier.scores("羅湖") < 50).all()


def test_what_is_said_together_counts_in_whatever_order():
    said = {"open": ["counter opens when", "when today"], "place": ["counter is where", "where to"]}
    model = LinearClassifier([pairs]).fit(
        *zip(*((t, label) for label, texts in said.items() for t in texts))
    )
    assert model.best("when does the counter open", 1)[0][0] == "open"
    assert model.best("where can the counter be", 1)[0][0] == "place"


def test_two_labels_are_enough():
    two = LinearClassifier([grams]).fit(["yes please", "no thanks"], ["yes", "no"])
    assert two.best("please", 1)[0][0] == "yes"
    assert two.best("thanks", 1)[0][0] == "no"


def test_a_rare_word_is_rarer_than_a_common_one_and_the_unknown_is_rarest(classifier):
    assert classifier.rarity("night") > classifier.rarity("office")
    assert classifier.rarity("羅") >= classifier.rarity("night")


def test_what_is_saved_and_loaded_scores_the_same(classifier, tmp_path):
    classifier.save(tmp_path)
    loaded = LinearClassifier(MEANING).load(tmp_path)
    for text in ("what does the office cost", "羅湖", "openning huors"):
        np.testing.assert_array_equal(loaded.scores(text), classifier.scores(text))
    assert loaded.rarity("night") == classifier.rarity("night")


def test_nothing_that_is_saved_is_a_pickle(classifier, tmp_path):
    classifier.save(tmp_path)
    for path in tmp_path.iterdir():
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as numbers:
                assert all(numbers[name].dtype != object for name in numbers)
        else:
            json.loads(path.read_text())
