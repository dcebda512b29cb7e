"""The trained part: one linear classifier over all entries, with calibrated confidence."""

import json
from pathlib import Path
from typing import Container, Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge.model import Entry, Snapshot
from nlu.retrieval.lines import Line, fingerprint, training_lines
from nlu.text.linear import LinearClassifier
from nlu.text.tokenise import grams, neighbours, pieces, tokens

#: Pairs of words, which help intents, tell entries no better and cost twice the time.
_FEATURES = (neighbours, pieces)
#: Every n-th line is held out for calibration.
_HELD_OUT = 5
#: The label of questions that no entry answers; it competes with the entries.
_NONE = ""
#: How many candidates of a question are looked at.
CANDIDATES = 8


class EntryRanker:
    """Ranks the entries it was trained on.

    ``rank`` gives each candidate the probability that it is what the person meant, fitted on
    questions that the classifier had not seen and on questions that no entry answers.
    """

    def __init__(self) -> None:
        self._classifier = LinearClassifier(_FEATURES, least=2)
        self._calibration = np.zeros(4)
        self._known: frozenset[str] = frozenset()
        self._wording: frozenset[str] = frozenset()
        self.fingerprints: Mapping[str, str] = {}

    def fit(
        self, snapshot: Snapshot, unanswerable: Sequence[str], dialogue: Sequence[str] = ()
    ) -> "EntryRanker":
        """Trains on a snapshot.

        Args:
            unanswerable: normalised questions that no entry answers.
            dialogue: normalised utterances that are no questions; their wording is known.
        """
        lines = training_lines(snapshot) + [Line(text, _NONE) for text in unanswerable]
        _train(self._classifier, lines)
        self._calibration = _calibrate(lines)
        self._known = _vocabulary([line for line in lines if line.entry != _NONE])
        said = [*dialogue, *(line.text for line in lines)]
        wording = {gram for text in said for gram in grams(text)}
        self._wording = frozenset(wording - set(self._classifier.features))
        self.fingerprints = {e.id: fingerprint(e) for e in snapshot.entries.values()}
        return self

    def is_new(self, entry: Entry) -> bool:
        """Whether an entry was added, or its lines changed, since the training."""
        return self.fingerprints.get(entry.id) != fingerprint(entry)

    def rarity(self, unit: str) -> float:
        """How rare a feature is in the training lines; what was never seen is the rarest."""
        return self._classifier.rarity(unit)

    @property
    def seen(self) -> "tuple[Container[str], Container[str]]":
        """Where each run of up to three tokens is found that occurred in the training."""
        return self._classifier.features, self._wording

    def words(self) -> "Mapping[str, float]":
        """The Latin words of the training lines with their rarities."""
        words = (w for w in self._classifier.features if w.isascii() and " " not in w)
        return {word: self.rarity(word) for word in words if word[0].isalpha()}

    def rank(self, text: str) -> "list[tuple[str, float]]":
        """The best entries for a normalised text, each with its probability, best first."""
        if not self._classifier.labels:
            return []  # not trained yet: every entry is new
        best = self._classifier.best(text, CANDIDATES)
        logits = _evidence(best, familiarity(text, self._known)) @ self._calibration[:3]
        chances = 1 / (1 + np.exp(-logits - self._calibration[3]))
        ranked = [(entry, float(p)) for (entry, _), p in zip(best, chances) if entry != _NONE]
        return sorted(ranked, key=lambda item: -item[1])

    def save(self, folder: Path) -> None:
        self._classifier.save(folder)
        kept = {
            "calibration": self._calibration.tolist(),
            "known": sorted(self._known),
            "wording": sorted(self._wording),
            "fingerprints": dict(self.fingerprints),
        }
        (folder / "ranker.json").write_text(json.dumps(kept, ensure_ascii=False))

    def load(self, folder: Path) -> "EntryRanker":
        kept = json.loads((folder / "ranker.json").read_text())
        self._calibration = np.array(kept["calibration"])
        self._known = frozenset(kept["known"])
        self._wording = frozenset(kept["wording"])
        self.fingerprints = kept["fingerprints"]
        self._classifier.load(folder)
        return self


def familiarity(text: str, known: "frozenset[str]") -> float:
    """The share of a text's words that the training knows; Chinese counts in pairs."""
    units = _units(text)
    return sum(unit in known for unit in units) / len(units) if units else 0.0


def _units(text: str) -> "list[str]":
    """Latin words, and pairs of neighbouring Han characters."""
    words = tokens(text)
    pairs = [a + b for a, b in zip(words, words[1:]) if not a.isascii() and not b.isascii()]
    return [w for w in words if w.isascii() and w.isalpha()] + pairs


def _vocabulary(lines: Sequence[Line]) -> "frozenset[str]":
    return frozenset(unit for line in lines for unit in _units(line.text))


def _evidence(best: "list[tuple[str, float]]", seen: float) -> np.ndarray:
    """For each candidate: its score, its lead over the best other one, and familiarity."""
    scores = np.array([score for _, score in best])
    others = np.where(np.arange(len(scores)) == 0, scores[1] if len(scores) > 1 else -1, scores[0])
    return np.column_stack([scores, scores - others, np.full(len(scores), seen)])


def _train(classifier: LinearClassifier, lines: Sequence[Line]) -> None:
    """Trains with what nothing answers counting double: a wrong answer is worse than none."""
    said = [*lines, *(line for line in lines if line.entry == _NONE)]
    classifier.fit([line.text for line in said], [line.entry for line in said])


def _calibrate(lines: Sequence[Line]) -> np.ndarray:
    """Logistic regression from evidence to right or wrong, on lines held out of training."""
    order = np.random.RandomState(0).permutation(len(lines))
    held = [lines[i] for i in order[::_HELD_OUT]]
    rest = [line for n, line in enumerate(lines[i] for i in order) if n % _HELD_OUT]
    model = LinearClassifier(_FEATURES, least=2)
    _train(model, rest)
    known = _vocabulary([line for line in rest if line.entry != _NONE])
    evidence, right = [], []
    for line in held:
        best = model.best(line.text, 3)
        for (candidate, _), row in zip(best, _evidence(best, familiarity(line.text, known))):
            if candidate != _NONE:
                evidence.append(row)
                right.append(candidate == line.entry)
    fitted = LogisticRegression(C=100).fit(np.vstack(evidence), right)
    return np.append(fitted.coef_[0], fitted.intercept_[0])
