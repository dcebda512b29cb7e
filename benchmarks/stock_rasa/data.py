"""Writes the training data of the stock bot: python data.py FOLDER

The examples are the assistant's own ones, in all three languages, merged by intent. `enquire`
gets in addition the first questions of every knowledge file, because the stock bot has no
retrieval that could know them.
"""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("yue", "cmn", "en")
QUESTIONS_PER_LANGUAGE = 3
# The C loader of PyYAML is about ten times as fast; not every build of it has one.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)


def dialogue_examples():
    """Pairs of intent and text from nlu/data/<language>/*.yml, which are Rasa NLU files."""
    for language in LANGUAGES:
        for path in sorted((ROOT / "nlu" / "data" / language).glob("*.yml")):
            for item in read(path).get("nlu", []):
                if "intent" not in item:
                    continue  # lookup tables, synonyms and the like
                for line in item["examples"].splitlines():
                    if line.strip().startswith("- "):
                        yield item["intent"], line.strip()[2:]


def knowledge_questions():
    """The first questions in each language of every knowledge file that has some."""
    for path in sorted((ROOT / "knowledge" / "content").rglob("*.yml")):
        content = read(path)
        if isinstance(content, dict) and "questions" in content:
            for language in LANGUAGES:
                for text in content["questions"].get(language, [])[:QUESTIONS_PER_LANGUAGE]:
                    yield "enquire", str(text)


def write(folder):
    """Writes FOLDER/nlu.yml and returns the number of examples of each intent."""
    by_intent = {}
    seen = set()
    for intent, text in [*dialogue_examples(), *knowledge_questions()]:
        text = " ".join(text.split())
        # The first intent keeps a text: the same text in two intents teaches nothing.
        if text and text not in seen:
            seen.add(text)
            by_intent.setdefault(intent, []).append(text)

    lines = ['version: "3.1"', "", "nlu:"]
    for intent, texts in by_intent.items():
        lines += [f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {text}" for text in texts]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nlu.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {intent: len(texts) for intent, texts in by_intent.items()}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    counts = write(sys.argv[1])
    print(f"{sum(counts.values())} examples, {len(counts)} intents")
