"""Opens the shop floor: fills the shop, and puts those who act and those who look in their places."""

from collections.abc import Mapping
from contextlib import ExitStack
from threading import Thread

from waitress.server import create_server

from hardware.cable import Cable
from pos.demo.cashier import Cashier, Till
from pos.demo.floor import Floor
from pos.demo.lamp import Board
from pos.demo.page import Addresses, Backstage, Silence, create_app
from pos.demo.place import Ports
from pos.demo.shop import CASHIER, DemoShop
from shared.database import Database
from shared.settings import Settings, ShopSettings

THREADS = 24


def open_floor(chosen: Settings, ports: Ports, scanners: Mapping[str, Cable], relay: Cable, stack: ExitStack) -> str:
    """Open the floor's page, with everything behind it, until the stack is closed; returns an API token."""
    shop = DemoShop(chosen, stack.enter_context(Database(chosen.database_url)))
    shop.fill()
    floor = Floor(shop, scanners)
    board = Board(relay, floor.hear_frame)
    cashier = Cashier(Till(ports.till, CASHIER), floor.hear_till, floor.hear_scanner)
    board.start()
    stack.callback(board.stop)
    floor.start()
    stack.callback(floor.stop)
    _serve(Backstage(floor, cashier, Silence(ports.gate)), chosen.shop, ports, stack)
    cashier.start()
    return shop.token


def _serve(backstage: Backstage, shop: ShopSettings, ports: Ports, stack: ExitStack) -> None:
    till, gate = f"http://127.0.0.1:{ports.till}", f"http://127.0.0.1:{ports.gate}"
    app = create_app(backstage, shop, Addresses(f"{till}/till", gate, f"{till}/office/alarms"))
    server = create_server(
        app, host="127.0.0.1", port=ports.floor, threads=THREADS, ident="lunas", clear_untrusted_proxy_headers=True
    )
    Thread(target=server.run, name="floor server", daemon=True).start()
    stack.callback(server.close)
