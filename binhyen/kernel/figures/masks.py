"""Digits that are no amounts: dates, times, telephone and document numbers, plates, articles of law, addresses."""

import re

from binhyen.kernel.figures.text import Text, plain_pattern
from binhyen.kernel.vietnamese.syllables import set_of

COUNTED = """
ảnh bài báo cáo bị cáo bị can biên bản bộ buổi ca cán bộ cá nhân câu lạc bộ căn căn cước camera mắt cháu chi bộ chiến sĩ
chiếc chốt cơ quan cơ sở công an công dân công ty cuộc cụm doanh nghiệp đảng viên đàn ông phụ nữ đám đầu điện thoại điểm
điều tra viên đoàn viên đơn vị đối tượng đợt đồng chí em giấy phép giấy gian hàng gia đình hành vi hệ thống học sinh học
viên hội viên hội nghị hộ hộ dân hồ sơ huyện khẩu khách lá cờ lao động lớp lượt lời máy máy tính mô hình mũi nạn nhân
nam nữ ngôi nhà ngư dân người nhóm nhân khẩu phiếu phòng phương tiện phường quyết định quầy sáng kiến sinh viên suất
sự cố tài khoản tập thể tàu thanh niên thành viên thẻ thiết bị thí sinh thôn bản thị trấn thông báo thủ tục thư tỉnh tin
tổ tổ viên tổ chức trang trạm trẻ trẻ em trường trường hợp tụ điểm tủ văn bản vụ vụ án vụ việc xã xe ô tô mô tô xe máy
ý kiến yêu cầu tang vật vật chứng video clip lần đề tài chuyên án chuyên đề tờ rơi tờ khai hạng mục nhiệm vụ chỉ tiêu
nội dung khối dự án
"""
"""First words of what reports count; a number before one of them is an amount even where it looks like a label."""
FIRST_COUNTED = set_of(COUNTED)
_NOT_COUNTED = r"(?!\s*(?:" + "|".join(sorted(FIRST_COUNTED)) + r")(?![^\W\d_]))"
_LABELS = "|".join(
    sorted(
        set_of(
            """điều khoản điểm mục chương phần phụ\\s+lục mẫu mẫu\\s+số số thông\\s+tư nghị\\s+định luật nghị\\s+quyết
quyết\\s+định chỉ\\s+thị công\\s+văn kế\\s+hoạch đề\\s+án quốc\\s+lộ tỉnh\\s+lộ ql km lớp khóa khoá khối lần
thứ hạng đợt
quý tuần bước bảng hình trang tầng cấp độ mức loại nhóm tổ phố thôn ấp xóm khu phường quận đội phòng đường ngõ ngách hẻm
kiệt lô dãy nhà vòng bản giai\\s+đoạn ca bài kỳ câu chí biển\\s+soát bks seri mã cccd cmnd tcvn iso qcvn covid
nghiệp mạng
hệ ngành tháng năm ngày mùng mồng khu\\s+vực cụm trạm chốt tuyến kênh cổng bậc top giờ vị\\s+trí bàn
lượt\\s+thứ tiêu\\s+chí
đại\\s+hội phiên tập quyển tờ tiết vùng"""
        )
    )
)
_WORDS = (
    r"https?://[^\s]+|www\.[^\s]+|[\w.+-]+@[\w.-]+|#\w+",
    r"(?<![\w.])[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|gov|edu|info)(?![\w])[^\s]*",
    r"(?<!\d)\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})(?![\d.,]*\d)",
    r"(?<!\d)\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)",
    r"(?<![\d.,])\d{1,2}\s?[/-]\s?(?:19|20)\d{2}(?!\d)(?!\s*%)",
    r"(?<![\d.,/])(?:19|20)\d{2}\s?[–/-]\s?(?:19|20)\d{2}(?!\d)",
    r"(?:ngày|mùng|mồng|đêm|sáng|trưa|chiều|tối|hôm|khuya|rạng sáng)\s+\d{1,2}(?:\s?[/.-]\s?\d{1,2})?(?![\d.,]*\d)"
    r"(?:\s*(?:,|và|đến|–|-)\s*\d{1,2}\s?[/-]\s?\d{1,2}(?!\d))*",
    r"(?:từ|đến|tới|trước|sau|hết|và|lễ|dịp)\s+\d{1,2}\s?[/-]\s?\d{1,2}(?![\d.,/]*\d)(?!\s*\(?\s*\d*\s*%)"
    + _NOT_COUNTED,
    r"(?<![\d.,/])(?:19[4-9]|20[0-9])\d(?![\d.,/]*\d)(?!\s*%)" + _NOT_COUNTED,
    r"(?<![\d.,])\d{1,2}\s?(?:giờ|h|g)\s?\d{0,2}(?:\s?phút|p)?(?![^\W_])|(?<![\d.,])\d{1,2}:\d{2}(?::\d{2})?(?!\d)",
    r"(?<![\d.,/])\(?(?:\+84|0)\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?!\d)|(?<!\d)1[89]00[ .]?\d{2,4}(?:[ .]?\d{2})?(?!\d)",
    r"(?:điện thoại|đường dây nóng|hotline|sđt|zalo|đt|gọi|số máy)(?:\s+số)?\s*:?\s*[\d .()-]*\d(?![\d.]*\s*%)"
    + _NOT_COUNTED,
    r"(?<![\d.,])\d+[a-z]?/(?:19|20)\d{2}/[a-zđ][\w-]*(?:/[\w-]+)*|(?<![\d.,])\d+/[a-zđ]{2,}[\w]*-[\w/-]+",
    r"(?<!\w)[a-zđ]{1,6}-\d+(?!\d)",
    r"(?<!\d)\d{2}[ -]?[a-zđ][a-z0-9đ]?[ .-]+\d{3}\.?\d{2}(?!\d)|(?<!\d)\d{2}[a-zđ]\d?[ -]?\d{4,5}(?!\d)",
    r"(?<![\d.,])\d{7,}(?![\d.,]*\d)|(?<!\d)0\d{3,}(?!\d)",
    r"(?<![\d.,])\d+(?:\.\d{1,2}){2,}(?![\d.])|(?<!\d)\d+\s?x\s?\d+(?:\s?x\s?\d+)?(?!\d)",
    r"(?<![\d.,])\d+(?:\s?[a-zđ]{1,3})?\s?[–-]\s?\d+(?![\d.,]*\d)(?!\s?[/-]\s?\d)",
    r"từ\s+\d{1,3}\s+(?:tuổi\s+)?đến\s+(?:dưới\s+|hết\s+)?\d{1,3}(?![\d.,/]*\d)(?!\s*%)",
    r"(?m:^)[ \t]*\(?\d{1,2}(?:\.\d{1,2})*[.)](?=\s)",
    r"(?<![^\W\d_])(?:điều|khoản|điểm|mục|chương|phiên bản|bản|nghị định|thông tư|luật)\s+\d+(?:\.\d{1,2})+(?!\d)",
    rf"(?<![^\W\d_])(?:{_LABELS})\s+(?:số\s+|thứ\s+)?\d{{1,3}}[a-z]?(?![\d.,/]*\d)(?!\s*%)" + _NOT_COUNTED,
    r"(?<![^\W\d_])(?:hạng|thứ|vị trí|xếp)\s+(?:thứ\s+)?\d{1,3}\s?/\s?\d{1,4}",
    r"(?<![^\W\d_])số\s*:?\s*\d+(?=/)|(?<![^\W\d_])số hiệu\s*:?\s*[\w.-]+",
    r"(?<![\d.,])24\s?/\s?(?:7|24)(?!\d)|(?<![\d.,])[1-9]\.0(?!\d)(?!\s*(?:%|tỷ|triệu|điểm))",
)
_MARKED = [re.compile(each) for each in _WORDS]
_PLAIN = [re.compile(plain_pattern(each)) for each in _WORDS]


def masked(text: Text) -> bytearray:
    """For each character of the text 1 where a digit is no amount."""
    mask = bytearray(len(text.reading))
    patterns, read = (_MARKED, text.reading) if text.marked else (_PLAIN, text.folded)
    for pattern in patterns:
        for match in pattern.finditer(read):
            mask[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return mask
