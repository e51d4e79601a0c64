"""The version: here, so that knowing it needs no installed metadata."""

__version__ = "0.2.0"
