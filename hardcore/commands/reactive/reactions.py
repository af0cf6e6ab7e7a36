"""What a studio that stays open does by itself: its rules act, and so do the controllers that are mapped."""

from hardcore.commands.performance.clockfollower import ClockFollower
from hardcore.commands.performance.knobs import Knobs
from hardcore.commands.performance.lights import Lights
from hardcore.commands.performance.played import PlayedNotes
from hardcore.commands.performance.scenetime import SceneTime
from hardcore.commands.reactive.ruleactions import let_rules_act
from hardcore.controller.studio import Studio


def start_reacting(studio: Studio) -> None:
    """Let rules and controllers act from now on, until the studio closes. Call it in the studio's loop."""
    let_rules_act(studio)
    studio.keep(Knobs(studio))
    studio.keep(Lights(studio))
    studio.keep(PlayedNotes(studio))
    studio.keep(ClockFollower(studio))
    studio.keep(SceneTime(studio))
