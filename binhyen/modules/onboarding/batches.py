"""A file of cameras: read, sealed at once, every stream tried by a job, what passes added.

The dry run is the whole of it until somebody says “thêm”: nothing stands in the register before.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Count
from django_scopes import scopes_disabled

from binhyen.contracts.devices import DeviceLogin, DeviceReport, StreamReport
from binhyen.kernel.audit.record import record
from binhyen.kernel.sheets import UnreadableSheet, read_sheet
from binhyen.kernel.units.authority import Authority, authority_of
from binhyen.kernel.units.models import Unit
from binhyen.kernel.vault import open_sealed, seal
from binhyen.kernel.vietnamese.folding import without_diacritics
from binhyen.modules.cameras.public import REGISTRARS, AddressRefused, add_camera, check_stream_url, shown_address
from binhyen.modules.onboarding.devices import best_pair, keep_device, with_login
from binhyen.modules.onboarding.models import Batch, BatchRow
from binhyen.modules.onboarding.node import DeviceNode

ROWS_MAX = 2_000
AT_ONCE = 16
"""Cameras that one file has asked at the same time; the node bounds all of them together."""

COLUMNS = (
    ("unit", "Mã đơn vị", "X01234"), ("tier", "Tầng (1 hoặc 2)", "2"), ("name", "Tên camera", "Ngã ba Chợ Đồn"),
    ("url", "Địa chỉ luồng RTSP", "rtsp://10.1.2.3:554/luong1"), ("sub_url", "Địa chỉ luồng phụ", ""),
    ("host", "Địa chỉ ONVIF", ""), ("user", "Tài khoản", "xem"), ("password", "Mật khẩu", ""),
)  # fmt: skip
_BY_TITLE = {without_diacritics(title): name for name, title, _ in COLUMNS}


@dataclass(frozen=True)
class Secret:
    """How to reach a camera of the file; nothing of it is shown again."""

    url: str = field(default="", repr=False)
    sub_url: str = field(default="", repr=False)
    host: str = field(default="", repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def login(self) -> DeviceLogin:
        return DeviceLogin(self.host, self.user, self.password)


@transaction.atomic
def begin(name: str, content: bytes, *, by: Any) -> Batch:
    """Take a file. Raises UnreadableSheet with a sentence."""
    sheet = read_sheet(content)
    names = [_BY_TITLE.get(without_diacritics(title), "") for title in sheet.header]
    for needed, title, _ in COLUMNS[:3]:
        if needed not in names:
            raise UnreadableSheet(f"Không có cột “{title}”. Hãy dùng tệp mẫu.")
    if len(sheet.rows) > ROWS_MAX:
        raise UnreadableSheet(f"Tệp có hơn {ROWS_MAX} camera. Hãy chia thành nhiều tệp.")
    batch = Batch.objects.create(by=by, file_name=name[:200])
    units = _units(authority_of(by))
    seen: dict[str, int] = {}
    BatchRow.objects.bulk_create([_row(batch, number, dict(zip(names, cells, strict=False)), units, seen)
                                  for number, cells in sheet.rows])  # fmt: skip
    record("camera.batch", by=by, subject=batch.file_name, detail={"rows": str(len(sheet.rows))})
    return batch


def _row(batch: Batch, number: int, told: dict[str, str], units: dict[str, Unit], seen: dict[str, int]) -> BatchRow:
    secret = Secret(**{name: told.get(name, "").strip()[:500] for name in Secret.__dataclass_fields__})
    row = BatchRow(batch=batch, number=number, unit_code=told.get("unit", "").strip().upper()[:40],
                   name=told.get("name", "").strip()[:120], tier=2)  # fmt: skip
    row.problem = _problem(row, told, secret, units)
    if not row.problem:
        row.tier = int(told["tier"])
        row.shown = secret.host[:300] if secret.host else shown_address(secret.url)
        place = secret.host or secret.url
        if place in seen:
            row.problem = f"Trùng địa chỉ với dòng {seen[place]}. Hãy bỏ một trong hai dòng."
        seen.setdefault(place, number)
    if row.problem:
        row.state = BatchRow.State.BAD
    else:
        row.sealed = seal(json.dumps(asdict(secret)).encode(), context=_context(row))
    return row


def _problem(row: BatchRow, told: dict[str, str], secret: Secret, units: dict[str, Unit]) -> str:
    if row.unit_code not in units:
        return "Mã đơn vị không có trong các đơn vị anh/chị giữ danh bạ camera. Hãy kiểm tra cột “Mã đơn vị”."
    if told.get("tier", "").strip() not in ("1", "2"):
        return "Tầng phải là 1 hoặc 2. Camera hộ gia đình do chính chủ camera thêm."
    if not row.name:
        return "Chưa có tên camera. Hãy nhập nơi đặt camera."
    if not secret.url and not secret.host:
        return "Chưa có địa chỉ. Hãy nhập địa chỉ luồng RTSP hoặc địa chỉ ONVIF."
    if secret.host and ("@" in secret.host or len(secret.host) > 200):
        return "Địa chỉ ONVIF không đúng dạng. Hãy nhập địa chỉ IP; tài khoản và mật khẩu ở cột riêng."
    try:
        for url in filter(None, (secret.url, secret.sub_url, _host_url(secret.host))):
            check_stream_url(url)
    except AddressRefused as error:
        return str(error)
    return ""


def _host_url(host: str) -> str:
    return host if "://" in host or not host else f"http://{host}"


def check(batch: Batch, *, node: DeviceNode) -> None:
    """Try every row that waits, so many at once; each answer is kept as it comes, so that a killed job goes on."""
    waiting = list(batch.rows.filter(state=BatchRow.State.WAITING))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="onboarding") as pool:
        asked = {pool.submit(look_at, secret_of(row), node): row for row in waiting}
        for done in as_completed(asked):
            row, outcome = asked[done], done.result()
            row.state = BatchRow.State.BAD if outcome.problem else BatchRow.State.GOOD
            row.problem, row.found = outcome.problem[:400], outcome.found[:120]
            row.sealed = seal(json.dumps(asdict(outcome.secret)).encode(), context=_context(row))
            row.save()
    Batch.objects.filter(pk=batch.pk, state=Batch.State.CHECKING).update(state=Batch.State.READY)


@dataclass(frozen=True)
class Outcome:
    """What came of trying a row; `secret` has the streams that were chosen."""

    secret: Secret
    problem: str = ""
    found: str = ""


def look_at(secret: Secret, node: DeviceNode) -> Outcome:
    """Ask the device where one is named, then look at its streams. Touches no database: it runs in a thread."""
    if secret.host and not secret.url:
        report = node.describe(secret.login)
        main, sub = best_pair(report.profiles)
        if not main:
            return Outcome(secret, report.error or "Camera không có luồng hình dùng được. Hãy nhập địa chỉ RTSP.")
        urls = {profile.token: profile.stream_url for profile in report.profiles}
        secret = Secret(urls[main], urls.get(sub, ""), secret.host, secret.user, secret.password)
    return _streams(secret, node)


def _streams(secret: Secret, node: DeviceNode) -> Outcome:
    main = node.look_at(with_account(secret.url, secret))
    if main.error:
        return Outcome(secret, f"Luồng chính: {main.error}")
    words = _words(main)
    if secret.sub_url:
        sub = node.look_at(with_account(secret.sub_url, secret))
        if sub.error:
            return Outcome(secret, f"Luồng phụ: {sub.error}", words)
        words += f"; phụ {_words(sub)}"
    return Outcome(secret, found=words)


def _words(told: StreamReport) -> str:
    return f"{told.codec} {told.width}×{told.height}, {round(told.frames_per_second)} khung/giây"


def with_account(url: str, secret: Secret) -> str:
    """The address with the row's account, unless it carries one of its own."""
    return url if "@" in urlsplit(url).netloc else with_login(url, secret.login)


