"""Why there is no fair rota, in a sentence that a group's leader can act on."""

from binhyen.modules.groups.rota.board import Board
from binhyen.modules.groups.rota.turns import NoRota


def why_not(board: Board) -> NoRota:
    """The first reason that explains it alone; what remains is that rules do not go together."""
    return (
        _a_turn_without_people(board)
        or _more_nights_than_allowed(board)
        or _more_turns_than_people_can_take(board)
        or _somebody_can_take_too_few(board)
        or _rules_do_not_go_together(board)
    )


def _a_turn_without_people(board: Board) -> NoRota | None:
    for place, turn in enumerate(board.turns):
        able = sum(may >> place & 1 for may in board.may)
        if able < turn.needs:
            sentence = f"{turn.words} cần {turn.needs} người nhưng chỉ có {able} người không nghỉ."
            return NoRota(sentence, "Hãy giảm số người của ca, dời ngày nghỉ, hoặc thêm thành viên.")
    return None


def _more_nights_than_allowed(board: Board) -> NoRota | None:
    weeks: dict[int, int] = {}
    for place, turn in enumerate(board.turns):
        if turn.is_night:
            weeks[board.week[place]] = weeks.get(board.week[place], 0) + turn.needs
    for week, needed in weeks.items():
        able = sum(min(board.limits.nights_per_week, (may & week).bit_count()) for may in board.may)
        if needed > able:
            first = board.turns[(week & -week).bit_length() - 1]
            sentence = (
                f"Tuần có {first.words} cần {needed} lượt trực đêm, mà với giới hạn {board.limits.nights_per_week} đêm "
                f"mỗi người mỗi tuần cả tổ chỉ nhận được {able} lượt."
            )
            return NoRota(sentence, "Hãy nới giới hạn đêm, giảm số người mỗi ca đêm, hoặc thêm thành viên.")
    return None


def _more_turns_than_people_can_take(board: Board) -> NoRota | None:
    needed = sum(turn.needs for turn in board.turns)
    able = sum(_most(board, person) for person in range(len(board.people)))
    if needed <= able:
        return None
    sentence = (
        f"Cả kỳ cần {needed} lượt trực, mà với {_hours(board)} giờ nghỉ giữa hai ca {len(board.people)} người "
        f"nhận được nhiều nhất {able} lượt."
    )
    return NoRota(sentence, "Hãy giảm số ca hoặc số người mỗi ca, rút ngắn giờ nghỉ giữa hai ca, hoặc thêm thành viên.")


def _somebody_can_take_too_few(board: Board) -> NoRota | None:
    needed = sum(turn.needs for turn in board.turns)
    least = needed // len(board.people)
    for person, who in enumerate(board.people):
        most = _most(board, person)
        if most < least:
            sentence = (
                f"Chia đều thì mỗi người phải nhận ít nhất {least} ca, nhưng {who.name} chỉ nhận được nhiều nhất "
                f"{most} ca vì ngày nghỉ trong kỳ."
            )
            return NoRota(sentence, f"Hãy xếp kỳ này không có {who.name}, chọn kỳ khác, hoặc dời ngày nghỉ.")
    return None


def _rules_do_not_go_together(board: Board) -> NoRota:
    if board.gave_up:
        return NoRota(
            "Chưa tìm được lịch chia đều thỏa mọi điều kiện trong số lần thử cho phép.",
            "Hãy chia kỳ thành hai kỳ ngắn hơn, hoặc nới giờ nghỉ giữa hai ca, giới hạn đêm.",
        )
    return NoRota(
        f"Không có cách nào chia đều các ca khi vừa giữ {_hours(board)} giờ nghỉ giữa hai ca, vừa giữ giới hạn "
        f"{board.limits.nights_per_week} đêm mỗi tuần và các ngày nghỉ đã ghi.",
        "Hãy nới một trong các điều kiện ấy, hoặc thêm thành viên.",
    )


def _most(board: Board, person: int) -> int:
    """The most turns that the person could take alone: always the one that ends first (nights' limit kept)."""
    held = 0
    for turn in sorted(range(len(board.turns)), key=lambda each: board.turns[each].end):
        is_night = board.nights >> turn & 1
        full = is_night and (held & board.week[turn]).bit_count() >= board.limits.nights_per_week
        if board.may[person] >> turn & 1 and not held & board.clashes[turn] and not full:
            held |= 1 << turn
    return held.bit_count()


def _hours(board: Board) -> str:
    return f"{board.limits.rest_hours:g}".replace(".", ",")
