"""Commands on the program itself: help, settings, views, keys, jobs, the server."""
