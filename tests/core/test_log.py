import json
import subprocess
import sys

import pytest

from core.settings import ROOT


def logged(code: str, level: str = "logging.INFO") -> "list[dict]":
    """What a process of its own writes to standard error, one object a line."""
    program = (
        "import logging, structlog, warnings\n"
        "from core.log import configure_logging\n"
        f"configure_logging({level})\n{code}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_is_one_json_object():
    (line,) = logged("logging.getLogger('core.x').warning('口岸 %s\\nsecond line', 'open')")
    assert line["event"] == "口岸 open\nsecond line"
    assert (line["level"], line["logger"]) == ("warning", "core.x")
    assert line["time"].endswith("Z")


def test_the_logs_of_structlog_go_the_same_way():
    (line,) = logged("structlog.get_logger('rasa.x').info('said', text='電話91234567')")
    assert (line["event"], line["text"], line["level"]) == ("said", "電話9*******", "info")


def test_personal_data_is_masked_in_message_and_arguments():
    lines = logged(
        "log = logging.getLogger('sanic.error')\n"
        "log.error('A123456(3) wrote %s', 'chan@example.com')\n"
        "log.error('%(who)s', {'who': '13800138000'})"
    )
    assert [line["event"] for line in lines] == ["A******(*) wrote c***@*******.***", "1**********"]


def test_personal_data_is_masked_in_stack_traces():
    (line,) = logged(
        "try:\n    raise ValueError('id A123456(3)')\n"
        "except ValueError:\n    logging.getLogger('x').exception('failed')"
    )
    assert line["event"] == "failed"
    assert "ValueError: id A******(*)" in line["exception"]
    assert "A123456" not in json.dumps(line)


def test_arguments_that_do_not_fit_do_not_hide_a_message():
    lines = logged(
        "logging.getLogger('x').warning('one %s two %s', 'only')\nlogging.warning('next')"
    )
    assert lines[-1]["event"] == "next"


@pytest.mark.parametrize(
    "code",
    [
        "logging.getLogger('rasa.core').debug('whole conversation')",
        "structlog.get_logger('rasa').debug('whole conversation')",
        "log = logging.getLogger('rasa.core'); log.setLevel(logging.DEBUG)\n"
        "log.debug('whole conversation')",
    ],
    ids=["logging", "structlog", "a library that insists"],
)
def test_debug_is_refused(code):
    assert logged(code, "logging.DEBUG") == []


def test_info_is_silent_at_the_level_of_warnings():
    code = "logging.getLogger('a').info('quiet')\nlogging.getLogger('a').warning('loud')"
    assert [line["event"] for line in logged(code, "logging.WARNING")] == ["loud"]


def test_warnings_of_old_libraries_are_not_written():
    assert logged("warnings.warn('old', DeprecationWarning)") == []


def test_a_second_call_does_not_write_twice():
    code = "configure_logging(logging.INFO)\nlogging.getLogger('a').warning('once')"
    assert len(logged(code)) == 1
