"""The mini program whose pages open from links of ours, as the setting names it."""

import re
from dataclasses import dataclass
from typing import Mapping, Optional
from urllib.parse import urlsplit

from core.errors import SettingsError

_SETTING = "ONESTOP_WECHAT_MINI_PROGRAM"
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True)
class MiniProgram:
    """A mini program that belongs to the account.

    Attributes:
        thumb_media_id: the picture of its cards.
        pages: for each of our links, without its query, the page's path; the query goes along.
    """

    app_id: str
    thumb_media_id: str
    pages: Mapping[str, str]

    @classmethod
    def parse(cls, written: str, public_url: str) -> "MiniProgram":
        """Reads ``APPID;THUMB_MEDIA_ID;/identity/start=pages/sign-in/index``.

        Raises:
            SettingsError: it is not written so.
        """
        app_id, thumb, *pages = (*(part.strip() for part in written.split(";")), "")
        pairs = [page.partition("=") for page in pages if page]
        fit = all(path.startswith("/") and page for path, _, page in pairs)
        if not (_ID.fullmatch(app_id) and _ID.fullmatch(thumb) and pairs and fit):
            raise SettingsError(
                f"{_SETTING} does not fit: it is written “APPID;PICTURE;/link=page”."
            )
        return cls(
            app_id, thumb, {public_url + path.strip(): page.strip() for path, _, page in pairs}
        )

    def path_of(self, url: str) -> Optional[str]:
        """The page that a link opens, or None when it is not of the mini program."""
        bare, query = url.split("?")[0].split("#")[0], urlsplit(url).query
        page = self.pages.get(bare)
        return page and (f"{page}?{query}" if query else page)
