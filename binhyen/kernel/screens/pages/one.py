"""The pages of one row: detail, adding, changing, deleting with undo, steps and verbs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from binhyen.kernel.history.models import RowChange, changes_of
from binhyen.kernel.history.undo import CannotUndo
from binhyen.kernel.screens.changing import delete_row, do_verb, save_row, undo_delete
from binhyen.kernel.screens.declaration import Screens
from binhyen.kernel.screens.forms import RowForm, form_for
from binhyen.kernel.screens.pages.listing import UNDO_KEY, allowed
from binhyen.kernel.screens.panels import differences
from binhyen.kernel.screens.policy import Action
from binhyen.kernel.units.authority import Authority, Refusal, Refused

SEEN = "_seen"
BULK_MAX = 200


def authority_in(request: HttpRequest) -> Authority:
    """What the person of this request may do."""
    return request.authority  # type: ignore[attr-defined,no-any-return]  # set by AuthorityMiddleware


def row_for(screens: Screens, authority: Authority, action: Action, pk: int) -> Any:
    """The row. 404 where the person may not even see it; Refused where only `action` is not allowed."""
    row = get_object_or_404(screens.rows(authority), pk=pk)
    if not screens.rows(authority, action).filter(pk=pk).exists():
        raise Refused(screens.policy.may(authority, action, row) or Refusal("Dòng này không được thay đổi."))
    return row


def detail_page(request: HttpRequest, screens: Screens, pk: int) -> HttpResponse:
    """The row and its panels."""
    authority = authority_in(request)
    row = get_object_or_404(screens.rows(authority), pk=pk)
    drawn = [(panel, panel.context(screens, authority, row)) for panel in screens.panels]
    mine = {action: screens.policy.may(authority, action, row) is None for action in Action}
    context = {
        "screens": screens,
        "row": row,
        "panels": [(panel, context) for panel, context in drawn if context is not None],
        "may": allowed(screens, authority) | {"row_change": mine[Action.CHANGE] and bool(screens.fields)},
        "may_delete": mine[Action.DELETE],
        "verbs": [verb for verb in screens.verbs if mine[verb.action] and verb.applies(row)],
        "urls": {"list": screens.url(), **_row_urls(screens, pk, mine)},
    }
    return render(request, "screens/detail.html", context)


def _row_urls(screens: Screens, pk: int, mine: dict[Action, bool]) -> dict[str, str]:
    pages = {"edit": mine[Action.CHANGE] and screens.fields, "delete": mine[Action.DELETE], "verb": screens.verbs,
             "step": hasattr(screens.model, "workflow")}  # fmt: skip
    return {page: screens.url(page, pk=pk) for page, is_there in pages.items() if is_there}


def create_page(request: HttpRequest, screens: Screens) -> HttpResponse:
    """A new row. Declared fields in the address fill the form."""
    authority = authority_in(request)
    initial = {name: request.GET[name] for name in screens.fields if name in request.GET}
    form = form_for(screens, authority, _sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        _refuse(screens, authority, Action.ADD, form.instance)
        save_row(screens, form.save(commit=False), by=_user(authority))
        form.save_m2m()
        messages.success(request, f"Đã thêm {screens.label} {form.instance}.")
        return redirect(screens.url_of(form.instance))
    return _form_page(request, screens, form, title=f"Thêm {screens.label}")


def edit_page(request: HttpRequest, screens: Screens, pk: int) -> HttpResponse:
    """Change a row. Where somebody changed it meanwhile, that is shown beside what was typed, and nothing is lost."""
    authority = authority_in(request)
    with transaction.atomic():
        row = row_for(screens, authority, Action.CHANGE, pk)
        type(row)._base_manager.select_for_update().get(pk=pk)
        form = form_for(screens, authority, _sent(request), row)
        news = _news(screens, row, request) if request.method == "POST" else []
        if request.method == "POST" and not news and form.is_valid():
            _refuse(screens, authority, Action.CHANGE, form.instance)
            save_row(screens, form.save(commit=False), by=_user(authority))
            form.save_m2m()
            messages.success(request, f"Đã sửa {screens.label} {row}.")
            return redirect(screens.url_of(row))
    if news:
        row = get_object_or_404(screens.rows(authority), pk=pk)
        form = form_for(screens, authority, merged(screens, request.POST, row, news), row)
    return _form_page(request, screens, form, title=f"Sửa {screens.label} {row}", row=row, news=news)


def _news(screens: Screens, row: Any, request: HttpRequest) -> list[RowChange]:
    """What happened to the row since the form was opened, oldest first."""
    seen = request.POST.get(SEEN, "")
    if not seen.isdecimal() or len(seen) > 18:
        raise BadRequest("a form without its mark")
    return list(changes_of(row).filter(pk__gt=int(seen)).order_by("pk"))


def merged(screens: Screens, sent: Any, row: Any, news: list[RowChange]) -> Any:
    """What was typed; in fields that the person had left as they were, what others have written meanwhile."""
    before: dict[str, Any] = {}
    for change in news:
        before = {**(change.before or {}), **before}
    mine = sent.copy()
    now = form_for(screens, Authority(None), row=row).fields
    for name in screens.fields:
        field: Any = screens.model._meta.get_field(name)
        if field.column in before:
            opened = type(row)(**{field.attname: field.to_python(before[field.column])})
            was, is_now = (now[name].prepare_value(field.value_from_object(each)) for each in (opened, row))
            if not now[name].has_changed(was, mine.get(name)):
                mine[name] = is_now
    return mine


def _form_page(
    request: HttpRequest, screens: Screens, form: RowForm, *, title: str, row: Any = None, news: Any = ()
) -> HttpResponse:
    newest = changes_of(row).values_list("pk", flat=True).first() if row is not None else None
    context = {
        "screens": screens,
        "form": form,
        "title": title,
        "seen": newest or 0,
        "news": [(change, list(differences(screens, change))) for change in news],
        "back": screens.url_of(row) if row is not None else screens.url(),
    }
    status = 409 if news else 422 if form.errors else 200
    return render(request, "screens/form.html", context, status=status)


def delete_page(request: HttpRequest, screens: Screens, pk: int) -> HttpResponse:
    """Ask, then delete; the list offers to give the row back."""
    authority = authority_in(request)
    row = row_for(screens, authority, Action.DELETE, pk)
    if request.method != "POST":
        return render(request, "screens/delete.html", {"screens": screens, "row": row, "back": screens.url_of(row)})
    said = str(row)
    try:
        change = delete_row(screens, row, by=_user(authority))
    except ProtectedError as error:
        users = ", ".join(sorted({str(each._meta.verbose_name) for each in error.protected_objects}))
        sentence = f"Không xóa được {screens.label} {said}: đang được dùng trong {users}."
        raise Refused(Refusal(sentence, code="in_use", remedy="Hãy xóa hoặc sửa các dòng ấy trước.")) from error
    request.session[UNDO_KEY] = {"change": change.pk, "said": said}
    return redirect(screens.url())


def undo_page(request: HttpRequest, screens: Screens) -> HttpResponse:
    """Give back what the person has deleted."""
    authority, key = authority_in(request), request.POST.get("thay_doi", "")
    label, delete = screens.model._meta.label_lower, RowChange.Kind.DELETE
    deletions = RowChange.objects.filter(model=label, kind=delete, actor=authority.user)
    change = get_object_or_404(deletions, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    try:
        row = undo_delete(screens, change, authority)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except CannotUndo as error:
        raise Refused(Refusal(str(error), code="cannot_undo", remedy="Hãy thêm lại bằng tay nếu cần.")) from error
    messages.success(request, f"Đã khôi phục {screens.label} {row}.")
    return redirect(screens.url_of(row))


def verb_page(request: HttpRequest, screens: Screens, pk: int) -> HttpResponse:
    """Do one verb with one row."""
    authority, verb = authority_in(request), _verb(screens, request)
    row = row_for(screens, authority, verb.action, pk)
    done = do_verb(screens, verb, [row], authority)
    messages.success(request, f"{verb.label}: {row}." if done else f"{verb.label}: không cần làm gì với {row}.")
    return redirect(screens.url_of(row))


def bulk_page(request: HttpRequest, screens: Screens) -> HttpResponse:
    """Do one verb with the chosen rows; those that are not the person's are as if they were not there."""
    authority, verb = authority_in(request), _verb(screens, request)
    if not verb.bulk:
        raise BadRequest(f"{verb.name} is not for many")
    keys = [int(key) for key in request.POST.getlist("chon")[:BULK_MAX] if key.isdecimal() and len(key) < 19]
    with transaction.atomic():
        rows = list(screens.rows(authority, verb.action).filter(pk__in=keys).select_for_update(of=("self",)))
        done = do_verb(screens, verb, rows, authority)
    left = len(keys) - done
    rest = f" {left} dòng không thuộc diện này nên giữ nguyên." if left else ""
    messages.success(request, f"{verb.label}: {done} dòng.{rest}")
    query = request.POST.get("cau_hoi", "")
    return redirect(f"{screens.url()}?{query}" if query else screens.url())


def step_page(request: HttpRequest, screens: Screens, pk: int) -> HttpResponse:
    """Take a step of the row's workflow; the table says who may."""
    authority = authority_in(request)
    row = get_object_or_404(screens.rows(authority), pk=pk)
    try:
        moved = screens.step(row, request.POST.get("buoc", ""), by=authority.user, note=request.POST.get("ghi_chu", ""))
    except KeyError as error:
        raise BadRequest("no such step") from error
    messages.success(request, f"{row}: {moved.state_label.lower()}.")
    return redirect(screens.url_of(row))


def _verb(screens: Screens, request: HttpRequest) -> Any:
    name = request.POST.get("viec", "")
    for verb in screens.verbs:
        if verb.name == name:
            return verb
    raise BadRequest(f"{screens.name} has no verb {name!r}")


def _refuse(screens: Screens, authority: Authority, action: Action, row: Any) -> None:
    refusal = screens.policy.may(authority, action, row)
    if refusal:
        raise Refused(refusal)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _user(authority: Authority) -> Any:
    return authority.user
