"""The planner: a prompt, a length and a seed become a plan of sections; pure."""
