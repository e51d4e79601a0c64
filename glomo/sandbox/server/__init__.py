"""The sandbox over HTTP: the application, its faults, its control plane and its port."""
