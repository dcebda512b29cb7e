"""Plausible knowledge in any amount: real lines whose middle speaks of something made up.

Each made-up entry has a subject in English and in Chinese, put together from words of the real
knowledge, and some lines a language; no two have the same subject.
"""

import random
from dataclasses import replace
from typing import Iterator, List, Set

from knowledge.model import Entry, Snapshot, Text
from nlu.model import LANGUAGES
from nlu.text.tokenise import tokens


def enlarged(content: Snapshot, entries: int, lines: int) -> Snapshot:
    """``content`` and made-up entries, ``entries`` together; the same at every call.

    Args:
        lines: of a made-up entry in each language.
    """
    made = _made_up(content, lines)
    more = [next(made) for _ in range(entries - len(content.entries))]
    everything = {**content.entries, **{entry.id: entry for entry in more}}
    return replace(content, entries=everything, revision=f"{content.revision}-{entries}")


def _made_up(content: Snapshot, lines: int) -> Iterator[Entry]:
    chance = random.Random(0)
    said = {
        language: [q for e in content.entries.values() for q in e.questions.get(language, ())]
        for language in LANGUAGES
    }
    names = [n for e in content.entries.values() for n in (e.name.en, e.name.zh_hant)]
    words = sorted(
        {
            w
            for line in said["en"] + names
            for w in tokens(line.lower())
            if w.isascii() and len(w) > 3
        }
    )
    pairs = sorted({a + b for line in said["cmn"] + names
                    for a, b in zip(tokens(line), tokens(line)[1:])
                    if not a.isascii() and not b.isascii()})  # fmt: skip
    seen: Set[str] = set()
    model = next(iter(content.entries.values()))
    while True:
        english = " ".join(chance.choices(words, k=3))
        chinese = "".join(chance.choices(pairs, k=3))
        if english in seen or chinese in seen:
            continue
        seen |= {english, chinese}
        questions = {
            language: tuple(
                _about(chance, line, english if language == "en" else chinese)
                for line in chance.sample(said[language], lines)
            )
            for language in LANGUAGES
        }
        yield replace(
            model, id=f"faq:made-up-{len(seen) // 2}", name=Text(english, chinese, chinese),
            questions=questions, aliases=(), related=(), cities=(),
            answer=Text(f"About {english}.", f"關於{chinese}。", f"关于{chinese}。"),
        )  # fmt: skip


def _about(chance: random.Random, line: str, subject: str) -> str:
    """The line with its middle half replaced."""
    parts: List[str] = line.split(" ") if " " in line else list(line)
    quarter = max(1, len(parts) // 4)
    joint = " " if " " in line else ""
    return joint.join([*parts[:quarter], subject, *parts[-quarter:]])
