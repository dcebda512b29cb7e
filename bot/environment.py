"""What must be said to Rasa and TensorFlow before they are imported."""

import logging
import os
from pathlib import Path


def prepare() -> None:
    """No telemetry, no GPU, two threads, quiet logs. Call before anything imports ``rasa``."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SANIC_REGISTER"] = "false"
    for name, value in {
        "CUDA_VISIBLE_DEVICES": "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_INTER_OP_PARALLELISM_THREADS": "1",
        "TF_INTRA_OP_PARALLELISM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",  # one short text at a time: threads only get in the way
        "OMP_NUM_THREADS": "1",
        "TQDM_DISABLE": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }.items():
        os.environ.setdefault(name, value)
    from core.log import configure_logging

    configure_logging(logging.WARNING)


def share_metrics(folder: Path) -> None:
    """All processes that are started from now on count into files in one folder.

    Call before anything imports ``prometheus_client``, which looks for the folder only then.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
