"""The studio for agents, by the Model Context Protocol (the extra `serve`); nothing is loaded before it is asked for."""
