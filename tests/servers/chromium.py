"""Debian's Chromium without a window, and pages that remember every fault they showed."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, Response

EXECUTABLE = "/usr/bin/chromium-headless-shell"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# A refusal (409, 422, ...) is an outcome when a script asked or a page was opened, and a fault in a picture or style.
MAY_BE_REFUSED = {"document", "fetch", "xhr", "eventsource"}


@dataclass
class Faults:
    """What went wrong in one page, save what `tolerated` (a regular expression) was said to match."""

    tolerated: str | None = None
    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to everything that a page can complain about."""
        page.on("console", self._console)
        page.on("pageerror", self._page_error)
        page.on("request", self._request)
        page.on("requestfailed", self._request_failed)
        page.on("response", self._response)

    def _note(self, fault: str) -> None:
        if self.tolerated is None or not re.search(self.tolerated, fault):
            self.seen.append(fault)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium writes one such line for every status from 400 on: _response and _request_failed judge them.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._note(f"console: {message.text}")

    def _page_error(self, error: Error) -> None:
        self._note(f"script: {error}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in LOOPBACK:
            self._note(f"left this machine: {request.url}")

    def _request_failed(self, request: Request) -> None:
        # Leaving a page aborts its open streams.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"no answer: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        refused = response.status >= 400 and response.request.resource_type not in MAY_BE_REFUSED
        if refused or response.status >= 500:
            self._note(f"status {response.status}: {response.url}")


class PageOpener:
    """Opens pages for one test, each in a fresh session of its own, and judges them at its end."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._opened: list[tuple[BrowserContext, Faults]] = []

    def __call__(
        self,
        *,
        locale: str = "en-GB",
        size: tuple[int, int] = (1366, 768),
        dark: bool = False,
        touch: bool = False,
        tolerated: str | None = None,
    ) -> Page:
        """Open an empty page: `locale` is the browser's language, `size` is in CSS pixels, `touch` makes it a phone."""
        context = self._browser.new_context(
            locale=locale,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
            timezone_id="Asia/Jakarta",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        faults = Faults(tolerated)
        faults.watch(page)
        self._opened.append((context, faults))
        return page

    def faults(self) -> list[str]:
        """List what went wrong so far, in all pages of this test."""
        return [fault for _, faults in self._opened for fault in faults.seen]

    def close(self) -> None:
        """Close every page."""
        for context, _ in self._opened:
            context.close()
