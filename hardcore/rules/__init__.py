"""Rules at work: what is due when, which events fire which rules, and the runner that sees to both."""
