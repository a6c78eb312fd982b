"""The shop's QRIS code, as its settings have it."""

from pos.till import qris
from pos.till.qris import Qris, QrisError
from shared.settings import Settings, SettingsError


def shop_qris(settings: Settings) -> Qris | None:
    """The code, None where the shop has none. Raises SettingsError for one that no wallet would take."""
    chosen = settings.paying.qris
    try:
        return qris.read(chosen.code) if chosen else None
    except QrisError as error:
        raise SettingsError([f"{settings.file}: paying.qris.code: {error}"]) from None
