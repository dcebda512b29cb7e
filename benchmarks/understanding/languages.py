"""A public test of Cantonese against Mandarin: github.com/ayaka14732/yue-cmn-classification-task.

Its 3,524 sentences are not part of the repository.
"""

import time
from pathlib import Path
from typing import Any, Dict

import numpy as np

from nlu.text.language import LanguageIdentifier

_LANGUAGES = {"0": "yue", "1": "cmn"}


def measure(identifier: LanguageIdentifier, folder: Path) -> Dict[str, Any]:
    """What the identifier makes of ``test.text.txt``, judged by ``test.label.txt``."""
    texts = (folder / "test.text.txt").read_text().splitlines()
    expected = [_LANGUAGES[x] for x in (folder / "test.label.txt").read_text().split()]
    started = time.perf_counter()
    got = [identifier.identify(text).language for text in texts]
    spent = time.perf_counter() - started
    right = np.array([a == b for a, b in zip(got, expected)])
    return {
        "sentences": len(right),
        "accuracy": 100 * float(right.mean()),
        **{
            f"{language} found": 100 * float(right[np.array(expected) == language].mean())
            for language in _LANGUAGES.values()
        },
        "ms a sentence": 1000 * spent / len(right),
    }
