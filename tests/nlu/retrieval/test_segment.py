"""The index over entries: what it finds is what a comparison with every line would find."""

import numpy as np
import pytest

from nlu.retrieval import segment
from nlu.retrieval.segment import Lines, Segment

UNITS = 300


def row(*units):
    return np.array(units, np.int32)


SMALL = Lines.of({"a": [row(0, 1), row(2)], "b": [row(1, 3, 4)], "c": [row(5)]})


def as_dict(lines):
    """Each entry's lines."""
    found = {}
    for start, end, owner in zip(lines.starts, lines.ends, lines.owners):
        found.setdefault(lines.entries[owner], []).append(lines.units[start:end].tolist())
    return found


def test_lines_of_some_entries():
    assert as_dict(SMALL.only([0, 2])) == {"a": [[0, 1], [2]], "c": [[5]]}
    assert as_dict(SMALL.only([1])) == {"b": [[1, 3, 4]]}


def test_lines_after_lines():
    assert as_dict(SMALL.only([1]) + SMALL.only([0, 2])) == as_dict(SMALL)


@pytest.fixture(scope="module")
def many():
    """A thousand lines of units that are rare or common, as words are."""
    chance = np.random.default_rng(0)
    shares = 1 / np.arange(1, UNITS + 1)
    shares /= shares.sum()
    lines = {
        f"e{n}": [
            chance.choice(UNITS, 12, replace=False, p=shares).astype(np.int32) for _ in range(4)
        ]
        for n in range(250)
    }
    return lines, (np.log(UNITS / shares)).astype(np.float32)


def exact(lines, units, rarity):
    """BM25's sum and the best line's, entry by entry."""
    found = {}
    for entry, rows in lines.items():
        said = [unit for row in rows for unit in row]
        soft = 1.5 * (0.25 + 0.75 * len(said) / 3000)
        times = {unit: said.count(unit) for unit in units}
        bm25 = sum(rarity[unit] * n / (n + soft) for unit, n in times.items())
        line = max(
            sum(rarity[unit] ** 2 for unit in units if unit in row)
            / np.sqrt(np.square(rarity[row]).sum())
            for row in rows
        )
        found[entry] = bm25, line
    return found


@pytest.mark.parametrize("asked", range(10))
def test_the_best_entries_are_those_of_a_full_comparison(many, asked):
    lines, rarity = many
    units = np.random.default_rng(asked + 1).choice(UNITS, 10, replace=False).astype(np.int32)
    weight = np.zeros(UNITS, np.float32)
    weight[units] = rarity[units]
    found = {e: sums for e, *sums in Segment(Lines.of(lines), rarity).compare(units, weight)}
    right = exact(lines, units.tolist(), rarity)
    assert len(found) == segment._COMPARED
    for entry in sorted(right, key=right.get, reverse=True)[:4]:
        assert found[entry] == pytest.approx(right[entry], rel=1e-5)


def test_a_question_costs_no_more_than_its_rarest_units_allow(many, monkeypatch):
    lines, rarity = many
    monkeypatch.setattr(segment, "_POSTINGS", 20)
    monkeypatch.setattr(segment, "_COMPARED", 5)
    rare = int(lines["e7"][0].max())
    weight = np.zeros(UNITS, np.float32)
    weight[[0, rare]] = 1
    found = Segment(Lines.of(lines), rarity).compare(row(0, rare), weight)
    assert 1 <= len(found) <= 5
    assert all(any(rare in row for row in lines[entry]) for entry, *_ in found)


def test_few_entries_are_all_compared():
    found = Segment(SMALL, np.ones(8, np.float32)).compare(row(1), np.eye(8, dtype=np.float32)[1])
    assert [entry for entry, said, _ in found if said] == ["a", "b"]
    assert len(found) == 3


def test_units_that_no_line_has_find_nothing(many):
    lines, rarity = many
    index = Segment(Lines.of(lines), np.append(rarity, [1, 1]).astype(np.float32))
    weight = np.repeat(np.float32([0, 1]), [UNITS, 2])
    assert index.compare(row(UNITS, UNITS + 1), weight) == []
