"""`python -m tests.find_browser --install`: see to a browser for the tests, or say loudly that there is none."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

from tests.browser import find_browser


def look() -> str | None:
    """Path of the browser that the tests would use."""
    with sync_playwright() as playwright:
        return find_browser(playwright.chromium.executable_path)


def install() -> None:
    """Install Debian's Chromium where this user may."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    print("Installing chromium for the browser tests ...")  # noqa: T201  (a program for a shell)
    for arguments in (["update"], ["install", "-y", "chromium", "fonts-noto-core"]):
        subprocess.run([apt, "-qq", *arguments], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> int:
    if look() is None and "--install" in sys.argv:
        install()
    if look() is not None:
        return 0
    print(  # noqa: T201  what this program is for
        "\n*** NO BROWSER: every test marked 'browser' will be skipped. Install Chromium (Debian: apt-get install "
        "chromium) or run '.venv/bin/playwright install chromium'. ***\n"
    )
    return 1 if os.environ.get("REQUIRE_BROWSER") == "1" else 0


if __name__ == "__main__":
    raise SystemExit(main())
