"""Writes what can be derived from other source: the synchronous twin, and `glomo/types.py`.

A tool of the repository, which is not in the wheel: `python -m glomo_sync.generate`.
"""
