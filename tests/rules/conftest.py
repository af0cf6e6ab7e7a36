"""The recorded sound device of the player's tests."""

from tests.player.conftest import recorder

__all__ = ["recorder"]
