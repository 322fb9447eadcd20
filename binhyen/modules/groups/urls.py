"""URLs of groups that no register gives."""

from django.urls import URLPattern, path

from binhyen.modules.groups.pages import app, group, patrol, rota

urlpatterns: list[URLPattern] = [
    path("to-tu-quan/cua-toi/", group.own_group, name="own-group"),
    path("to-tu-quan/<int:pk>/lich/lap/", rota.rota_draft, name="rota-draft"),
    path("thanh-vien-to/<int:pk>/dien-thoai/", group.phone_look, name="member-phone"),
    path("thanh-vien-to/<int:pk>/dien-thoai/ghi/", group.phone_write, name="member-phone-write"),
    path("camera-cua-toi/to-tu-quan/", group.own_clusters, name="own-clusters"),
    path("lich-truc/", rota.rota_list, name="rotas"),
    path("lich-truc/<int:pk>/", rota.rota_page, name="rota"),
    path("lich-truc/<int:pk>/buoc/", rota.rota_step, name="rota-step"),
    path("lich-truc/luot/<int:pk>/doi/", rota.swap_ask, name="swap-ask"),
    path("lich-truc/doi/<int:pk>/buoc/", rota.swap_step, name="swap-step"),
    path("lich-truc/ca/<int:pk>/tuan-tra/", patrol.patrol_of_shift, name="shift-patrol"),
    path("tuan-tra/<int:pk>/nguoi/", patrol.patrol_people, name="patrol-people"),
    path("tuan-tra/diem-danh/<uuid:pk>/xem/", patrol.checkin_decide, name="checkin-decide"),
    path("tuan-tra/diem-danh/<uuid:pk>/chuyen/", patrol.checkin_hand_over, name="checkin-hand-over"),
    path("di-tuan/", app.app_page, name="patrol-app"),
    path("di-tuan/ung-dung.webmanifest", app.manifest, name="patrol-app-manifest"),
    path("di-tuan/tho.js", app.worker, name="patrol-app-worker"),
    path("di-tuan/du-lieu.json", app.facts, name="patrol-app-facts"),
    path("di-tuan/dong-bo/", app.sync, name="patrol-app-sync"),
]
