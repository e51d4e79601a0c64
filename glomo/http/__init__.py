"""The way of one request: operation, limiter, attempt, reading, retry."""
