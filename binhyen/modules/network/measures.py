"""What is counted of the network. Triggers keep it; whoever asks for another day gets that day's figure."""

from binhyen.kernel.measures import By, Count, Measure, Sum
from binhyen.modules.network.models import CameraSite, Outage

OWNER = "Đội Tổng hợp"


class SitesInUse(Measure):
    """Điểm đặt camera."""

    code, name = "diem-dat-camera", "Điểm đặt camera"
    definition = "Số điểm đặt camera của đơn vị đang dùng ở cuối kỳ: đã lắp đặt và chưa tháo dỡ."
    owner = OWNER
    what = Count(CameraSite)
    since, until = "built_on", "removed_on"
    kinds = By("power")


class CostOfSites(Measure):
    """Kinh phí các điểm đặt."""

    code, name = "kinh-phi-diem-dat", "Kinh phí các điểm đặt camera"
    definition = "Tổng kinh phí đã chi cho các điểm đặt camera đang dùng ở cuối kỳ, tính bằng đồng."
    owner = OWNER
    what = Sum(CameraSite, "cost")
    since, until = "built_on", "removed_on"
    kinds = By("funding")
    format = "dong"


class CameraOutages(Measure):
    """Lần mất hình."""

    code, name = "lan-mat-hinh", "Lần camera mất hình"
    definition = (
        "Số lần một camera tầng 1 hoặc tầng 2 im lặng, mất kết nối hoặc không ghi được, theo ngày bắt đầu, "
        "như máy ghi đã báo."
    )
    owner = OWNER
    what = Count(Outage)
    unit = "camera__unit"
    on = "day"
    kinds = By("state")


class MinutesWithoutPicture(Measure):
    """Phút mất hình."""

    code, name = "phut-mat-hinh", "Số phút camera mất hình"
    definition = (
        "Tổng số phút của các lần camera tầng 1, tầng 2 mất hình đã kết thúc, tính vào ngày bắt đầu; "
        "lần chưa kết thúc chưa tính phút."
    )
    owner = OWNER
    what = Sum(Outage, "minutes")
    unit = "camera__unit"
    on = "day"
    kinds = By("state")
