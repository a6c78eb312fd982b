"""The alarm log's pages: the log, one incident, what people say of it, and the log as a file."""

from collections.abc import Callable, Collection, Mapping, Sequence
from urllib.parse import urlencode

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from pos.office import alarm_export, alarm_words, alarms, gates, people, spreadsheet
from pos.office.alarm_filter import UNSIGNED, AlarmFilter, read_filter
from pos.office.filter_fields import FilterForm, page_number
from pos.office.gates import GateRow
from pos.office.spreadsheet import Sheet
from pos.office.standing import KINDS
from pos.office.timeline import timeline
from pos.office.turns import in_office
from pos.signing_in import leaders_only
from pos.till_server import TillServer
from shared import incidents, snapshots
from shared.facts import Fact
from shared.incidents import LONGEST_NOTE, Resolution, UnknownIncidentError
from shared.ledger import Turn
from shared.pages.faults import BadInputError
from shared.pages.speech import gettext
from shared.roles import LEADERS

Choices = list[tuple[str, str]]


def add(pages: Blueprint, server: TillServer) -> None:
    """`/office/alarms` and all below it."""
    log = AlarmLog(server)
    pages.add_url_rule("/alarms", "alarm_log", log.page)
    pages.add_url_rule("/alarms.<kind>", "export", log.export)
    pages.add_url_rule("/quiet-alarms", "quiet_alarms", log.quiet)
    # An incident that was found out later bears a journal's key, which holds slashes.
    pages.add_url_rule("/alarms/<path:incident>", "incident", log.incident)
    pages.add_url_rule("/alarms/<path:incident>/fact", "say", log.say, methods=["POST"])
    pages.add_url_rule("/alarms/<path:incident>/theft", "class_as", log.class_as, methods=["POST"])


class AlarmLog:
    """One till's alarm log."""

    def __init__(self, server: TillServer) -> None:
        self._server = server

    def page(self) -> str:
        """One page of the log, filtered as the address says."""
        number = page_number(request.args.get("page", "1"))
        with self._server.database.snapshot() as connection:
            names, every_gate = people.names(connection), gates.gates(connection)
            watchers = people.watchers(connection)
            form = self._filter(every_gate, watchers)
            found, has_older = alarms.incidents(connection, form.wanted, number)
        return render_template(
            "office/alarms.html",
            incidents=found,
            gates=every_gate,
            form=form,
            choices=_choices(every_gate, watchers),
            names=names,
            page=number,
            has_older=has_older,
            words=alarm_words,
        )

    def quiet(self) -> Response:
        """The quiet alarms of now, to be shown on whatever page is open."""
        with self._server.database.snapshot() as connection:
            found = alarms.quiet_now(connection)
        return jsonify(html=render_template("quiet_alarms.html", alarms=found).strip())

    def export(self, kind: str) -> Response:
        """The filtered log as a file; a filter that is wrong leads back to the page that says so."""
        leaders_only()
        if kind not in spreadsheet.WRITERS:
            raise NotFound
        shop = self._server.settings.shop
        with self._server.database.snapshot() as connection:
            form = self._filter(gates.gates(connection), people.watchers(connection))
            if form.troubles:
                return redirect(f"{url_for('office.alarm_log')}?{urlencode(form.filled)}", 303)
            rows = alarm_export.rows(connection, form.wanted, shop.timezone)
            return spreadsheet.send(
                kind, "alarms", Sheet(gettext("Alarms"), alarm_export.heading(), rows, shop.currency)
            )

    def incident(self, incident: str) -> str:
        """One incident: its items, what happened, and the forms for what people may say of it."""
        with self._server.database.snapshot() as connection:
            try:
                found = alarms.one_incident(connection, incident)
            except UnknownIncidentError:
                raise NotFound from None
            happenings = timeline(connection, incident)
            names = people.names(connection)
            pictures = snapshots.numbers(connection, incident) if g.actor.role in LEADERS else []
        return render_template(
            "office/incident.html",
            incident=found,
            pictures=pictures,
            happenings=happenings,
            names=names,
            facts=list(Fact),
            longest_note=LONGEST_NOTE,
            words=alarm_words,
        )

    def say(self, incident: str) -> Response:
        """Say what it was."""
        fact, note = request.form.get("fact", ""), request.form.get("note", "").strip()
        if fact not in list(Fact):
            raise BadInputError(gettext("Choose what it was."))
        if len(note) > LONGEST_NOTE or not note.isprintable():
            raise BadInputError(gettext("A note has at most %(most)d letters, digits and signs.", most=LONGEST_NOTE))
        return self._told(
            incident,
            lambda turn: incidents.resolve(turn, incident, Resolution(Fact(fact), note, turn.actor, turn.now)),
        )

    def class_as(self, incident: str) -> Response:
        """Call it a theft, or take that back."""
        leaders_only()
        theft = request.form.get("theft", "")
        if theft not in {"yes", "no"}:
            raise BadInputError(gettext("Choose what it was."))
        return self._told(incident, lambda turn: incidents.class_as(turn, incident, theft=theft == "yes"))

    def _told(self, incident: str, say: Callable[[Turn], None]) -> Response:
        try:
            in_office(self._server, say)
        except UnknownIncidentError:
            raise NotFound from None
        return redirect(url_for("office.incident", incident=incident), 303)

    def _filter(self, every_gate: Sequence[GateRow], watchers: Collection[str]) -> FilterForm[AlarmFilter]:
        shop = self._server.settings.shop
        return read_filter(request.args, [gate.name for gate in every_gate], watchers, shop.timezone, shop.currency)


def _choices(every_gate: Sequence[GateRow], watchers: Mapping[str, str]) -> dict[str, Choices]:
    """What the filter offers, each value with its words."""
    return {
        "gates": [(gate.name, gate.name) for gate in every_gate],
        "kinds": [(kind, alarm_words.kind_name(kind)) for kind in KINDS],
        "people": [*watchers.items(), (UNSIGNED, gettext("Nobody signed"))],
    }
