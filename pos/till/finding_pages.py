"""Finding an item at the till, and checking its price."""

from flask import Blueprint, Response, jsonify, render_template

from pos import item_words
from pos.till import asked, finding
from pos.till_server import TillServer


def add_finding(pages: Blueprint, server: TillServer) -> None:
    """`/till/find`."""

    @pages.post("/find")
    def find() -> Response:
        text = asked.text(asked.body(), "text").strip()
        found = finding.find(server.database, text)
        return jsonify(html=render_template("till/found.html", found=found, text=text, words=item_words))
