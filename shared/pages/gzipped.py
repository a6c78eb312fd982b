"""Answers that travel smaller: pages and their text files by gzip, where the browser takes that.

Answers of JSON travel as they are: they are short, and a scan waits for one. A page holds no secret that somebody could
guess by the length of what is sent: sign-ins travel in cookies only, which other sites' requests do not carry.
"""

import gzip
from collections.abc import Callable

from flask import Response, request

KINDS = {"text/html", "text/css", "text/javascript", "image/svg+xml"}
SMALLEST = 500  # bytes; less is one packet either way
LEVEL = 6


def gzipped() -> Callable[[Response], Response]:
    """Make what an application runs after each request. What files became is kept, by their tags."""
    files: dict[str, bytes] = {}

    def lighten(response: Response) -> Response:
        if response.mimetype not in KINDS or response.content_encoding or response.status_code != 200:  # noqa: PLR2004 - HTTP's OK
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] <= 0 or (response.is_streamed and not response.direct_passthrough):
            return response
        is_file, (tag, _) = response.direct_passthrough, response.get_etag()
        response.direct_passthrough = False
        plain = response.get_data()
        content = files.get(tag or "") or _smaller(plain)
        if is_file and tag:
            files[tag] = content
            response.set_etag(tag, weak=True)  # other bytes than the file's under its tag
        if content:
            response.set_data(content)
            response.content_encoding = "gzip"
        return response

    return lighten


def _smaller(content: bytes) -> bytes:
    """The content by gzip, b"" for what is too short to gain by it."""
    return gzip.compress(content, LEVEL, mtime=0) if len(content) >= SMALLEST else b""
