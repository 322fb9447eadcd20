"""One file per command of `binhyen`: each says its arguments in `register` and does its work in `run`."""
