"""Makes sure that there is a Chromium for the browser tests, with fonts for Chinese.

Looks for one that is installed; else installs Debian's, where this user may; else lets Playwright
download its own.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> "str | None":
    """The path of an installed Chromium or Chrome."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    if find():
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        wanted = ["chromium", "fonts-noto-cjk"]
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted],
            check=False,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
        if find():
            return 0
    return subprocess.call(
        [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    )


if __name__ == "__main__":
    sys.exit(main())
