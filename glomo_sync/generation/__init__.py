"""How the synchronous twin is written. Not needed to use it."""
