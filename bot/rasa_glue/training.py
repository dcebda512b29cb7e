"""Rasa's own share of the training: intents and rules."""

from pathlib import Path

import rasa.model_training

from core.settings import ROOT
from nlu.model import DATA, LANGUAGES


def train_rasa(archive: Path) -> None:
    """Trains from the dialogue examples, the domain and the rules, and writes ``archive``."""
    rasa.model_training.train(
        domain=str(ROOT / "bot" / "domain"),
        config=str(ROOT / "config.yml"),
        training_files=[*(str(DATA / language) for language in LANGUAGES), str(ROOT / "bot/rules")],
        output=str(archive.parent),
        fixed_model_name=archive.name.split(".")[0],
        force_training=True,
    )
