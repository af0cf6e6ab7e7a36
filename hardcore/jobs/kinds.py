"""The kinds of jobs: which worker does each. The function has the kind's name, in the module of its worker."""

from hardcore.jobs.reading import READING
from hardcore.workers.worker import Kind

# What works on a project: it starts the engine, and workers that hear and read for it, which have limits of their own.
WORKING = Kind("the job", "hardcore.jobs.tasks", ("hardcore.jobs.tasks", "hardcore.jobs.render"), patience_s=3600.0)

KINDS: dict[str, Kind] = {
    "export": WORKING,
    "judge": WORKING,
    "correct": WORKING,
    "analyse": WORKING,
    "picture": WORKING,
    "scan": WORKING,
    "learn": READING,
    "instrument": READING,
    "presets": READING,
}
