"""Reads of requests. Nothing here that an officer's page uses touches the table of owners' answers."""

from django.db.models import QuerySet

from binhyen.kernel.units.authority import Authority
from binhyen.kernel.units.roles import OFFICERS
from binhyen.modules.cases.public import OPEN_STATES, Case
from binhyen.modules.footage.models import EvidencePackage, FootageRequest


def visible_requests(authority: Authority) -> "QuerySet[FootageRequest]":
    """Requests of cases in the units where the person is an officer."""
    units = authority.unit_ids(OFFICERS)
    return FootageRequest.objects.filter(case__unit_id__in=units).select_related("case__unit", "created_by")


def requests_of(case: Case) -> "QuerySet[FootageRequest]":
    """The requests of one case, newest first."""
    return FootageRequest.objects.filter(case=case).select_related("case__unit", "created_by")


def packages_of(case: Case) -> "QuerySet[EvidencePackage]":
    """The packages made in one case, newest first."""
    return EvidencePackage.objects.filter(request__case=case).select_related("request__case__unit", "made_by")


def visible_packages(authority: Authority) -> "QuerySet[EvidencePackage]":
    """Packages of cases in the units where the person is an officer."""
    units = authority.unit_ids(OFFICERS)
    return EvidencePackage.objects.filter(request__case__unit_id__in=units).select_related(
        "request__case__unit", "made_by"
    )


def awaiting_cosign(authority: Authority) -> "QuerySet[FootageRequest]":
    """Long windows that wait for a signature, in units where the person is a chief, asked for by somebody else."""
    units = authority.unit_ids({"chief"})
    found = visible_requests(authority).filter(state="cosign", case__unit_id__in=units, case__state__in=OPEN_STATES)
    return found.exclude(created_by=authority.user)
