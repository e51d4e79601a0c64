"""Random requests, valid and invalid, for every operation that the API's description has."""
