"""What is counted of the movement."""

from django.db.models import Q

from binhyen.kernel.measures import By, Count, Measure, Sum
from binhyen.modules.movement.models import Dossier, EducationTurn, Exhibit, MovementCase, Sanction, Session

OWNER = "Đội Xây dựng phong trào"


class Sessions(Measure):
    """Buổi tuyên truyền."""

    code = "buoi-tuyen-truyen"
    name = "Buổi tuyên truyền"
    definition = "Số buổi tuyên truyền pháp luật, phòng chống tội phạm, dịch bệnh đã tổ chức trong kỳ."
    owner = OWNER
    what = Count(Session)
    on = "held_on"
    kinds = By("topic")


class CasesFromTips(Measure):
    """Vụ việc từ tin báo."""

    code = "vu-viec-tu-tin-bao"
    name = "Vụ việc từ tin báo"
    definition = "Số vụ việc làm rõ trong kỳ nhờ tin báo của tổ, của người dân, theo ngày làm rõ."
    owner = OWNER
    what = Count(MovementCase, where=Q(source=MovementCase.Source.TIP))
    on = "cleared_on"
    kinds = By("kind")


class DrugCases(Measure):
    """Vụ ma túy."""

    code = "vu-ma-tuy"
    name = "Vụ ma túy"
    definition = "Số vụ ma túy làm rõ trong kỳ qua phong trào, từ mọi nguồn, theo ngày làm rõ."
    owner = OWNER
    what = Count(MovementCase, where=Q(kind=MovementCase.Kind.DRUGS))
    on = "cleared_on"


class DrugPeople(Measure):
    """Đối tượng ma túy."""

    code = "doi-tuong-ma-tuy"
    name = "Đối tượng ma túy"
    definition = "Số đối tượng trong các vụ ma túy làm rõ trong kỳ; một người trong hai vụ tính hai lần."
    owner = OWNER
    what = Sum(MovementCase, "people", where=Q(kind=MovementCase.Kind.DRUGS))
    on = "cleared_on"
    people = True


class TreatmentDossiers(Measure):
    """Hồ sơ cai nghiện."""

    code = "ho-so-cai-nghien"
    name = "Hồ sơ cai nghiện bắt buộc"
    definition = "Số hồ sơ đề nghị cai nghiện bắt buộc đã lập trong kỳ, theo ngày lập. Mỗi hồ sơ là một người."
    owner = OWNER
    what = Count(Dossier, where=Q(kind=Dossier.Kind.TREATMENT))
    on = "opened_on"
    people = True


class EducationTurns(Measure):
    """Lượt giáo dục, cảm hóa."""

    code = "luot-giao-duc"
    name = "Lượt giáo dục, cảm hóa"
    definition = "Số lượt người được giáo dục, cảm hóa trong kỳ; một người hai lần tính hai lượt."
    owner = OWNER
    what = Count(EducationTurn)
    on = "done_on"
    people = True


class Sanctions(Measure):
    """Xử phạt."""

    code = "xu-phat"
    name = "Trường hợp xử phạt"
    definition = "Số trường hợp vi phạm hành chính (giao thông, trật tự đô thị, an ninh) trực tiếp xử lý trong kỳ."
    owner = OWNER
    what = Count(Sanction, where=Q(part=Sanction.Part.DECIDED))
    on = "decided_on"
    kinds = By("field")


class Advised(Measure):
    """Tham mưu xử phạt."""

    code = "tham-muu-xu-phat"
    name = "Vụ tham mưu xử phạt"
    definition = "Số trường hợp đơn vị tham mưu để cấp có thẩm quyền xử phạt trong kỳ."
    owner = OWNER
    what = Count(Sanction, where=Q(part=Sanction.Part.ADVISED))
    on = "decided_on"
    kinds = By("field")


class Exhibits(Measure):
    """Tang vật."""

    code = "tang-vat"
    name = "Tang vật tạm giữ"
    definition = "Số lượng tang vật (biển, bảng, hàng hóa…) tạm giữ trong kỳ, theo ngày tạm giữ."
    owner = OWNER
    what = Sum(Exhibit, "quantity")
    on = "taken_on"
