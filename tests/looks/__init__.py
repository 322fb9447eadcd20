"""Looks from ticket to picture: a real station, a real browser's sockets, a stand-in for the live node."""