def add_good(batch: Batch, *, by: Any) -> int:
    """Add what passed; each camera by itself, so that pressing twice or a kill in the middle adds none twice."""
    added = 0
    units = _units(authority_of(by))
    for row in batch.rows.filter(state=BatchRow.State.GOOD):
        with transaction.atomic():
            locked = BatchRow.objects.select_for_update().get(pk=row.pk)
            if locked.state == BatchRow.State.GOOD:
                added += _add(locked, units, by)
    batch.state = Batch.State.ADDED
    batch.save()
    return added


def _add(row: BatchRow, units: dict[str, Unit], by: Any) -> int:
    secret = secret_of(row)
    if row.unit_code not in units:
        row.state, row.problem = BatchRow.State.BAD, "Anh/chị không còn giữ danh bạ camera của đơn vị này."
        row.save()
        return 0
    sub_url = with_account(secret.sub_url, secret) if secret.sub_url else ""
    try:
        camera = add_camera(by=by, unit=units[row.unit_code], tier=row.tier, name=row.name,
                            url=with_account(secret.url, secret), sub_url=sub_url)  # fmt: skip
    except AddressRefused as error:
        row.state, row.problem = BatchRow.State.BAD, str(error)[:400]
        row.save()
        return 0
    if secret.host:
        keep_device(camera, secret.login, DeviceReport())
    row.state, row.code, row.sealed = BatchRow.State.ADDED, camera.code, b""
    row.save()
    return 1


def counts(batch: Batch) -> dict[str, int]:
    """How many rows are in each state."""
    found = dict(batch.rows.values_list("state").annotate(Count("pk")).order_by())
    return {state.value: found.get(state.value, 0) for state in BatchRow.State}


def report_rows(batch: Batch) -> Iterator[tuple[Any, ...]]:
    """The report, without any account or password."""
    for row in batch.rows.all():
        yield (row.number, row.unit_code, row.tier, row.name, row.shown, row.get_state_display(), row.problem,
               row.found, row.code)  # fmt: skip


REPORT_HEADER = ("Dòng", "Mã đơn vị", "Tầng", "Tên camera", "Địa chỉ", "Kết quả", "Vì sao, và cần làm gì", "Luồng",
                 "Mã camera")  # fmt: skip


def secret_of(row: BatchRow) -> Secret:
    """Opened for the node."""
    return Secret(**json.loads(open_sealed(bytes(row.sealed), context=_context(row))))


def _context(row: BatchRow) -> str:
    return f"onboarding.row:{row.batch_id}:{row.number}"


def _units(authority: Authority) -> dict[str, Unit]:
    with scopes_disabled():
        held = Unit.objects.filter(pk__in=authority.unit_ids(REGISTRARS))
        return {unit.code.upper(): unit for unit in held if unit.is_open_on()}
