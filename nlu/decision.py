"""Weighs the intent classifier's word against what the knowledge search found."""

from typing import Sequence

import numpy as np

from nlu.retrieval.search import Findings

#: Sharpness of the confidences: chosen so that they agree with the share that is right.
_SHARPNESS = 3.5
#: Below this confidence a find turns an intent into an enquiry: the surer the find, the more.
_UNSURE, _STRONG_FIND = 0.65, 0.75
_VERY_UNSURE, _FAIR_FIND = 0.45, 0.5
#: An enquiry about which hardly anything is found, and which hardly sounds like one, is none.
_NO_FIND, _DOUBTFUL = 0.08, 0.75


def confidences(scores: np.ndarray) -> np.ndarray:
    """Turns the classifier's scores into shares of one."""
    shifted = np.exp(_SHARPNESS * (scores - scores.max()))
    return shifted / shifted.sum()


def settle(
    ranking: "Sequence[tuple[str, float]]", findings: Findings, named: bool = False
) -> "tuple[str, float]":
    """The intent to act on and its confidence.

    The mere name of a thing (“羅湖”, “cncc”) looks like an answer to a question or like small talk;
    what the search finds tells that it is an enquiry.

    Args:
        ranking: intents with their confidences, best first.
        findings: what the knowledge search found for the same text.
        named: whether the text names a place, a permit or a service of the knowledge.
    """
    intent, confidence = ranking[0]
    found = findings.hits[0].score if findings.hits else 0.0
    if findings.ambiguity:
        found = max(found, _STRONG_FIND)
    if (confidence < _UNSURE and found >= _STRONG_FIND) or (
        confidence < _VERY_UNSURE and found >= _FAIR_FIND
    ):
        return "enquire", found
    if intent == "enquire" and not named and confidence < _DOUBTFUL and found < _NO_FIND:
        return "out_of_scope", 1 - confidence
    return intent, confidence
