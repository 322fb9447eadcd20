"""The live node: fans pictures out to browsers and answers for what was recorded.

One frame arrives once from the recorder (or from the camera's sub-stream) and is cut into one fMP4
fragment, which every viewer shares. Nothing is decoded here, except single snapshots in a bounded child.
"""
