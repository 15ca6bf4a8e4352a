"""Take the picture of the running home page that the READMEs show: start the platform, photograph it, keep it small."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
HOME = [
    ("/", ROOT / "docs/pictures/home.zh.png", 1280, "light", False),
    ("/en/", ROOT / "docs/pictures/home.en.png", 1280, "light", False),
]
CHROMIUM_OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, seconds: float = 90) -> None:
    """Wait until an address answers; RuntimeError if it does not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer within {seconds:.0f} s")


def shoot(address: str, targets: list[tuple[str, Path, int, str, bool]]) -> None:
    """Photograph pages: path, file, width in pixels, colour scheme, whole page or the first screen."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM_OPTIONS))
        for path, file, width, scheme, whole in targets:
            context = browser.new_context(viewport={"width": width, "height": 960}, color_scheme=scheme)
            page = context.new_page()
            page.goto(address + path)
            file.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(file), full_page=whole)
            context.close()
        browser.close()


def all_pages(folder: Path) -> list[tuple[str, Path, int, str, bool]]:
    """Return the pictures of the first example of every declared page: each language, light and dark, two widths."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.site.settings")
    import django

    django.setup()
    from bridgehead.ground.pages import pages
    from bridgehead.regions.load import load_region

    region = load_region()
    found = []
    for page in pages():
        for example in page.addresses(region)[:1]:
            for language in page.languages:
                for width in (1280, 390):
                    for scheme in ("light", "dark"):
                        name = f"{page.name.replace(':', '-')}-{language}-{width}-{scheme}.png"
                        found.append((page.address(language, example), folder / name, width, scheme, True))
    return found


def main() -> None:
    """Start the platform on a data folder of its own and photograph the home page, or every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="photograph every declared page instead")
    chosen = parser.parse_args()
    targets = all_pages(chosen.all) if chosen.all else HOME
    with tempfile.TemporaryDirectory() as data:
        port = free_port()
        command = [str(Path(sys.executable).with_name("bridgehead")), "run", "--port", str(port), "--data", data]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/")
            shoot(f"http://127.0.0.1:{port}", targets)
        finally:
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
