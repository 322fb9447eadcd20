"""“Vị trí camera”: the survey, its files, what is brought in."""

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, localtime, now
from django.views.decorators.http import require_POST, require_safe

from binhyen.kernel.accounts.models import User
from binhyen.kernel.audit.record import record
from binhyen.kernel.screens.taking_out import TYPES
from binhyen.kernel.sheets import Cell, write_csv, write_xlsx
from binhyen.kernel.units.authority import Authority, open_to
from binhyen.kernel.units.models import Unit
from binhyen.kernel.units.roles import OFFICERS, Role
from binhyen.modules.cameras.public import REGISTRARS
from binhyen.modules.siting.domain import MODELS, Kind, bring_in, take_away
from binhyen.modules.siting.drawing import draw
from binhyen.modules.siting.optics import Use
from binhyen.modules.siting.reading import FILE_BYTES_MAX, UnreadableMap
from binhyen.modules.siting.survey import Survey, may_see_zones, survey
from binhyen.modules.siting.terrain import UnreadableTerrain

STRETCHES_SHOWN = 100
ROWS_SHOWN = 200
READERS = OFFICERS | {Role.IT_ADMIN}
for_readers = open_to(*READERS)
for_registrars = open_to(*sorted(REGISTRARS))


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def _user(request: HttpRequest) -> User:
    user = authority_in(request).user
    assert user is not None  # noqa: S101 - open_to lets nobody else in
    return user


def _asked(request: HttpRequest) -> Use:
    asked = request.GET.get("muc", "")
    return Use(asked) if asked in list(Use) else Use.DETECT


@require_safe
@for_readers
def survey_page(request: HttpRequest) -> HttpResponse:
    """The drawing, unseen stretches, suggested sites, what each camera is good for."""
    authority, use = authority_in(request), _asked(request)
    found = survey(authority, use)
    sees_zones = may_see_zones(authority)
    context = {
        "survey": found,
        "drawing": draw(found, with_zones=sees_zones),
        "uses": list(Use),
        "stretches": found.coverage.stretches[:STRETCHES_SHOWN],
        "stretches_max": STRETCHES_SHOWN,
        "zone_count": len(found.zones) if sees_zones else None,
        "may_bring": sees_zones,
    }
    return render(request, "siting/survey.html", context)


def _lines(found: Survey) -> list[list[Cell]]:
    lines: list[list[Cell]] = []
    for each in found.coverage.stretches:
        ends = [f"{degree:.6f}".replace(".", ",") for point in (each.first, each.last) for degree in reversed(point)]
        lines.append(["Đoạn khuất", each.road, round(each.metres), each.bends, *ends])
    for suggestion in found.suggestions:
        place = [f"{degree:.6f}".replace(".", ",") for degree in (suggestion.eye.latitude, suggestion.eye.longitude)]
        lines.append(["Vị trí đề xuất", suggestion.road, round(suggestion.gain_m), "", *place,
                      f"hướng {suggestion.eye.heading:.0f}°", ""])  # fmt: skip
    return lines


HEADER = ("Loại", "Đường", "Mét", "Khúc cua", "Vĩ độ", "Kinh độ", "Đến vĩ độ", "Đến kinh độ")


def export_as(kind: str) -> Any:
    """The view that gives stretches and sites as a file. Private zones are in none."""

    @require_safe
    @for_readers
    def export(request: HttpRequest) -> HttpResponse:
        lines = _lines(survey(authority_in(request), _asked(request)))
        with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
            path = Path(file.name)
            if kind == "csv":
                write_csv(path, HEADER, lines)
            else:
                write_xlsx(path, "Vị trí camera", HEADER, lines)
            response = HttpResponse(path.read_bytes(), content_type=TYPES[kind])
        record("siting.export", by=_user(request), subject="vi-tri", detail={"kind": kind, "rows": str(len(lines))})
        response["Content-Disposition"] = f'attachment; filename="vi-tri-camera-{localtime(now()):%Y%m%d-%H%M}.{kind}"'
        response["Cache-Control"] = "private, no-store"
        return response

    return export


class BringForm(forms.Form):
    """A file, whose unit's, whose data."""

    loai = forms.ChoiceField(label="Tệp là gì", choices=[(kind.value, kind.label) for kind in Kind],
                             widget=forms.RadioSelect, initial=Kind.ROADS.value)  # fmt: skip
    don_vi = forms.ModelChoiceField(Unit.objects.none(), label="Đơn vị", to_field_name="code", empty_label=None)
    tep = forms.FileField(label="Tệp", help_text="Không quá 10 MB, tọa độ WGS 84.",
                          error_messages={"required": "Chưa chọn tệp. Hãy chọn tệp rồi gửi lại."})  # fmt: skip
    nguon = forms.CharField(
        label="Nguồn, giấy phép", max_length=300, help_text="Ai lập, được dùng theo giấy phép nào.",
        error_messages={"required": "Chưa có nguồn. Hãy ghi ai lập tệp này, giấy phép gì."},
    )  # fmt: skip

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(pk__in=authority.unit_ids(REGISTRARS), valid_from__lte=localdate())
        self.fields["don_vi"].queryset = units.filter(valid_until=None).order_by("path")

    def clean_tep(self) -> Any:
        sent = self.cleaned_data["tep"]
        if sent.size > FILE_BYTES_MAX:
            raise forms.ValidationError("Tệp lớn hơn 10 MB. Hãy chia thành nhiều tệp nhỏ hơn.")
        return sent


@for_registrars
def bring_page(request: HttpRequest) -> HttpResponse:
    """Bring roads, private zones, terrain; see and take away what is there."""
    authority = authority_in(request)
    form = BringForm(request.POST or None, request.FILES or None, authority=authority)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            count = bring_in(Kind(sent["loai"]), sent["tep"].read(), unit=sent["don_vi"], file_name=sent["tep"].name,
                             source=sent["nguon"], by=_user(request))  # fmt: skip
        except (UnreadableMap, UnreadableTerrain) as problem:
            form.add_error("tep", str(problem))
        else:
            messages.success(request, f"Đã nhập {count} từ tệp {sent['tep'].name}.")
            return redirect("siting-bring")
    mine = authority.unit_ids(REGISTRARS)
    rows = [(kind, row) for kind in Kind for row in MODELS[kind].objects.filter(unit__in=mine)[:ROWS_SHOWN]]
    context = {"form": form, "rows": rows}
    return render(request, "siting/bring.html", context, status=422 if form.errors else 200)


@require_POST
@for_registrars
def take_away_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take one away."""
    mine = authority_in(request).unit_ids(REGISTRARS)
    if kind not in list(Kind) or not MODELS[Kind(kind)].objects.filter(pk=pk, unit__in=mine).exists():
        raise Http404
    take_away(Kind(kind), pk, by=_user(request))
    messages.success(request, "Đã bỏ.")
    return redirect("siting-bring")
