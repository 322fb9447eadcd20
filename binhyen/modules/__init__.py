"""The work of a police station, one folder a subject; `ls` reads like its notice board."""
