"""Faults whose words a person at the terminal may read. Anything else is a defect."""


class OneStopError(Exception):
    """A fault that is explained in one plain sentence and needs no stack trace."""


class SettingsError(OneStopError):
    """A setting is unknown, malformed or missing."""


class ModelMissingError(OneStopError):
    """There is no trained model that fits the present code and data."""
