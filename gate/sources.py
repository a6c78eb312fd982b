"""The source that a gate's settings name: a till's server to follow, or the database itself."""

from contextlib import ExitStack, closing

from gate.http_source import HttpSource
from gate.source import Source
from shared.database import Database
from shared.gate_name import GateName
from shared.gate_settings import GateSettings
from shared.settings import Settings
from shared.source import DatabaseSource


def open_source(settings: Settings, gate: GateSettings, stack: ExitStack) -> Source:
    """The gate's source, not connected yet; the stack closes it. Raises SettingsError, DatabaseError for a bad URL."""
    if gate.follow:
        return stack.enter_context(closing(HttpSource(gate.follow, gate.name)))
    database = stack.enter_context(Database(settings.database_url, patience=2))
    return DatabaseSource(database, GateName(settings.shop.store, gate.name))
