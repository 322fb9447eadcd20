"""Addresses of the network's own pages; those of its registers are the registers'."""

from django.urls import URLPattern, path

from binhyen.modules.network.pages import cut, donor, outages, picture, state
from binhyen.modules.network.pages.shared import KINDS

urlpatterns: list[URLPattern] = [
    path("mang-camera/", state.state_page, name="network-state"),
    path("mang-camera/so-do/", picture.picture_page, name="network-picture"),
    path("mang-camera/cat/", cut.cut_page, name="network-cut"),
    path("mang-camera/mat-hinh/", outages.outages_page, name="network-outages"),
    path("diem-dat/<int:pk>/ben-tang/", donor.donor_page, name="network-donor"),
    path("diem-dat/<int:pk>/ben-tang/ghi/", donor.donor_write, name="network-donor-write"),
]
for _kind in KINDS:
    urlpatterns += [
        path(f"mang-camera/tinh-trang.{_kind}", state.export_as(_kind), name=f"network-state-{_kind}"),
        path(f"mang-camera/cat.{_kind}", cut.export_as(_kind), name=f"network-cut-{_kind}"),
        path(f"mang-camera/mat-hinh.{_kind}", outages.export_as(_kind), name=f"network-outages-{_kind}"),
    ]
