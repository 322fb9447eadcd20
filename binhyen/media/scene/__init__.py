"""A made-up Vietnamese street, drawn by the project itself: for the demo, the tests and the benchmarks.

Six places by day and by night, vehicles with plates that no province issues, people, quiet stretches, the true wall
clock burnt in, and ground truth beside each clip.
"""

from binhyen.media.scene.catalogue import SCENES, SceneError, load_scene, make_scenes

__all__ = ["SCENES", "SceneError", "load_scene", "make_scenes"]
