"""Simulate a day and print what came of it."""

import sys

from tests.simulation.day import Told, simulate


def main(seed: int) -> None:
    """Print one line for each figure."""
    for line in [*lines(simulate(seed)), asked(simulate(seed, asks_tills=True))]:
        sys.stdout.write(f"{line}\n")


def lines(told: Told) -> list[str]:
    """What came of the day, in words."""
    return [
        f"passages                                {told.passages:>8}",
        f"  of them with the database there       {told.passages_online:>8}",
        f"units sold                              {told.sold:>8}",
        f"paid units seen leaving                 {told.left_paid:>8}",
        f"unpaid units carried out                {told.carried_unpaid:>8}",
        f"  of them stopped                       {told.stopped:>8}",
        f"  of them missed                        {told.missed:>8}",
        f"false alarms, database there            {told.false_alarms:>8}",
        f"asked for the receipt, database gone    {told.asked_for_receipt:>8}",
        f"reads of stock left too near a gate     {told.stray_reads:>8}",
        f"  of them alarmed, before it was told   {told.stray_alarms:>8}",
        f"hours a gate watched without database   {told.offline / 3600:>8.1f}",
        f"entries delivered after it, once each   {told.late:>8}",
        f"alarms nobody said anything about       {told.unresolved:>8}",
        f"places where the ledger does not hold   {told.broken:>8}",
    ]


def asked(told: Told) -> str:
    """What came of the same day where gates without the database ask the tills."""
    return f"asked for the receipt, had tills been asked {told.asked_for_receipt:>4}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1)
