"""The bridge between blocking code and the event loop."""
