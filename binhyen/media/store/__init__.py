"""Recorded footage on a node's own disks: segments, gaps, index, retention, repair."""

from binhyen.media.store.camera_writer import CameraWriter
from binhyen.media.store.disk import Disk, Space, SystemDisk
from binhyen.media.store.footage import FootageStore, StoreOptions
from binhyen.media.store.index import SegmentIndex
from binhyen.media.store.keeper import Keeper, KeepingRules
from binhyen.media.store.layout import index_path, index_paths, parse_path, shard_of
from binhyen.media.store.repair import RebuildReport, rebuild
from binhyen.media.store.sharing import IndexesMissing, share_out

__all__ = [
    "CameraWriter",
    "Disk",
    "FootageStore",
    "IndexesMissing",
    "Keeper",
    "KeepingRules",
    "RebuildReport",
    "SegmentIndex",
    "Space",
    "StoreOptions",
    "SystemDisk",
    "index_path",
    "index_paths",
    "parse_path",
    "rebuild",
    "shard_of",
    "share_out",
]
