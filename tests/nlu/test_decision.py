"""The classifier's word and the search's finds, weighed against each other."""

import numpy as np
import pytest

from knowledge.model import Ambiguity
from nlu.decision import confidences, settle
from nlu.retrieval.search import Findings, Hit
from tests.support.entries import text

WHICH = Ambiguity(("permit",), (), text("Which?"), ())


def found(score=None, ambiguity=None):
    hits = () if score is None else (Hit("faq:a", score),)
    return Findings(hits, (), None, ambiguity)


def test_confidences_are_shares_of_one_in_the_order_of_the_scores():
    shares = confidences(np.array([-1.0, 0.5, -0.2]))
    assert shares.sum() == pytest.approx(1)
    assert list(shares.argsort()) == [0, 2, 1]


def test_great_scores_do_not_overflow():
    assert confidences(np.array([1e6, -1e6])).tolist() == [1, 0]


def test_a_sure_intent_stands_whatever_is_found():
    assert settle([("book_appointment", 0.9)], found(0.99)) == ("book_appointment", 0.9)


def test_an_unsure_intent_gives_way_to_a_strong_find():
    assert settle([("inform", 0.5)], found(0.9)) == ("enquire", 0.9)


def test_an_unsure_intent_stands_against_a_fair_find():
    assert settle([("inform", 0.5)], found(0.6)) == ("inform", 0.5)


def test_a_very_unsure_intent_gives_way_to_a_fair_find():
    assert settle([("inform", 0.3)], found(0.6)) == ("enquire", 0.6)


def test_a_weak_find_changes_nothing():
    assert settle([("out_of_scope", 0.3)], found(0.2)) == ("out_of_scope", 0.3)


def test_nothing_found_changes_nothing():
    assert settle([("greet", 0.2)], found()) == ("greet", 0.2)


def test_an_ambiguous_word_counts_as_a_strong_find():
    assert settle([("inform", 0.5)], found(ambiguity=WHICH))[0] == "enquire"


def test_a_doubtful_enquiry_about_nothing_is_out_of_scope():
    assert settle([("enquire", 0.6)], found(0.05)) == ("out_of_scope", pytest.approx(0.4))


def test_a_doubtful_enquiry_that_names_a_place_is_one_that_nobody_can_answer():
    assert settle([("enquire", 0.6)], found(0.05), named=True) == ("enquire", 0.6)


def test_a_sure_enquiry_about_nothing_is_one_that_nobody_can_answer():
    assert settle([("enquire", 0.95)], found(0.01)) == ("enquire", 0.95)


def test_a_doubtful_enquiry_with_an_ambiguous_word_stays_one():
    assert settle([("enquire", 0.6)], found(ambiguity=WHICH))[0] == "enquire"
