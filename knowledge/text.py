"""A text in the four ways of writing; every word that a reader sees is one of these."""

from dataclasses import dataclass
from typing import Literal, Mapping

#: The four ways in which a reply is written. Speech language and script follow from it.
Variant = Literal["yue", "zh_hant", "zh_hans", "en"]
VARIANTS: tuple[Variant, ...] = ("yue", "zh_hant", "zh_hans", "en")


@dataclass(frozen=True)
class Text:
    """One text in every language. Cantonese falls back to written Chinese in Hong Kong style."""

    en: str
    zh_hant: str
    zh_hans: str
    yue: str = ""

    def get(self, variant: Variant) -> str:
        return getattr(self, variant) or self.zh_hant

    @staticmethod
    def of(raw: Mapping[str, str]) -> "Text":
        return Text(**{variant: raw[variant].strip() for variant in raw})
