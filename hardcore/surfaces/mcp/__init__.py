"""The studio for agents, by the Model Context Protocol (the extra `serve`); loaded when it is asked for."""
