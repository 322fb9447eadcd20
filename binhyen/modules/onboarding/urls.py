"""Addresses of taking cameras in."""

from django.urls import URLPattern, path

from binhyen.modules.onboarding.pages import bulk, device, finding

urlpatterns: list[URLPattern] = [
    path("camera/tim/", finding.find_page, name="device_find"),
    path("camera/tim/quet/", finding.search, name="device_search"),
    path("camera/tim/hoi/", finding.ask, name="device_ask"),
    path("camera/tim/<uuid:draft>/", finding.draft_page, name="device_draft"),
    path("camera/tim/<uuid:draft>/anh/<int:number>.jpg", finding.picture, name="device_picture"),
    path("camera/<camera_code:code>/thiet-bi/gio/", device.set_time, name="device_time"),
    path("camera/<camera_code:code>/thiet-bi/mat-khau/", device.passwords, name="device_passwords"),
    path("camera/them-nhieu/", bulk.bulk_page, name="camera_bulk"),
    path("camera/them-nhieu/mau.xlsx", bulk.sample, name="camera_bulk_sample"),
    path("camera/them-nhieu/<uuid:batch>/", bulk.batch_page, name="camera_batch"),
    path("camera/them-nhieu/<uuid:batch>/them/", bulk.batch_add, name="camera_batch_add"),
    path("camera/them-nhieu/<uuid:batch>/tiep-tuc/", bulk.batch_go_on, name="camera_batch_go_on"),
    path("camera/them-nhieu/<uuid:batch>/bao-cao.xlsx", bulk.batch_report, name="camera_batch_report"),
]
