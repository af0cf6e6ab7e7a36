"""Live Python: a process beside the studio that keeps names from one line of Python to the next."""
