"""Conversion between Traditional and Simplified script.

OpenCC towards Simplified is safe for understanding (all tools agree). Towards a reader only
Cantonese needs it: its texts are kept in Traditional script, and people in Shenzhen type it in
Simplified. Written Chinese is authored in both scripts and never converted.
"""

from functools import cache, lru_cache

import opencc


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@lru_cache(maxsize=64)  # one utterance is looked at by several parts
def to_simplified(text: str) -> str:
    """Traditional characters become Simplified; everything else stays."""
    return _converter("t2s").convert(text)


def to_traditional(text: str) -> str:
    """Simplified characters become Traditional; used to tell scripts apart, not for readers."""
    return _converter("s2t").convert(text)


def cantonese_in_simplified(text: str) -> str:
    """A reviewed Cantonese text (Hong Kong Traditional) for a reader of Simplified script."""
    return _converter("hk2s").convert(text)
