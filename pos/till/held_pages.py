"""Holding a cart and opening a held sale, as the till's page asks for it.

Each page looks every two seconds for what gates have sent, and for their quiet alarms: that needs no thread for each
page, as a stream would, and no word between the servers of several tills.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template

from pos.office import alarms
from pos.till import asked, held, held_words
from pos.till_server import TillServer


def add_held(pages: Blueprint, server: TillServer, state: Callable[..., dict[str, Any]]) -> None:
    """`/till/held` and below; `state` draws the till's cart with what else there is to tell."""
    database, counter = server.database, server.counter

    @pages.get("/held")
    def held_sales() -> Response:
        found = held.listed(database, counter)
        sent = [one for one in found if one.is_sent]
        with database.snapshot() as connection:
            quiet = alarms.quiet_now(connection)
        return jsonify(
            list=render_template("till/held.html", held=found, ago=held_words.ago, most=held.MOST_LISTED),
            banner=render_template("till/sent.html", sent=sent, ago=held_words.ago),
            quiet=render_template("quiet_alarms.html", alarms=quiet),
            count=len(found),
            news=[*(one.id for one in sent), *(alarm.id for alarm in quiet)],
        )

    @pages.post("/hold")
    def hold() -> Response:
        body = asked.body()
        held.hold(database, counter, g.actor, asked.number(body, "cart"), asked.note(body, held.LONGEST_NOTE))
        return jsonify(state())

    @pages.post("/held/open")
    def open_held() -> Response:
        answers = held.open_held(database, counter, g.actor, asked.number(asked.body(), "held"))
        told = held_words.opened(answers)
        html = render_template("till/opened.html", told=told)
        return jsonify(state(level=told.level, answer=html))

    @pages.post("/held/discard")
    def discard() -> Response:
        held.discard(database, counter, g.actor, asked.number(asked.body(), "held"))
        return jsonify(state())
