"""Domain values in, Block Kit out: pure functions."""
