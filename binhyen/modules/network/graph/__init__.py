"""The network as a graph: who reaches the centre, and what goes dark when something is cut. Pure; knows no database."""
