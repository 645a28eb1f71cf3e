"""The demo as a visitor gets it: started by its command, in a process of its own, and opened in a real browser."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
# What a real installation would have set; none of it may reach the demo.
REAL_ONES = {"CLINIC_NAME": "Real Clinic", "TWILIO_ACCOUNT_SID": "AC-real", "DATABASE_URL": "postgres://real/one"}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@dataclass
class Running:
    """A demo process and where it said it is."""

    process: "subprocess.Popen[str]"
    said: str
    base_url: str

    def post(self, path: str, body: object) -> httpx.Response:
        return httpx.post(f"{self.base_url}/demo/{path}", json=body, timeout=60)

    def state(self, patient: str = "") -> dict[str, Any]:
        return httpx.get(f"{self.base_url}/demo/state", params={"patient": patient}, timeout=30).json()["state"]

    def end(self) -> tuple[int, str]:
        """(exit status, what else it printed) after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(15), self.process.communicate()[0]
        finally:
            self.process.kill()


def start_demo(*options: str) -> Running:
    """Run `python -m bot demo` and wait for the line with its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *options],
        cwd=ROOT,
        env=os.environ | REAL_ONES,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    address = next((word for word in said.split() if word.startswith("http://")), "")
    if not address:
        said += process.communicate(timeout=10)[0]
        pytest.fail(f"the demo did not start: {said}")
    return Running(process, said, address)


@pytest.fixture(scope="session")
def running_demo() -> Iterator[Running]:
    """One demo for all tests of this process; `demo` starts it over for each."""
    running = start_demo()
    yield running
    status, printed = running.end()
    assert (status, printed) == (0, "")


@pytest.fixture
def demo(running_demo: Running) -> Running:
    """A demo on its first morning, with nobody booked."""
    assert running_demo.post("start-over", {}).status_code == 200
    return running_demo


# By module: while playwright runs, its event loop runs in this thread, and no other test file could start one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium, driven by playwright."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="needs playwright: pip install -r requirements-dev.txt"
    )
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Any, demo: Running) -> Iterator[Callable[..., Any]]:
    """Opens the demo page in a window of its own; whatever the console complains of fails the test.

    A test that has something refused on purpose says so, for the browser logs every such answer.
    """
    windows, complaints, forgiven = [], [], []

    def open_page(width: int = 1366, height: int = 768, scheme: str = "light", refused: int = 0) -> Any:
        forgiven.append(f"status of {refused} ")
        window = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        windows.append(window)
        page = window.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(demo.base_url)
        page.locator(".person").first.wait_for(state="attached")
        return page

    yield open_page
    for window in windows:
        window.close()
    assert [words for words in complaints if not any(each in words for each in forgiven)] == []
