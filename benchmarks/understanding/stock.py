"""Stock Rasa on MASSIVE: jieba, two CountVectorsFeaturizers and a classifier that Rasa brings.

It runs in a process of its own, so that nothing of ours touches it. That process is this file:
``python -m benchmarks.understanding.stock FOLDER`` trains on FOLDER/nlu.json as FOLDER/config.json
says, reads FOLDER/test.json and writes FOLDER/result.json.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List

from benchmarks.understanding.massive import Lines, Result, result, size_of
from core.settings import ROOT

_FEATURES: List[Dict[str, Any]] = [
    {"name": "JiebaTokenizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "word"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


def logistic_regression() -> Dict[str, Any]:
    return {"name": "LogisticRegressionClassifier"}


def diet(epochs: int) -> Dict[str, Any]:
    return {
        "name": "DIETClassifier",
        "epochs": epochs,
        "entity_recognition": False,
        "constrain_similarities": True,
        "random_seed": 1,
    }


def stock(name: str, classifier: Dict[str, Any], train: Lines, test: Lines) -> Result:
    """Trains stock Rasa with ``classifier`` on ``train`` and reads ``test`` with it."""
    config = {"recipe": "default.v1", "assistant_id": "stock", "language": "zh",
              "pipeline": [*_FEATURES, classifier], "policies": []}  # fmt: skip
    examples = [{"text": text, "intent": intent, "entities": []} for text, intent in train]
    files = {
        "config": config,
        "nlu": {"rasa_nlu_data": {"common_examples": examples}},
        "test": [text for text, _ in test],
    }
    with tempfile.TemporaryDirectory() as name_of_folder:
        folder = Path(name_of_folder)
        for stem, content in files.items():
            (folder / f"{stem}.json").write_text(json.dumps(content, ensure_ascii=False))
        command = [sys.executable, "-m", "benchmarks.understanding.stock", str(folder)]
        environment = {k: v for k, v in os.environ.items() if not k.endswith("_THREADS")}
        environment.pop("TQDM_DISABLE", None)  # the training of DIET shows its epochs
        subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        found = json.loads((folder / "result.json").read_text())
    return result(name, test, **found)


def _main(folder: Path) -> None:
    import logging
    import warnings

    warnings.simplefilter("ignore")
    import jieba
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    logging.getLogger("rasa").setLevel(logging.ERROR)
    jieba.setLogLevel(logging.ERROR)
    started = time.perf_counter()
    archive = train_nlu(str(folder / "config.json"), str(folder / "nlu.json"), str(folder))
    trained = time.perf_counter() - started
    agent = Agent.load(archive)
    got, spent = [], []

    async def read() -> None:
        for text in json.loads((folder / "test.json").read_text()):
            started = time.perf_counter()
            parsed = await agent.parse_message(text)
            spent.append((time.perf_counter() - started) * 1000)
            got.append(parsed["intent"]["name"])

    asyncio.run(read())
    content = {
        "got": got,
        "training_s": trained,
        "spent_ms": spent,
        "size_mb": size_of(Path(archive)),
    }
    (folder / "result.json").write_text(json.dumps(content))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
