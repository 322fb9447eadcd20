"""Every request runs with the authority and the unit scope of its user, or with none at all."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from binhyen.kernel.units.authority import authority_of, within_scope


class AuthorityMiddleware:
    """Sets `request.authority` and scopes every unit-bound query of the request; fails closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.authority = authority_of(request.user)  # type: ignore[attr-defined]  # read by views and open_to
        with within_scope(request.authority):  # type: ignore[attr-defined]  # set in the line above
            return self.get_response(request)
