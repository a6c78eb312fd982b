"""Errors as problem documents (RFC 9457), `application/problem+json`."""

import json
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

PROBLEM = "application/problem+json"


class Problem(Exception):  # noqa: N818 - it is the answer, not a fault
    """An answer that is a problem document; `facts` are its further members."""

    def __init__(self, status: int, reason: str, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.reason = reason
        self.detail = detail
        self.facts = facts

    def response(self) -> Response:
        """The HTTP answer."""
        title = self.reason.replace("_", " ").capitalize()
        body = {
            "type": "about:blank",
            "title": title,
            "status": self.status,
            "reason": self.reason,
            "detail": self.detail,
        }
        answer = Response(json.dumps({**body, **self.facts}), status=self.status, mimetype=PROBLEM)
        if self.status == 401:  # noqa: PLR2004 - RFC 9110 wants it there
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer


def of_http(error: HTTPException) -> Problem:
    """What the framework refused, as a problem."""
    name = (error.name or "error").lower().replace(" ", "_")
    return Problem(error.code or 500, name, error.description or "")
