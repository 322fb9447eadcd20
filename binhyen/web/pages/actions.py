"""What the log's action codes say to a person. A workflow's steps are named by the workflow itself."""

from django.apps import apps

from binhyen.kernel.screens.declaration import action_words as register_words
from binhyen.kernel.workflow.escalation import ESCALATE

ESCALATED = "Báo cấp trên việc trễ hạn"

LABELS = {
    "look.live": "Xem trực tiếp",
    "look.playback": "Xem lại",
    "look.snapshot": "Chụp ảnh từ hình",
    "look.export": "Trích xuất hình",
    "look.export.download": "Tải gói chứng cứ",
    "footage.request.ask": "Lập yêu cầu hình ảnh",
    "footage.owner.approve": "Chủ camera đồng ý chia sẻ",
    "footage.owner.withdraw": "Chủ camera rút lại sự đồng ý",
    "consents.agree": "Chủ camera đồng ý chia sẻ camera",
    "consents.pause": "Chủ camera tạm dừng chia sẻ",
    "consents.resume": "Chủ camera tiếp tục chia sẻ",
    "consents.withdraw": "Chủ camera rút lại sự đồng ý chia sẻ camera",
    "consents.invite": "Lập lời mời tham gia",
    "footage.package.ask": "Yêu cầu lập gói chứng cứ",
    "footage.package.make": "Lập xong gói chứng cứ",
    "camera.add": "Thêm camera",
    "camera.change": "Sửa camera",
    "vault.ask": "Đề nghị mở niêm phong chủ camera",
    "vault.grant": "Mở niêm phong chủ camera",
    "vault.decline": "Không mở niêm phong chủ camera",
    "vault.read": "Xem thông tin niêm phong đã mở",
    "camera.forget": "Xóa thông tin camera đã ngừng chia sẻ",
    "cases.case.open": "Lập vụ việc",
    "cases.case.correct": "Sửa thông tin vụ việc",
    "cases.case.assign": "Giao vụ việc",
    "cases.case.erase": "Xóa dữ liệu cá nhân hết hạn lưu",
    "cases.person.add": "Ghi người liên quan",
    "cases.person.remove": "Bỏ người ghi nhầm",
    "cases.note.add": "Ghi chú vụ việc",
    "groups.phone.look": "Xem số điện thoại tổ viên",
    "groups.phone.write": "Ghi số điện thoại tổ viên",
    "groups.rota.draft": "Lập lịch trực",
    "groups.swap.ask": "Đề nghị đổi ca trực",
    "groups.patrol.people": "Đổi người đi tuần",
    "groups.checkin.sync": "Gửi điểm danh tuần tra",
    "groups.checkin.decide": "Xem điểm danh gửi muộn",
    "groups.forget": "Xóa vị trí và nội dung tuần tra hết hạn lưu",
    "groups.checkin.hand-over": "Chuyển phát hiện vào vụ việc",
    "statistics.report.draft": "Lập bản thảo báo cáo",
    "statistics.report.change": "Sửa bản thảo báo cáo",
    "statistics.report.drop": "Bỏ bản thảo báo cáo",
    "statistics.report.correct": "Lập bản đính chính báo cáo",
    "statistics.question.ask": "Hỏi đơn vị về số liệu",
    "statistics.question.answer": "Trả lời về số liệu",
    "statistics.plan.add": "Đặt lịch báo cáo định kỳ",
    "statistics.plan.end": "Ngừng báo cáo định kỳ",
    "statistics.export": "Tải bảng thống kê",
    "network.donor.read": "Xem tên bên tặng điểm đặt camera",
    "network.donor.name": "Ghi hoặc xóa tên bên tặng điểm đặt camera",
    "network.export": "Tải bảng về mạng camera",
    "log.export": "Tải nhật ký",
    "log.verify": "Kiểm tra chuỗi nhật ký",
}


def action_words(action: str) -> str:
    """The action in Vietnamese; the code itself where nobody has named it."""
    return LABELS.get(action) or _step_label(action) or register_words(action) or action


def _step_label(action: str) -> str:
    label, _, step = action.rpartition(".")
    try:
        workflow = apps.get_model(label).workflow
        return ESCALATED if step == ESCALATE else str(workflow[step].label)
    except (LookupError, ValueError, AttributeError):
        return ""
