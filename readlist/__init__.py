"""readlist: a private, offline-first reading list that learns what you like."""

__version__ = "0.1.0"
