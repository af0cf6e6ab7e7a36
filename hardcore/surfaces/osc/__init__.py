"""OSC: the studio for faders and buttons on a network: an address for every parameter and every command."""
