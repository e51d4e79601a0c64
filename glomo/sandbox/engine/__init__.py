"""The sandbox without HTTP: records, books, time, life cycles and webhooks."""
