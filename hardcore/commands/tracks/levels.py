"""Levels: faders, pans, widths, mutes, solos, sends and fades of one or several tracks, and the balance of two."""

from typing import Annotated, Literal

from hardcore.commands.core.call import Call
from hardcore.commands.core.kinds import Kind
from hardcore.commands.core.outcomes import carry_out
from hardcore.commands.core.quantities import MonoBelow, MoreDecibels, MorePan, Step, WidthPercent
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Bars, Decibels, Flag, Panning, Parts, ScopeText, Toggle, TrackRef
from hardcore.compose.edits.amount import asked
from hardcore.compose.edits.outcome import Outcome
from hardcore.project.state import ProjectState


@command("track gain", "track gain kick -3", aliases=("gain",), scoped=True)
def track_gain(call: Call, tracks: Parts, gain_db: Decibels | None = None, *, by: MoreDecibels | None = None) -> Done:
    """Set tracks' faders, or move them --by decibels.

    Envelopes of a fader go as far as it does, but silence stays silence.
    """
    from hardcore.compose.edits import levels

    move = asked(gain_db, by, example="track gain kick -3, track gain kick --by 2")
    return carry_out(call, lambda project: levels.gain(project, project.find_tracks(tracks), move))


@command("track pan", "track pan hats L30", aliases=("pan",), scoped=True)
def track_pan(call: Call, tracks: Parts, pan: Panning | None = None, *, by: MorePan | None = None) -> Done:
    """Place tracks between left and right, or move them --by a share of the way, right above 0 and left below."""
    from hardcore.compose.edits import levels

    move = asked(pan, by, example="track pan hats L30, track pan hats --by 0.2")
    return carry_out(call, lambda project: levels.pan(project, project.find_tracks(tracks), move))


@command("track width", "track width bass 0", aliases=("width",), scoped=True)
def track_width(
    call: Call,
    tracks: Parts,
    percent: WidthPercent | None = None,
    *,
    by: Step | None = None,
    below: MonoBelow | None = None,
) -> Done:
    """Set how wide tracks are, or widen them --by steps; --below HZ folds only what is under that to mono.

    A percent and --below set the track's width effect, which is added where there is none. A step widens, in that
    order, the width effect, the instrument's own width, the distance of the pan from the middle, or adds the effect.
    """
    from hardcore.compose.edits import width

    if below is not None and percent is None and by is None:
        return carry_out(call, lambda project: width.fold_below(project, project.find_tracks(tracks), below))
    move = asked(percent, by, example="track width pad 120, track width pad --by 1, track width bass --below 120")

    def edit(project: ProjectState) -> Outcome:
        return width.widen(project, project.find_tracks(tracks), move, below)

    return carry_out(call, edit)


@command("track mute", "track mute hats", aliases=("mute",), scoped=True)
def track_mute(call: Call, tracks: Parts, state: Toggle = None) -> Done:
    """Silence tracks, or let them sound again; without on or off the switch is flipped, on where any is off.

    `on` ends a solo of theirs, and `off` gives them one beside others that are soloed: what is said is what is heard.
    """
    from hardcore.compose.edits import audibility

    if state is None:
        return carry_out(call, lambda project: audibility.switch(project, project.find_tracks(tracks), "mute"))
    return carry_out(call, lambda project: audibility.mute(project, project.find_tracks(tracks), state))


@command("track solo", "track solo bass on", aliases=("solo",))
def track_solo(call: Call, tracks: Parts, state: Toggle = None) -> Done:
    """Silence every other track that is not soloed; without on or off the switch is flipped, on where any is off.

    `on` lets a muted track sound.
    """
    from hardcore.compose.edits import audibility

    if state is None:
        return carry_out(call, lambda project: audibility.switch(project, project.find_tracks(tracks), "solo"))
    return carry_out(call, lambda project: audibility.solo(project, project.find_tracks(tracks), state))


@command("track only", "track only kick,bass", aliases=("only",), scoped=True)
def track_only(call: Call, tracks: Parts) -> Done:
    """Mute every part but these and end all solos; `track only all` lets everything sound.

    A group stands for what feeds it. Returns stay as they are.
    """
    from hardcore.compose.edits import audibility

    return carry_out(call, lambda project: audibility.only(project, project.find_tracks(tracks, members=True)))


@command(
    "mix balance", "mix balance hats snare -6", about={"least": "only where it does not stand as far above or below"}
)
def mix_balance(call: Call, track: TrackRef, other: TrackRef, above_db: MoreDecibels, *, least: Flag = False) -> Done:
    """Move a track's fader until it stands so many decibels above another track, or below it (-3).

    How loud both are is reckoned, not rendered: what instruments of their role are built to (LUFS), the velocities of
    their notes, their faders and those of their groups. A group is the sum of its parts.
    """
    from hardcore.compose.edits import levels

    def edit(project: ProjectState) -> Outcome:
        return levels.balance(project, project.find_track(track), project.find_track(other), above_db, least)

    return carry_out(call, edit)


@command("send", "send snare reverb -9", about={"pre": "before the fader: it stays when the track is turned down"})
def send(
    call: Call,
    tracks: Parts,
    to: TrackRef,
    gain_db: Decibels | None = None,
    *,
    by: MoreDecibels | None = None,
    pre: Flag = False,
) -> Done:
    """Send a copy of tracks to a return, after their faders or before (--pre); -96 takes the send away.

    --by turns sends up or down that are there already.
    """
    from hardcore.compose.edits import sends

    move = asked(gain_db, by, example="send snare reverb -9, send snare reverb --by 3")

    def edit(project: ProjectState) -> Outcome:
        return sends.send(project, project.find_tracks(tracks), project.find_track(to), move, pre)

    return carry_out(call, edit)


@command("fade", "fade out --bars 1", about={"bars": "over how many bars"})
def fade(
    call: Call,
    way: Annotated[Literal["in", "out"], Kind("in|out", "in at the beginning, or out at the end")],
    *,
    bars: Bars | None = None,
    over: ScopeText | None = None,
    tracks: Parts | None = None,
) -> Done:
    """Fade the piece in at its beginning or out at its end, over --bars (8, or half of what is shorter).

    The amplitude falls evenly: 6 dB down in the middle. In a song it is an envelope of the master's fader, or of those
    of --tracks, along it. A loop comes round, so there the fade lies in the clips of the last scene (the first, for a
    fade in), at every pass. A fade that is there is replaced by the new one. --over a section or bars of a song it lies
    there, and around it nothing changes.
    """
    from hardcore.compose.edits import fade as fades

    def edit(project: ProjectState) -> Outcome:
        chosen = project.find_tracks(tracks) if tracks else None
        if over is not None:
            return fades.fade_over(project, way, over, chosen or [project.master])
        return fades.fade(project, way, bars, chosen)

    return carry_out(call, edit)
