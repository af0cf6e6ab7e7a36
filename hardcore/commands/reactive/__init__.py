"""Commands on what happens by itself: rules, deadlines, latent clips."""
