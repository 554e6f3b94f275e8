"""The one failure a person at the terminal is meant to read."""


class CannotStart(Exception):
    """One clear sentence saying why nothing was started."""
