"""One JSON object a line on standard error, with personal data masked, for every library too."""

import json
import logging
import sys
from contextlib import suppress
from typing import Any, List, MutableMapping

import structlog

from core.privacy import mask_all


def configure_logging(level: int = logging.WARNING) -> None:
    """Sends all logs through one masking JSON formatter.

    DEBUG is refused: at that level Rasa writes whole conversations.

    Args:
        level: a level of :mod:`logging`, INFO or above.
    """
    level = max(level, logging.INFO)
    shared: List[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        _mask,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = _Handler(sys.stderr)
    handler.setLevel(level)  # a library that asks for DEBUG of its own is refused as well
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)  # of old libraries, at import: not for people to read
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    for name in ("sanic.root", "sanic.error", "sanic.access", "rasa"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(level)


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Names a line that cannot be written; the library would print it whole, unmasked."""

    def handleError(self, record: logging.LogRecord) -> None:
        place = {"event": "A log line could not be written.", "level": "error",
                 "logger": record.name, "file": record.filename, "line": record.lineno}  # fmt: skip
        with suppress(OSError, ValueError):
            self.stream.write(json.dumps(place) + "\n")


def _mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record = event.pop("_record", None)
    kept = event.pop("_from_structlog", None)
    masked = mask_all(dict(event))
    if record is not None:
        masked["_record"], masked["_from_structlog"] = record, kept
    return masked
