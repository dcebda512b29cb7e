"""One linear classifier over text, for intents, for entries and for languages.

TF-IDF over token n-grams and, weighted apart, over pieces of Latin words; a linear support vector
machine on top (scikit-learn). Weights too small to matter are dropped: measured on the knowledge
questions that costs no accuracy and makes the model twenty times smaller (docs/understanding.md).
What is saved is numbers and a word list, never a pickle.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Callable, Mapping, Sequence

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

#: Turns a text into features. Must be the same at training and at use.
Analyzer = Callable[[str], "list[str]"]

_NEGLIGIBLE = 0.02
#: Up to this many labels all weights of a feature are looked up at once, zeros too: it is faster.
_FEW = 32
#: Where the optimiser stops: ranks no worse than the default (measured) in half the time.
_TOLERANCE = 1.0


@dataclass
class _Block:
    """One block of features: how to find them, their numbers and their rarity."""

    analyzer: Analyzer
    vocabulary: "dict[str, int]" = field(default_factory=dict)
    idf: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def vector(self, text: str) -> "tuple[np.ndarray, np.ndarray]":
        """The text's known features and their weights: sublinear TF-IDF of length one."""
        counts = Counter(map(self.vocabulary.get, self.analyzer(text)))
        counts.pop(None, None)
        ids = np.fromiter(counts, np.int64, len(counts))
        values = np.log(np.fromiter(counts.values(), np.float64, len(counts))) + 1
        values *= self.idf[ids]
        return ids, values / (np.sqrt(values @ values) or 1.0)


class LinearClassifier:
    """Scores a text for each label.

    Args:
        analyzers: one block of features each; every block is normalised by itself.
        cost: what a training line on the wrong side of a boundary costs. Little where there are
            so many features that nearly every line can be learnt by heart.
        least: texts that a feature must stand in to count.
    """

    def __init__(self, analyzers: Sequence[Analyzer], cost: float = 0.5, least: int = 1) -> None:
        self._cost, self._least = cost, least
        self._blocks = [_Block(analyzer) for analyzer in analyzers]
        self.labels: tuple[str, ...] = ()
        self._weights = scipy.sparse.csr_matrix((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, np.float32)
        self._rarest = 1.0

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> "LinearClassifier":
        """Trains on ``texts`` with one label each; at least two different labels."""
        columns = []
        for block in self._blocks:
            vectorizer = TfidfVectorizer(
                analyzer=block.analyzer, sublinear_tf=True, min_df=self._least
            )
            columns.append(vectorizer.fit_transform(texts))
            block.vocabulary, block.idf = vectorizer.vocabulary_, np.array(vectorizer.idf_)
        matrix = scipy.sparse.hstack(columns).tocsr()
        machine = LinearSVC(C=self._cost, tol=_TOLERANCE, random_state=0).fit(matrix, labels)
        weights, bias = machine.coef_.T, machine.intercept_
        if len(machine.classes_) == 2:  # one column decides between the two
            weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
        weights[np.abs(weights) < _NEGLIGIBLE] = 0
        self.labels = tuple(str(label) for label in machine.classes_)
        self._weights = scipy.sparse.csr_matrix(weights.astype(np.float32))
        self._bias = bias.astype(np.float32)
        self._rarest = max(float(block.idf.max()) for block in self._blocks if len(block.idf))
        return self

    def scores(self, text: str) -> np.ndarray:
        """Signed distance to each label's boundary, in the order of ``labels``.

        Looks weights up by hand: for one short text that takes a fifth of the time of building
        sparse matrices for scikit-learn's own path.
        """
        rows, values, offset = [], [], 0
        for block in self._blocks:
            ids, weight = block.vector(text)
            rows.append(ids + offset)
            values.append(weight)
            offset += len(block.vocabulary)
        found, weight = np.concatenate(rows), np.concatenate(values)
        if len(self.labels) <= _FEW:
            return self._bias + weight.astype(np.float32) @ self._dense[found]
        if not len(found):
            return self._bias.copy()
        starts, ends = self._weights.indptr[found], self._weights.indptr[found + 1]
        spans = [slice(a, b) for a, b in zip(starts.tolist(), ends.tolist())]
        labels = np.concatenate([self._weights.indices[span] for span in spans])
        parts = np.concatenate([self._weights.data[span] for span in spans])
        parts = parts * np.repeat(weight, ends - starts)
        return self._bias + np.bincount(labels, parts, len(self.labels)).astype(np.float32)

    @cached_property
    def _dense(self) -> np.ndarray:
        return self._weights.toarray()

    def best(self, text: str, count: int) -> "list[tuple[str, float]]":
        """The ``count`` best labels with their scores, best first."""
        scores = self.scores(text)
        top = np.argsort(-scores)[:count]
        return [(self.labels[i], float(scores[i])) for i in top]

    def rarity(self, feature: str) -> float:
        """The inverse document frequency of a feature; an unknown one is the rarest."""
        for block in self._blocks:
            if feature in block.vocabulary:
                return float(block.idf[block.vocabulary[feature]])
        return self._rarest

    @property
    def features(self) -> "Mapping[str, int]":
        """The features of the first block that occurred in training."""
        return self._blocks[0].vocabulary

    def save(self, folder: Path) -> None:
        """Writes the classifier into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        scipy.sparse.save_npz(folder / "weights.npz", self._weights)
        idf = {f"idf{i}": block.idf for i, block in enumerate(self._blocks)}
        np.savez(folder / "numbers.npz", bias=self._bias, **idf)
        words = {
            "labels": self.labels,
            "vocabularies": [sorted(b.vocabulary, key=b.vocabulary.__getitem__)
                             for b in self._blocks],
        }  # fmt: skip
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False))

    def load(self, folder: Path) -> "LinearClassifier":
        """Reads what ``save`` wrote; the analyzers must be those it was trained with."""
        words = json.loads((folder / "words.json").read_text())
        with np.load(folder / "numbers.npz", allow_pickle=False) as numbers:
            self._bias = numbers["bias"]
            for i, (block, vocabulary) in enumerate(zip(self._blocks, words["vocabularies"])):
                block.vocabulary = {word: j for j, word in enumerate(vocabulary)}
                block.idf = numbers[f"idf{i}"]
        self._weights = scipy.sparse.load_npz(folder / "weights.npz")
        self.labels = tuple(words["labels"])
        self._rarest = max(float(block.idf.max()) for block in self._blocks if len(block.idf))
        return self
