"""What everyone stands on: settings, clock, database, cache, privacy, script, logs, errors."""
