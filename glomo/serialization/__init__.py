"""Between the API's JSON and the models."""
