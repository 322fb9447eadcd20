"""People and visits mixed: "followers … lượt". A follower is a person, a "lượt" is one visit."""

from collections.abc import Iterator

from binhyen.kernel.figures.finding import Finding
from binhyen.kernel.figures.report import Report
from binhyen.kernel.figures.text import Cue

KIND = "mixed_units"
_FOLLOWERS = r"(?:followers?|người theo dõi|người đăng ký|subscribers?)"
_VISITS_OF_PEOPLE = Cue(
    rf"(?<![^\W\d_])lượt (?:người )?(?:theo dõi )?\(?{_FOLLOWERS}(?![^\W\d_])"
    rf"|(?<![^\W\d_]){_FOLLOWERS}\W{{0,3}}(?:\s*[^\W\d_]+){{0,8}}?\W{{0,3}}\s*[\d.,]*\d(?:\s+(?:nghìn|ngàn|triệu))?\s+lượt"
    r"(?!\s+(?:thích|like|xem|truy cập|tiếp cận|tương tác|chia sẻ|share|bình luận|tải|người|bài|đọc|ghé"
    r"|view|yêu thích|quan tâm"
    r"|hỏi|phản ánh|tin))"
)


def check(report: Report) -> Iterator[Finding]:
    """Followers counted in visits."""
    for sentence in report.text.sentences:
        for match in _VISITS_OF_PEOPLE.within(sentence):
            shown = report.shown(match.start(), match.end())
            words = (
                f"“{shown}” lẫn hai đơn vị: người theo dõi (người) và lượt (lần). "
                "Xin ghi rõ là số người theo dõi hay số lượt truy cập."
            )
            yield report.finding(KIND, match.start(), match.end(), expected="", sentence=words)
