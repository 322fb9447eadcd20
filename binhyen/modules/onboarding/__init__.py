"""Cameras of tiers 1 and 2 found on the network, asked what they are, tried, and added: one by one or by the hundred.

The node alone talks to cameras. What it needs to get in stays sealed; a household's camera is never looked for.
"""
