"""The groups of commands: each module that has some and its heading, in the order of the help and of the reference.

The only list of them: the registry imports these modules and the reference takes its headings from here. A test finds
a module that registers commands and does not stand here.
"""

GROUPS = {
    "projects.project": "Projects",
    "projects.text": "A project as text",
    "projects.history": "History",
    "projects.branches": "Branches",
    "projects.log": "The log",
    "edits.timing": "Tempo and meter",
    "edits.swing": "Swing",
    "edits.length": "Length",
    "edits.pitch": "Key and transposition",
    "edits.microtiming": "Micro-timing",
    "edits.beats": "Beats: density, patterns, fills",
    "edits.articulation": "Velocity, note length, chance",
    "edits.part": "Parts",
    "edits.chords": "Chords",
    "edits.restyle": "Another style",
    "edits.groove": "Grooves",
    "tracks.track": "Tracks",
    "tracks.levels": "Levels and sends",
    "tracks.sample": "Samples",
    "tracks.soundfolder": "Your own samples",
    "tracks.freezing": "Freezing and resampling",
    "tracks.instrumentfile": "Instruments from files",
    "tracks.effect": "Effects and devices",
    "edits.tone": "Tone, colour, mood",
    "tracks.preset": "Presets",
    "tracks.kit": "Drum kits",
    "clips.layerclip": "Clips by layer",
    "clips.clip": "Clips",
    "clips.audioclip": "Audio clips",
    "clips.note": "Notes",
    "clips.clipshape": "Shapes of clips",
    "timeline.scene": "Scenes",
    "timeline.arrangement": "Arrangement",
    "timeline.blocks": "Blocks of the arrangement",
    "timeline.clipboard": "Clipboard",
    "timeline.recording": "Recording",
    "timeline.songtime": "The song's time, markers",
    "tracks.automation": "Automation",
    "timeline.section": "Sections",
    "reactive.rule": "Rules",
    "projects.session": "The session",
    "composing.sessionstart": "Starting a session",
    "composing.spaces": "Spaces",
    "reactive.schedule": "Scheduling",
    "reactive.latent": "Latent clips",
    "composing.compose": "Composing",
    "composing.write": "Writing a clip",
    "composing.genre": "Styles",
    "timeline.song": "Songs",
    "composing.plan": "Plans",
    "composing.generation": "Generations",
    "rhythm.show": "Rhythms",
    "rhythm.file": "Rhythm files",
    "rhythm.seed": "Rhythm seeds",
    "rhythm.words": "Rhythms in words",
    "rhythm.session": "Drums that steer themselves",
    "rhythm.explore": "Variations of drums",
    "edits.bass": "Basses",
    "edits.lead": "Leads",
    "mixing.mix": "The mix",
    "mixing.critique": "Critique",
    "performance.transport": "Playing",
    "performance.engine": "Engines",
    "performance.midi": "MIDI inputs",
    "performance.controlmap": "Knobs and buttons",
    "mixing.analysis": "Ears",
    "exchange.transfer": "Out",
    "exchange.batchrun": "Batches",
    "exchange.album": "Albums",
    "exchange.importing": "In",
    "exchange.artifacts": "Artifacts",
    "studio.jobs": "Jobs",
    "studio.view": "The screen",
    "studio.keys": "Keys",
    "studio.tour": "The tour",
    "assistant.docs": "The documentation",
    "assistant.ask": "Asking",
    "assistant.python": "Python",
    "studio.serve": "The server",
    "studio.system": "The studio",
}
_PACKAGE = "hardcore.commands."


def module_of(group: str) -> str:
    """Return the name under which Python imports a group."""
    return _PACKAGE + group


def group_of(module: str) -> str:
    """Return the group of a module, as in GROUPS."""
    return module.removeprefix(_PACKAGE)
