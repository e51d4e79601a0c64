"""The dashboard: pages rendered by the server, one small script, no build, no outside asset."""

from .routes import routes as routes
