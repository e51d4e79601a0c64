"""The API's resources: one file each, with its models, its statuses and its calls."""
