"""How the till's parts are, for `/healthz` and the page's status lights."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from pos.till_server import TillServer
from shared.backup_folder import Age, last_backup
from shared.database import DatabaseError

LACKING = {Age.NEVER, Age.OLD}


def health(server: TillServer) -> tuple[dict[str, Any], int]:
    """The parts' states and the HTTP status: 503 where the till sells nothing, for the database is down."""
    database = _database(server)
    scanners = {name: {"state": state} for name, state in server.scanners().items()}
    lost = [name for name, part in scanners.items() if part["state"] != "ok"]
    backup = last_backup(server.settings.backup, datetime.now(UTC))
    is_alone = server.standing() is not None
    is_gone = database["state"] != "ok"
    is_down = is_gone and not is_alone
    printer = server.printer.standing() if server.printer else None
    stuck = printer is not None and not printer.is_well
    is_degraded = is_gone or is_alone or lost or stuck or backup.age in LACKING or server.counter.signer is None
    status = "down" if is_down else ("degraded" if is_degraded else "ok")
    return {
        "status": status,
        "till": server.counter.register,
        "database": database,
        "alone": is_alone,
        "scanners": scanners,
        "printer": {"state": printer.state if printer else "off", "waiting": len(printer.waiting) if printer else 0},
        "receipts": {"state": "signed" if server.counter.signer else "unsigned"},
        "backup": {"state": backup.age, "at": backup.at.isoformat() if backup.at else None},
    }, 503 if is_down else 200


def _database(server: TillServer) -> dict[str, str]:
    try:
        with server.database.reading() as connection:
            connection.execute(text("SELECT 1 FROM shop"))
    except DatabaseError as error:
        return {"state": "gone", "why": str(error)}
    return {"state": "ok"}
