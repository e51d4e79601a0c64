"""The resources of the synchronous client."""
