"""A studio and another program that share a Link session, told apart by what they print: run in a network of its own.

python linkscript.py        prints one line of JSON
"""

import json
import time
from typing import Any

import link

from hardcore import open_studio
from hardcore.commands.performance.linksession import LinkSession
from hardcore.music.ticks import PPQ
from tests.waiting import until


def main() -> None:
    other = link.Link(100)
    other.startStopSyncEnabled = True
    other.enabled = True
    told: dict[str, Any] = {}
    with open_studio() as studio:
        inside = studio._studio
        player = inside.player
        assert player is not None
        studio.do("/track add kick --instrument kick909")
        studio.do("/clip add kick A --bars 1")
        player.state()

        def tempo() -> float:
            return float(other.captureSessionState().tempo())

        def heard() -> float:
            return inside.controller.hearing.heard.tempo_map.bpm

        def apart() -> float:
            """Return how far our music is from the session's bar, in beats, the nearer way round."""
            assert player is not None
            now = player.latest()
            micros = other.clock().micros() + (now.at_s - time.monotonic()) * 1e6
            phase = other.captureSessionState().phaseAtTime(round(micros), 4.0)
            return float((now.tick / PPQ - phase + 2) % 4 - 2)

        studio.do("/link on")
        session = inside.recall(LinkSession)
        assert session is not None
        until(lambda: session.peers == 1 and other.numPeers() == 1, "nobody was met")
        until(lambda: abs(heard() - 100) < 0.01, "their tempo is not heard")
        told["joined"] = [tempo(), heard(), studio.project.tempo_map.bpm]
        answer = studio.do("/link")
        told["said"] = answer.text() if answer is not None else ""
        studio.do("/tempo 130")
        until(lambda: abs(tempo() - 130) < 0.01, "the tempo that was set here is not theirs")
        studio.do("/play")
        until(lambda: player.latest().playing and player.latest().tick > PPQ / 8, "it did not begin")
        told["began"] = [other.captureSessionState().isPlaying(), apart(), player.latest().start_tick]
        until(lambda: player.latest().tick > 4 * PPQ, "it does not go on")
        told["apart"] = max(abs(apart()) for _ in range(50) if not time.sleep(0.01))
        state = other.captureSessionState()
        state.setIsPlaying(False, other.clock().micros())
        other.commitSessionState(state)
        until(lambda: not player.latest().playing, "it did not stop with them")
        state = other.captureSessionState()
        state.setIsPlaying(True, other.clock().micros())
        other.commitSessionState(state)
        until(lambda: player.latest().playing and player.latest().tick > PPQ / 8, "nor begin")
        told["again"] = apart()
        studio.do("/stop")
        until(lambda: not other.captureSessionState().isPlaying(), "they did not stop with us")
        studio.do("/link off")
        until(lambda: other.numPeers() == 0, "it did not leave")
        told["left"] = [heard(), studio.project.tempo_map.bpm, tempo()]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
