"""The scenes by name: rendered once into a folder, then loaded from it."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from binhyen.media.scene.clock_band import with_clock
from binhyen.media.scene.encode import encode_scene, files_of
from binhyen.media.scene.render import Scene
from binhyen.media.scene.traffic import LOOP_S
from binhyen.media.scene.views import PLACES
from binhyen.media.testcam.clip import Clip, read_clip

RECIPE = "2"
"""Part of the file names; it changes with the drawing, so that an old clip is never played for a new one."""
NIGHT = frozenset({"ngo-12", "ven-song"})
SCENES: tuple[str, ...] = tuple(PLACES)


class SceneError(ValueError):
    """No scene has this name; the message lists those that do."""


def make_scenes(
    names: Iterable[str], folder: Path, *, duration_s: float = LOOP_S, say: Callable[[str], None] = lambda _: None
) -> None:
    """Render what is missing of `names` into `folder`, on all cores. Raises SceneError for an unknown name."""
    wanted = list(names)
    for name in wanted:
        if name not in PLACES:
            raise SceneError(f"Không có cảnh {name!r}. Hãy chọn: {', '.join(SCENES)}.")
    missing = [name for name in wanted if not files_of(folder, _file_name(name, duration_s)).complete]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    workers = min(len(missing), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_render, name, str(folder), duration_s) for name in missing]
        for number, job in enumerate(as_completed(jobs), 1):
            say(f"Đã vẽ cảnh {job.result()} ({number}/{len(missing)})")


def load_scene(name: str, folder: Path, *, duration_s: float = LOOP_S) -> tuple[Clip, Clip]:
    """Main and sub stream of a scene that was made, with the true time burnt in."""
    files, title = files_of(folder, _file_name(name, duration_s)), PLACES[name].title
    return with_clock(read_clip(files.main), title), with_clock(read_clip(files.sub), title)


def title_of(name: str) -> str:
    """How the place is called."""
    return PLACES[name].title


def _file_name(name: str, duration_s: float) -> str:
    return f"{name}-v{RECIPE}-{duration_s:.0f}s"


def _render(name: str, folder: str, duration_s: float) -> str:
    scene = Scene(PLACES[name], night=name in NIGHT)
    encode_scene(scene, Path(folder), _file_name(name, duration_s), duration_s=duration_s)
    return PLACES[name].title
