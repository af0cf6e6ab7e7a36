"""The kinds of jobs: which worker does each. The function has the kind's name, in the module of its worker."""

from hardcore.jobs.reading import READING
from hardcore.settings import models_python
from hardcore.workers.worker import Kind

# What works on a project and listens. What the ears take in is 1 GiB at most (audio/reader.py), and they take six times
# that while they work; of a take, which is 4 GiB at most, what is written is mapped into memory.
WORKING = Kind(
    "the job", "hardcore.jobs.tasks",
    ("hardcore.jobs.tasks", "hardcore.audio.loudness", "hardcore.audio.analysis", "hardcore.audio.levels"),
    memory=16 << 30, patience_s=3600.0,
)  # fmt: skip

# A model's server does the work; this waits for it.
WRITING = Kind("the model", "hardcore.jobs.modelwriting", ("hardcore.jobs.modelwriting",), 4 << 30, 3600.0)
# A sound of twenty minutes takes half a gigabyte, and as much again when it is twice as slow.
STRETCHING = Kind("stretching", "hardcore.jobs.stretchtasks", ("hardcore.audio.reader",), memory=6 << 30)
# A model takes what memory it needs, and stays loaded for five minutes.
MODELS = Kind(
    "the model", "hardcore.jobs.modelsound", ("hardcore.jobs.modelsound",), patience_s=3600.0, idle_s=300.0,
    interpreter=models_python,
)  # fmt: skip

# A table may be from anywhere; its library asks for much more than it uses.
TABLES = Kind("the table", "hardcore.jobs.parquet", memory=8 << 30)

# A host may be silent for half a minute, some times in a row.
FETCHING = Kind("the download", "hardcore.jobs.weights", ("hardcore.jobs.weights",), 1 << 30, 600.0)

# It only starts processes, one for each plug-in.
LOOKING = Kind("the scan", "hardcore.jobs.pluginscan", patience_s=3600.0)

KINDS: dict[str, Kind] = {
    "export": WORKING,
    "piece": WORKING,
    "preview": WORKING,
    "write_table": TABLES,
    "read_table": TABLES,
    "album": WORKING,
    "dawproject": WORKING,
    "generate": WORKING,
    "judge": WORKING,
    "sections": WORKING,
    "correct": WORKING,
    "match": WORKING,
    "review": WORKING,
    "analyse": WORKING,
    "picture": WORKING,
    "bounce": WORKING,
    "costs": WORKING,
    "scan": WORKING,
    "scan_plugins": LOOKING,
    "plugin_sounds": WORKING,
    "learn": READING,
    "instrument": READING,
    "presets": READING,
    "stretch": STRETCHING,
    "take_in": READING,
    "tempo_and_key": READING,
    "stems": READING,
    "read_dawproject": READING,
    "transcribe": READING,
    "onsets": READING,
    "write": WRITING,
    "sound": MODELS,
    "model_check": MODELS,
    "weights_list": FETCHING,
    "weights_get": FETCHING,
}
