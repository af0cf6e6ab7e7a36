"""Random drums, keys and meters for the tests of bass and lead."""

from hypothesis import strategies as st

from hardcore.music.mode import SCALES
from hardcore.music.scale import Key
from hardcore.rhythm.drums import DrumHit, Drums, listen
from hardcore.rhythm.tone import Tone

BARS = {"4/4": 7680, "3/4": 5760, "7/8": 6720, "5/4": 9600, "3/32": 720}
ROLES = ("kick", "hat_closed", "hat_open", "clap", "snare", "tom")


def four_on_the_floor(bars: int = 4, late: int = 0) -> Drums:
    """Return kicks on the beats, claps on two and four, hats on every sixteenth with the second of two `late`."""
    ticks = range(0, bars * 7680, 480)
    hats = [DrumHit(tick + late * (tick // 480 % 2), 80) for tick in ticks]
    kicks = [DrumHit(tick, 110) for tick in range(0, bars * 7680, 1920)]
    claps = [DrumHit(tick, 90) for tick in range(1920, bars * 7680, 3840)]
    return listen({"kick": kicks, "hat_closed": hats, "clap": claps}, 7680, bars)


@st.composite
def any_drums(draw: st.DrawFn) -> Drums:
    """Draw drums in any meter: hits on and off the grid, of any density, none too."""
    bar = BARS[draw(st.sampled_from(sorted(BARS)))]
    bars = draw(st.integers(1, 5))
    parts = {}
    for role in ROLES:
        steps = draw(st.lists(st.integers(0, bars * bar // 240 - 1), max_size=40))
        pushes = draw(st.sampled_from([(0,), (0, 48), (-20, 0, 20), (-100, 0, 119)]))
        hits = [
            DrumHit(max(0, step * 240 + pushes[n % len(pushes)]), 40 + 29 * (n % 4)) for n, step in enumerate(steps)
        ]
        parts[role] = hits
    return listen(parts, bar, bars)


keys = st.builds(lambda tonic, mode: Key(tonic=tonic, mode=mode), st.integers(0, 11), st.sampled_from(sorted(SCALES)))
seeds = st.integers(0, 2**53 - 1)
tones = st.builds(
    Tone, st.integers(0, 60_000), st.integers(1, 9_000), st.integers(0, 127), st.integers(1, 127),
    st.sampled_from([0, 0, 0, 48, 240]),
)  # fmt: skip
lines = st.lists(tones, max_size=60)
