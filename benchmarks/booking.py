"""The local calendar under load, on SQLite and on PostgreSQL.

Contention: 200 people in 8 processes want 10 seats; then the same with processes that are killed at
random and started again with the same keys. Throughput: bookings (a hold and its confirmation, as
the form makes them) against the bare conditional UPDATE and INSERT on the same database.
Availability: the query that the form makes, over 200 centres, 90 days and 16 slots a day.

Example: python -m benchmarks.booking --bookings 300
"""

import argparse
import json
import tempfile
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Dict, Iterator

from rich.console import Console
from rich.table import Table

from benchmarks.booking_load.availability import availability
from benchmarks.booking_load.calendar import SEATS
from benchmarks.booking_load.contention import CONTENDERS, ROUNDS, contend, contention
from benchmarks.booking_load.throughput import throughput
from core.database import open_database
from core.settings import ROOT

RESULTS = ROOT / "var" / "benchmarks-booking.json"


@contextmanager
def databases() -> Iterator[Dict[str, str]]:
    """The address of an empty database of each kind."""
    import pgserver

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = pgserver.get_server(str(folder / "pg"))
        stack.callback(server.cleanup)
        yield {
            "SQLite": f"sqlite:///{folder / 'booking.sqlite3'}",
            "PostgreSQL": server.get_uri().replace("postgresql://", "postgresql+psycopg2://"),
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bookings", type=int, default=400, help="bookings for the throughput")
    parser.add_argument("--queries", type=int, default=200, help="queries for the availability")
    parser.add_argument("--contend", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contend:
        contend(*json.loads(options.contend))
        return
    results: Dict[str, Dict[str, Dict[str, Any]]] = {}
    with databases() as addresses:
        for name, address in addresses.items():
            engine = open_database(address)
            measures = {
                f"{CONTENDERS} contenders, {SEATS} seats": partial(contention, address=address),
                f"the same, killed {ROUNDS} times each": partial(
                    contention, address=address, rounds=ROUNDS
                ),
                "throughput": partial(throughput, count=options.bookings),
                "availability": partial(availability, count=options.queries),
            }
            for title, measure in measures.items():
                results.setdefault(title, {})[name] = measure(engine)
            engine.dispose()
    console = Console()
    for title, columns in results.items():
        table = Table("", *columns, title=title)
        for row in next(iter(columns.values())):
            table.add_row(row, *(str(column[row]) for column in columns.values()))
        console.print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
