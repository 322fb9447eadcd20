"""URLs of cases."""

from django.urls import URLPattern, path

from binhyen.modules.cases import pages

urlpatterns: list[URLPattern] = [
    path("vu-viec/", pages.case_list, name="cases"),
    path("vu-viec/lap/", pages.case_open, name="case-open"),
    path("vu-viec/<int:pk>/", pages.case_detail, name="case"),
    path("vu-viec/<int:pk>/sua/", pages.case_correct, name="case-correct"),
    path("vu-viec/<int:pk>/buoc/", pages.case_step, name="case-step"),
    path("vu-viec/<int:pk>/ghi-chep/", pages.case_note, name="case-note"),
    path("vu-viec/<int:pk>/nguoi/", pages.case_person, name="case-person"),
    path("vu-viec/<int:pk>/nguoi/<int:person>/bo/", pages.case_person_remove, name="case-person-remove"),
    path("vu-viec/<int:pk>/giao/", pages.case_assign, name="case-assign"),
]
