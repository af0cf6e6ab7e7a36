"""The HTTP server of an open studio (the extra `serve`); nothing of it is loaded before it is asked for."""
