"""The key that a till signs its receipts with: the shop's signing key of its machine, made known before it signs."""

import logging

from shared import ledger, receipt_keys
from shared.database import Database
from shared.settings import Settings
from shared.signed_receipt import KeyState
from shared.signing_key import KeyFileError, SigningKey

log = logging.getLogger(__name__)


def receipt_key(settings: Settings, database: Database) -> SigningKey | None:
    """The key, made known to the shop; None where there is none to use, which the log explains and stops no sale.

    Raises DatabaseError.
    """
    key = _load(settings)
    if key is None:
        return None
    register = (settings.till.name, "till")
    state = ledger.take_turn(
        database,
        settings.shop.store,
        register,
        f"till:{settings.till.name}",
        lambda turn: receipt_keys.make_known(turn, key.id, key.public),
    )
    if state is KeyState.RETIRED:
        log.error(
            "receipts bear no code for the gate: key %s was retired. Move %s away and start the till again: it makes"
            " a new one",
            key.id,
            settings.heads_key,
        )
        return None
    return key


def known_key(settings: Settings, own: Database) -> SigningKey | None:
    """The key for a till that starts while its database is gone: its own copy has to hold it, or no gate knows it."""
    key = _load(settings)
    if key is None:
        return None
    with own.reading() as connection:
        known = receipt_keys.find(connection, key.id)
    if known is None or known.state is KeyState.RETIRED:
        log.error("receipts bear no code for the gate: the shop does not know key %s, or has retired it", key.id)
        return None
    return key


def _load(settings: Settings) -> SigningKey | None:
    try:
        return SigningKey.load_or_make(settings.heads_key)
    except KeyFileError as error:
        log.error("receipts bear no code for the gate: %s", error)  # noqa: TRY400 - the message says it all
        return None
