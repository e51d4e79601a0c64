"""The version: here, so that knowing it needs no installed metadata."""

__version__ = "0.1.0"
