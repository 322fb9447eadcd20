"""Text out of files that nobody vouches for: `reading` asks, `extract` and the formats work in a bounded child
(S10)."""
