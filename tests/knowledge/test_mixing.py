"""How parts share a mix in every style: a place for each role, and what a genre says instead."""

from hardcore.knowledge.loader import genre, genre_ids
from hardcore.knowledge.mixing import mixing, reference_lufs, role_mix, wanted_lufs
from hardcore.knowledge.sound import Strip
from hardcore.project import devices
from hardcore.project.roles import ROLES


def test_every_role_has_a_place_and_only_what_is_not_low_has_a_low_cut() -> None:
    known = mixing().roles
    assert set(known) == set(ROLES)
    assert all(known[role].low_cut == 20 for role in ("kick", "bass", "sub"))
    assert known["pad"].low_cut > known["keys"].low_cut > 20
    assert known["bass"].width < 100 < known["pad"].width


def test_a_genre_s_strip_stands_in_for_what_holds_everywhere() -> None:
    own = role_mix("pad", Strip(width=60, place=-3))
    assert (own.width, own.place, own.low_cut) == (60, -3, mixing().roles["pad"].low_cut)
    loud, calm = genre("gabber"), genre("ambient")
    assert reference_lufs(calm) < reference_lufs(loud) <= mixing().highest_reference
    assert wanted_lufs(loud, "kick") > wanted_lufs(loud, "pad")


def test_the_parts_of_a_group_are_held_together_by_a_catalogue_effect() -> None:
    glued = [name for name in genre_ids() if genre(name).mix.groups]
    assert {"rock", "drum_and_bass", "funk"} <= set(glued) and "house" not in glued
    for name in glued:
        for group in genre(name).mix.groups.values():
            assert devices.effect(group.inserts[0].device)
            assert group.least >= 3, "a group of two is a track more for nothing"
