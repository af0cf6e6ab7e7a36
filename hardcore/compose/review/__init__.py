"""Review: what a producer would say of a piece or a stretch of it, with figures and a command that mends each.

finding  what is said: bars, tracks, a figure beside its goal, a weight and a remedy
reading  what sounds, bar by bar: what everything that looks at notes looks at
tune     the tune: whether there is one, whether it stands clear, how it moves, how the piece ends
form     what repeats, what differs between sections, what leads into them, what is silent
playing  how parts are played: velocities, movement, crowding, notes outside the key
hearing  what was measured of a rendered piece, and what is off in it
"""
