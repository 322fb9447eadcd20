"""Addresses of units and plans."""

from django.urls import URLPattern, path

from binhyen.modules.places.pages import importing, plans, units

urlpatterns: list[URLPattern] = [
    path("don-vi/", units.unit_lookup, name="units"),
    path("don-vi/nhap/", importing.import_page, name="unit-lists"),
    path("don-vi/sap-xep/", plans.plan_list, name="plans"),
    path("don-vi/sap-xep/lap/", plans.plan_create, name="plan-create"),
    path("don-vi/sap-xep/<int:pk>/", plans.plan_page, name="plan"),
    path("don-vi/sap-xep/<int:pk>/sua/", plans.plan_edit, name="plan-edit"),
    path("don-vi/sap-xep/<int:pk>/them-buoc/<slug:kind>/", plans.step_create, name="plan-step-create"),
    path("don-vi/sap-xep/<int:pk>/bo-buoc/<int:number>/", plans.step_drop, name="plan-step-drop"),
    path("don-vi/sap-xep/<int:pk>/chay-thu/", plans.plan_rehearse, name="plan-rehearse"),
    path("don-vi/sap-xep/<int:pk>/buoc/", plans.plan_step, name="plan-step"),
    path("don-vi/sap-xep/<int:pk>/dao-lai/", plans.plan_inverse, name="plan-inverse"),
]
