"""Addresses of the pages of cameras."""

from django.urls import URLPattern, path, register_converter

from binhyen.contracts.node import CAMERA_CODE
from binhyen.modules.cameras.pages import check, look, network_map, openings, owner, register, technical, watching


class CameraCodeConverter:
    """A camera's code: capital letters, so that no word of a path is taken for one."""

    regex = CAMERA_CODE.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CameraCodeConverter, "camera_code")

urlpatterns: list[URLPattern] = [
    path("xem/<camera_code:code>/", look.look, name="camera_look"),
    path("tuong-hinh/", watching.wall, name="camera_wall"),
    path("ban-do-camera/", network_map.camera_map, name="camera_map"),
    path("ban-do-camera/lop.json", network_map.camera_map_layers, name="camera_map_layers"),
    path("camera/", register.camera_list, name="camera_list"),
    path("camera/mo-niem-phong/", openings.openings, name="camera_openings"),
    path("camera/mo-niem-phong/<uuid:pk>/tra-loi/", openings.opening_answer, name="camera_opening_answer"),
    path("camera/mo-niem-phong/<uuid:pk>/xem/", openings.opening_read, name="camera_opening_read"),
    path("camera/them/", register.camera_add, name="camera_add"),
    path("camera/kiem-tra/", check.check, name="camera_check"),
    path("camera/<camera_code:code>/", register.camera_detail, name="camera_detail"),
    path("camera/<camera_code:code>/sua/", register.camera_edit, name="camera_edit"),
    path("xem-lai/", watching.playback_start, name="camera_playback_start"),
    path("xem-lai/vu-viec/", watching.right, name="camera_right"),
    path("xem-lai/<camera_code:code>/", watching.playback, name="camera_playback"),
    path("camera-cua-toi/", owner.own_cameras, name="own_cameras"),
    path("camera-cua-toi/them/", owner.own_camera_add, name="own_camera_add"),
    path("camera-cua-toi/<camera_code:code>/", owner.own_camera, name="own_camera"),
    path("camera-cua-toi/<camera_code:code>/ten/", owner.own_camera_words, name="own_camera_words"),
    path("camera-cua-toi/<camera_code:code>/ngung/", owner.own_camera_end, name="own_camera_end"),
    path("he-thong/", technical.system, name="system"),
]
