"""The groups of commands: each module that has some and its heading, in the order of the help and of the reference.

The only list of them: the registry imports these modules and the reference takes its headings from here. A test finds
a module that registers commands and does not stand here.
"""

GROUPS = {
    "project": "Projects",
    "text": "A project as text",
    "history": "History",
    "branches": "Branches",
    "log": "The log",
    "timing": "Tempo and meter",
    "swing": "Swing",
    "length": "Length",
    "pitch": "Key and transposition",
    "microtiming": "Micro-timing",
    "beats": "Beats: density, patterns, fills",
    "articulation": "Velocity, note length, chance",
    "part": "Parts",
    "chords": "Chords",
    "restyle": "Another style",
    "groove": "Grooves",
    "track": "Tracks",
    "levels": "Levels and sends",
    "sample": "Samples",
    "soundfolder": "Your own samples",
    "freezing": "Freezing and resampling",
    "instrumentfile": "Instruments from files",
    "effect": "Effects and devices",
    "tone": "Tone, colour, mood",
    "preset": "Presets",
    "kit": "Drum kits",
    "layerclip": "Clips by layer",
    "clip": "Clips",
    "audioclip": "Audio clips",
    "note": "Notes",
    "clipshape": "Shapes of clips",
    "scene": "Scenes",
    "arrangement": "Arrangement",
    "blocks": "Blocks of the arrangement",
    "clipboard": "Clipboard",
    "recording": "Recording",
    "songtime": "The song's time, markers",
    "automation": "Automation",
    "section": "Sections",
    "rule": "Rules",
    "session": "The session",
    "sessionstart": "Starting a session",
    "spaces": "Spaces",
    "schedule": "Scheduling",
    "latent": "Latent clips",
    "compose": "Composing",
    "write": "Writing a clip",
    "genre": "Styles",
    "song": "Songs",
    "plan": "Plans",
    "generation": "Generations",
    "rhythm.show": "Rhythms",
    "rhythm.file": "Rhythm files",
    "rhythm.seed": "Rhythm seeds",
    "rhythm.words": "Rhythms in words",
    "rhythm.session": "Drums that steer themselves",
    "rhythm.explore": "Variations of drums",
    "bass": "Basses",
    "lead": "Leads",
    "mix": "The mix",
    "critique": "Critique",
    "transport": "Playing",
    "engine": "Engines",
    "midi": "MIDI inputs",
    "controlmap": "Knobs and buttons",
    "analysis": "Ears",
    "transfer": "Out",
    "batchrun": "Batches",
    "album": "Albums",
    "importing": "In",
    "artifacts": "Artifacts",
    "jobs": "Jobs",
    "view": "The screen",
    "keys": "Keys",
    "tour": "The tour",
    "docs": "The documentation",
    "ask": "Asking",
    "python": "Python",
    "serve": "The server",
    "system": "The studio",
}
_PACKAGE = "hardcore.commands."


def module_of(group: str) -> str:
    """Return the name under which Python imports a group."""
    return _PACKAGE + group


def group_of(module: str) -> str:
    """Return the group of a module, as in GROUPS."""
    return module.removeprefix(_PACKAGE)
