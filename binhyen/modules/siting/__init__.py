"""Where cameras stand and what they honestly see: pixels per metre, roads that nobody sees, sites that would, and
fields of view that a neighbour's private zone forbids."""
