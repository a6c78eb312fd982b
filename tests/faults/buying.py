"""Sales over the till's own API, and what the database holds of them."""

import http.client
import json
from collections import Counter as Tally
from collections.abc import Collection
from typing import Any

from tests.shop import Shop, new_id

LINES = 2


def order(serials: list[str]) -> dict[str, Any]:
    lines = [{"serial": serial} for serial in serials]
    return {"id": new_id(), "lines": lines, "payments": [{"method": "cash", "amount": 150_000 * len(serials)}]}


def post(connection: http.client.HTTPConnection, token: str, wanted: dict[str, Any]) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    connection.request("POST", "/api/v1/sales", json.dumps(wanted), headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


class Books:
    """What the database holds of all sales at one moment."""

    def __init__(self, shop: Shop, left: Collection[str] = ()) -> None:
        """`left`: serials of units that may have left since."""
        with shop.database.snapshot() as connection:

            def column(query: str) -> list[Any]:
                return [row[0] for row in connection.exec_driver_sql(query)]

            self.sales = set(column("SELECT id FROM sale WHERE reply <> ''"))
            self.lines = Tally(column("SELECT sale_id FROM sale_line"))
            self.payments = Tally(column("SELECT sale_id FROM payment"))
            self.events = Tally(column("SELECT subject FROM event WHERE kind = 'sale'"))
            self.paid = set(column("SELECT serial FROM item WHERE state = 'paid'")) | set(left)

    def has(self, wanted: dict[str, Any]) -> bool:
        """Tell whether a sale happened; fail where it happened by half."""
        name = wanted["id"]
        happened = name in self.sales
        counts = (self.lines[name], self.payments[name], self.events[name])
        assert counts == ((LINES, 1, 1) if happened else (0, 0, 0))
        assert {line["serial"] in self.paid for line in wanted["lines"]} == {happened}
        return happened
