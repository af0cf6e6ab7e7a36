"""`make bench`: what matters, measured in one run; `python -m tests.bench --write` keeps it in docs/benchmarks.md."""
