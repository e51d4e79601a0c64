"""A class for every event that Glomo documents, one file an entity.

A new event is a new class in the file of its entity. A new entity is a new file, which
`glomo/webhooks/__init__.py` and `glomo_sync/webhooks/__init__.py` name.
"""
