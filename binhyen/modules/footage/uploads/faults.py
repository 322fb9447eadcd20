"""Why an upload does not go on."""


class UploadRefused(Exception):
    """What was sent is not taken. `status` is HTTP's; the message is a sentence for the person: what, and what to
    do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


NOT_THERE = 404
CONFLICT = 409
TOO_LARGE = 413
UNUSABLE = 422
NO_SPACE = 507
CHECKSUM_MISMATCH = 460  # of tus 1.0.0, extension checksum
NO_GRANT = 401


def over() -> UploadRefused:
    """The ask no longer waits."""
    return UploadRefused(NO_GRANT, "Yêu cầu này đã kết thúc hoặc hết hạn trả lời. Anh/Chị không cần gửi gì thêm.")
