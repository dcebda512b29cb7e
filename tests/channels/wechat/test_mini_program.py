"""The mini program's setting, and which links open as its pages."""

import pytest

from channels.wechat.mini_program import MiniProgram
from core.errors import SettingsError

HERE = "https://one.example"


def test_a_link_of_ours_opens_its_page_with_its_query():
    program = MiniProgram.parse("wx1; thumb-2 ;/identity/start = pages/sign-in", HERE)
    assert (program.app_id, program.thumb_media_id) == ("wx1", "thumb-2")
    assert program.path_of(f"{HERE}/identity/start?t=abc#x") == "pages/sign-in?t=abc"
    assert program.path_of(f"{HERE}/identity/start") == "pages/sign-in"
    assert program.path_of(f"{HERE}/elsewhere") is None
    assert program.path_of("https://other.example/identity/start") is None


@pytest.mark.parametrize(
    "written", ["", "wx1", "wx1;thumb", "wx1;thumb;", "wx1;thumb;identity=page", "wx1;thumb;/x=",
                "wx 1;thumb;/x=y", ";thumb;/x=y"],
)  # fmt: skip
def test_what_is_not_written_so_is_refused(written):
    with pytest.raises(SettingsError, match="MINI_PROGRAM"):
        MiniProgram.parse(written, HERE)
