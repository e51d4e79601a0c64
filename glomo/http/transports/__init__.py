"""The transports that ship with the SDK, one file a library."""
