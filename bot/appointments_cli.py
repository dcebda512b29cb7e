"""``onestop appointments``: what staff do to the local calendar and its keys.

Imports when a verb runs.
"""

from datetime import date, datetime, timezone
from typing import Collection, Mapping

import click

from core.clock import LOCAL
from core.errors import OneStopError
from core.settings import Settings, load_settings

_MOST = 999


@click.group()
def appointments() -> None:
    """Manage the local calendar.

    \b
    Example: onestop appointments open --centre immd_kwun_tong --permit hkid
                 --date 2026-12-05 --times 09:00,09:30 --capacity 4
    """


@appointments.command("open")
@click.option("--centre", required=True, help="The centre's id.")
@click.option("--permit", required=True, help="The permit's id.")
@click.option("--date", "day", required=True, metavar="YYYY-MM-DD", help="The day in Hong Kong.")
@click.option("--times", required=True, metavar="HH:MM,…", help="When appointments begin.")
@click.option("--capacity", required=True, metavar="N", help="Seats at each time.")
def open_(centre: str, permit: str, day: str, times: str, capacity: str) -> None:
    """Open slots, or set the seats of those that are open.

    \b
    Example: onestop appointments open --centre immd_kwun_tong --permit hkid
                 --date 2026-12-05 --times 09:00,09:30 --capacity 4
    """
    from actions.appointments.calendar import SlotKey
    from actions.appointments.staff import open_slots
    from core.database import open_database

    settings, now = load_settings(), datetime.now(timezone.utc)
    centre, permit = centre.removeprefix("centre:"), permit.removeprefix("permit:")
    _check_place(settings, centre, permit)
    starts = _moments(day, times, now)
    seats = _seats(capacity)
    engine = open_database(settings.database_address)
    open_slots(engine, [SlotKey(centre, permit, moment) for moment in starts], seats, now)
    engine.dispose()
    click.echo(f"Open at {centre} for {permit} on {day}: {len(starts)} times, {seats} seats each.")


@appointments.command("rotate-keys")
def rotate_keys() -> None:
    """Put what is encrypted under older keys under the first of ONESTOP_DATA_KEYS.

    The assistant may run meanwhile; stopping and repeating this is harmless. Ends with 1 when
    something is left that no key can read.

    \b
    Example: onestop appointments rotate-keys
    """
    from actions.appointments.draft_store import DraftStore
    from actions.appointments.retention_store import RetentionStore
    from actions.appointments.sealing import Sealer
    from channels.common.people_store import PeopleStore
    from core.clock import system_clock
    from core.database import open_database
    from core.key_rotation import Encrypted, reencrypt_all
    from core.vault import Vault

    settings = load_settings()
    vault = Vault(settings.encryption_keys(), settings.fingerprinting_key())
    engine = open_database(settings.database_address)
    stores: "list[Encrypted]" = [
        RetentionStore(engine, Sealer(vault)),
        DraftStore(engine, vault, system_clock),
        PeopleStore(engine, vault, system_clock),
    ]
    try:
        done = reencrypt_all(stores, lambda count: click.echo(f"Re-encrypted so far: {count}"))
    finally:
        engine.dispose()
    click.echo(f"Everything is under the key “{vault.key_ids[0]}”; {done} rows were not before.")


def permits_of_centres(settings: Settings) -> Mapping[str, Collection[str]]:
    """The permits that each centre does, by their ids, as the knowledge files say."""
    from knowledge.loader import load_files, snapshot

    content = snapshot(load_files(settings.knowledge_dir), settings.knowledge_dir)
    centres = getattr(content, "centres", {})
    return {name: centre.permits for name, centre in centres.items()}


def _check_place(settings: Settings, centre: str, permit: str) -> None:
    permits = permits_of_centres(settings)
    if centre not in permits:
        raise OneStopError(f"There is no centre “{centre}”.")
    if permit not in permits[centre]:
        raise OneStopError(f"The centre {centre} does not do the permit “{permit}”.")


def _moments(day: str, times: str, now: datetime) -> "list[datetime]":
    """The moments, earliest first, each once."""
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise OneStopError(f"“{day}” is not a date such as 2026-12-05.") from None
    found = set()
    for written in times.split(","):
        try:
            moment = datetime.strptime(written.strip(), "%H:%M").time()
        except ValueError:
            raise OneStopError(f"“{written.strip()}” is not a time such as 09:30.") from None
        found.add(datetime.combine(when, moment, LOCAL))
    if min(found) <= now:
        raise OneStopError(f"{min(found):%Y-%m-%d %H:%M} is in the past.")
    return sorted(found)


def _seats(capacity: str) -> int:
    if not capacity.isascii() or not capacity.isdigit() or not 1 <= int(capacity) <= _MOST:
        raise OneStopError(f"The capacity must be a number from 1 to {_MOST}.")
    return int(capacity)
