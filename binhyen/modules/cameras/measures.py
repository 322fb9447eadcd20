"""What is counted of cameras."""

from django.db.models import Q

from binhyen.kernel.measures import By, Count, Measure
from binhyen.modules.cameras.models import Camera, Tier

OWNER = "Đội Tổng hợp"


class StationCameras(Measure):
    """Camera tầng 1 và tầng 2."""

    code, name = "camera-don-vi", "Camera của đơn vị"
    definition = "Số camera tầng 1 và tầng 2 thuộc mạng ở cuối kỳ: đã hoạt động và chưa ngừng."
    owner = OWNER
    what = Count(Camera, where=Q(tier__lt=Tier.HOUSEHOLD))
    since, until = "active_from", "active_until"
    kinds = By("tier")


class HouseholdCameras(Measure):
    """Camera tầng 3."""

    code, name = "camera-ho-gia-dinh", "Camera hộ gia đình chia sẻ"
    definition = "Số camera tầng 3 mà hộ gia đình tự nguyện chia sẻ và chưa thôi chia sẻ ở cuối kỳ; ít thì không nêu."
    owner = OWNER
    what = Count(Camera, where=Q(tier=Tier.HOUSEHOLD))
    since, until = "active_from", "active_until"
    # Households are people: one rule of the kernel decides which numbers are told, and no page has another.
    people = True
