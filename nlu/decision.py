"""Weighs the intent classifier's word against what the knowledge search found."""

from typing import Sequence

import numpy as np

from nlu.retrieval.search import Findings

#: Sharpness of the confidences: chosen so that they agree with the share that is right.
_SHARPNESS = 3.0
#: A find this probable turns an unsure other intent into an enquiry.
_STRONG_FIND = 0.75
_UNSURE = 0.65
#: Intents that a mere name of a thing is easily mistaken for.
_MISTAKEN = ("inform", "out_of_scope", "greet", "talk_to_human", "ask_capabilities", "affirm", "deny",
             "give_feedback", "sign_in")  # fmt: skip


def confidences(scores: np.ndarray) -> np.ndarray:
    """Turns the classifier's scores into shares of one."""
    shifted = np.exp(_SHARPNESS * (scores - scores.max()))
    return shifted / shifted.sum()


def settle(ranking: "Sequence[tuple[str, float]]", findings: Findings) -> "tuple[str, float]":
    """The intent to act on and its confidence.

    Args:
        ranking: intents with their confidences, best first.
        findings: what the knowledge search found for the same text.
    """
    intent, confidence = ranking[0]
    found = findings.hits[0].score if findings.hits else 0.0
    if intent in _MISTAKEN and confidence < _UNSURE and found >= _STRONG_FIND:
        return "enquire", found
    return intent, confidence
