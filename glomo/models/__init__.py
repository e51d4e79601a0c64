"""The objects of the API: models, request parts and open enumerations, one file a resource."""
