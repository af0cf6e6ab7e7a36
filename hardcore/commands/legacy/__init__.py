"""The tools of the earlier drum engine, as its clients know them: in two folders of their own, with its codes."""
