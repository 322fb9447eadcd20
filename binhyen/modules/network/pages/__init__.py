"""The network's own pages: its state, its picture, what a cut would do, outages, donors."""
