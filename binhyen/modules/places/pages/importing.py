"""“Nhập danh mục”: files of units, borders and former units, each with its source and licence."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from binhyen.kernel.units.authority import open_to
from binhyen.kernel.units.roles import Role
from binhyen.modules.places.country import TWO_TIERS_SINCE, Origin, bring_in
from binhyen.modules.places.forms import DAY_FORMATS
from binhyen.modules.places.models import UnitList
from binhyen.modules.places.pages.plans import authority_in
from binhyen.modules.places.reading import FILE_BYTES_MAX, FORMER_COLUMNS, UnreadableList

LISTS_SHOWN = 20


class ListForm(forms.Form):
    """A file, and whose it is."""

    loai = forms.ChoiceField(label="Tệp là gì", choices=UnitList.Kind.choices, widget=forms.RadioSelect,
                             initial=UnitList.Kind.UNITS)  # fmt: skip
    tep = forms.FileField(label="Tệp", help_text="Không quá 10 MB. Tệp chỉ được đọc, không được giữ lại.")
    nguon = forms.CharField(label="Nguồn dữ liệu", max_length=300, help_text="Ai công bố, ở đâu, ngày nào.")
    giay_phep = forms.CharField(label="Giấy phép sử dụng", max_length=200, help_text="Ví dụ: MIT; Nghị quyết số…")
    tu_ngay = forms.DateField(
        label="Đơn vị có hiệu lực từ", input_formats=DAY_FORMATS, initial=f"{TWO_TIERS_SINCE:%d/%m/%Y}",
        help_text="Cho danh mục tỉnh, xã. Chính quyền hai cấp từ 01/07/2025 (cần pháp chế kiểm tra).",
        error_messages={"invalid": "Ngày không đúng. Hãy nhập như 01/07/2025."},
    )  # fmt: skip

    def clean_tep(self) -> Any:
        sent = self.cleaned_data["tep"]
        if sent.size > FILE_BYTES_MAX:
            raise forms.ValidationError("Tệp lớn hơn 10 MB. Hãy chia thành nhiều tệp nhỏ hơn.")
        return sent


@open_to(Role.IT_ADMIN)
def import_page(request: HttpRequest) -> HttpResponse:
    """Choose a file, say whose it is; see what was brought in before."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        origin = Origin(sent["tep"].name, sent["nguon"], sent["giay_phep"])
        by = authority_in(request).user
        try:
            kept = bring_in(sent["loai"], sent["tep"].read(), origin, since=sent["tu_ngay"], by=by)
        except UnreadableList as problem:
            form.add_error("tep", str(problem))
        else:
            messages.success(request, f"Đã nhập {kept.file_name}: thêm {kept.new_count}, đã có {kept.same_count}.")
            return redirect("unit-lists")
    context = {"form": form, "before": UnitList.objects.select_related("by")[:LISTS_SHOWN], "columns": FORMER_COLUMNS}
    return render(request, "places/import.html", context, status=422 if form.errors else 200)
