"""Conversion between Traditional and Simplified script.

OpenCC towards Simplified is safe for understanding (all tools agree). Towards a reader only
Cantonese needs it: its texts are kept in Traditional script, and people in Shenzhen type it in
Simplified. Written Chinese is authored in both scripts and never converted.
"""

from functools import lru_cache

import opencc

# Loaded with the process, not in somebody's first turn: 0.1 s.
_T2S, _S2T, _HK2S = (opencc.OpenCC(name) for name in ("t2s", "s2t", "hk2s"))


@lru_cache(maxsize=64)  # one utterance is looked at by several parts
def to_simplified(text: str) -> str:
    """Traditional characters become Simplified; everything else stays."""
    return _T2S.convert(text)


def to_traditional(text: str) -> str:
    """Simplified characters become Traditional; used to tell scripts apart, not for readers."""
    return _S2T.convert(text)


def cantonese_in_simplified(text: str) -> str:
    """A reviewed Cantonese text (Hong Kong Traditional) for a reader of Simplified script."""
    return _HK2S.convert(text)
