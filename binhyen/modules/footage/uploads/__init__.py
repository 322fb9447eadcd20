"""Files that owners bring from their own recorders: received in parts, sealed on the disk, looked into in a bounded
child.

This package knows the file and the ask it answers, and nothing of clips or packages: `submitting` ties it to those.
"""
