"""A device that was asked and a file of cameras, of the commune officer of each unit."""

from typing import Any

from binhyen.contracts import dump
from binhyen.contracts.devices import DeviceLogin, DeviceProfile, DeviceReport
from binhyen.kernel.testing.examples import Examples, Setting
from binhyen.kernel.units.roles import Role
from binhyen.modules.onboarding.devices import keep_device, seal_draft
from binhyen.modules.onboarding.models import Batch, BatchRow, Draft

LOGIN = DeviceLogin("http://192.168.7.20/onvif/device_service", "xem", "mat-khau-rieng")
REPORT = DeviceReport(
    maker="Bình Yên",
    profiles=(DeviceProfile("main", "Chính", "H264", 1920, 1080, stream_url="rtsp://192.168.7.20/1"),),
)


def _make(setting: Setting) -> dict[str, Any]:
    officer = setting.people[Role.COMMUNE_OFFICER]
    draft = Draft(by=officer, report=dump(REPORT))
    seal_draft(draft, LOGIN)
    batch = Batch.objects.create(by=officer, file_name="camera.xlsx", state=Batch.State.READY)
    BatchRow.objects.create(batch=batch, number=2, name="Cầu Treo", unit_code=setting.unit.code, state="bad")
    keep_device(setting.things.camera, LOGIN, REPORT)
    return {"draft": draft, "batch": batch}


EXAMPLES = Examples(
    make=_make,
    parameters={"draft": lambda things: things.draft.pk, "batch": lambda things: things.batch.pk},
    constants={("device_picture", "number"): 0},
)
