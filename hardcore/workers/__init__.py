"""Where slow work runs: threads that can be stopped, processes that are never left behind."""
