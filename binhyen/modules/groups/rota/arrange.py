"""Working it out: place turns one by one, hand turns on until the loads are even, search where that is not enough."""

from collections.abc import Sequence
from itertools import combinations

from binhyen.modules.groups.rota.board import Board
from binhyen.modules.groups.rota.turns import Limits, NoRota, Person, Plan, Turn
from binhyen.modules.groups.rota.why import why_not

SEARCH_STEPS_MAX = 60_000
"""So many partial rotas are tried at most, about two seconds; a rota of a group is found long before."""


def arrange(turns: Sequence[Turn], people: Sequence[Person], limits: Limits | None = None) -> Plan:
    """A fair rota. Raises NoRota where there is none, or where none was found within the bound on trying."""
    limits = limits or Limits()
    turns = sorted(turns, key=lambda turn: (turn.start, turn.key))
    people = sorted(people, key=lambda person: person.key)
    counted = [person for person in people if any(person.can_come(turn) for turn in turns)]
    if not counted or not turns:
        raise NoRota("Chưa có ca trực hoặc chưa có ai trực được trong kỳ này.", "Hãy thêm thành viên hoặc đổi kỳ.")
    board = Board(turns, counted, limits)
    if not (_place_all(board) and _even_out(board)):
        board = Board(turns, counted, limits)
        if not _search(board):
            raise why_not(board)
    _even_nights(board)
    duties = tuple(
        (turn.key, counted[person].key)
        for place, turn in enumerate(turns)
        for person in range(len(counted))
        if board.taken[person] >> place & 1
    )
    left_out = tuple(person for person in people if person not in counted)
    return Plan(duties, left_out, frozenset(turn.key for turn in turns if turn.is_night))


def _place_all(board: Board) -> bool:
    """Scarce turns first: those for which fewest people can come."""
    scarce = sorted(range(len(board.turns)), key=lambda turn: (_spare(board, turn), turn))
    return all(board.place(turn) for turn in scarce for _ in range(board.turns[turn].needs))


def _spare(board: Board, turn: int) -> int:
    return sum(may >> turn & 1 for may in board.may) - board.turns[turn].needs


def _even_out(board: Board) -> bool:
    """Hand turns on from who has many to who has at least two fewer; True once no two differ by more than one."""
    while not _is_even(board):
        by_load = sorted(range(len(board.people)), key=lambda person: (-board.load(person), person))
        if not any(_relieve(board, person) for person in by_load):
            return False
    return True


def _relieve(board: Board, person: int) -> bool:
    fewer = board.load(person) - 1
    return any(board.place(turn, giver=person, below=fewer) for turn in board.held(person))


def _is_even(board: Board) -> bool:
    loads = [board.load(person) for person in range(len(board.people))]
    return max(loads) - min(loads) <= 1


def _even_nights(board: Board) -> None:
    """Exchange a night for a day between two people, or move one where the loads stay even, while it evens nights."""
    everyone = range(len(board.people))
    pairs = [(many, few) for many in everyone for few in everyone if many != few]
    while any(_exchange(board, many, few) for many, few in pairs if _differ(board, many, few)):
        pass


def _differ(board: Board, many: int, few: int) -> bool:
    return board.night_load(many) - board.night_load(few) > 1


def _exchange(board: Board, many: int, few: int) -> bool:
    nights = [turn for turn in board.held(many) if board.nights >> turn & 1]
    days = [turn for turn in board.held(few) if not board.nights >> turn & 1]
    moved = [None] if board.load(many) > board.load(few) else []
    for night in nights:
        for day in (*moved, *days):
            if board.fits(few, night, day) and (day is None or board.fits(many, day, night)):
                board.take(many, night)
                board.give(few, night)
                if day is not None:
                    board.take(few, day)
                    board.give(many, day)
                return True
    return False


# --- where handing on is not enough ----------------------------------------------------------------------------------
def _search(board: Board) -> bool:
    """Try partial rotas turn by turn, those with the fewest turns first, until one is even. Exhaustive up to
    `SEARCH_STEPS_MAX`; the board then says by `gave_up` that it was not."""
    total = sum(turn.needs for turn in board.turns)
    least, richer = divmod(total, len(board.people))
    order = sorted(range(len(board.turns)), key=lambda turn: (_spare(board, turn), turn))
    after = [sum(board.turns[turn].needs for turn in order[place:]) for place in range(len(order) + 1)]
    steps = 0

    def go(place: int) -> bool:
        nonlocal steps
        steps += 1
        loads = [board.load(person) for person in range(len(board.people))]
        if sum(max(0, least - load) for load in loads) > after[place] or sum(load > least for load in loads) > richer:
            return False
        if place == len(order):
            return True
        turn = order[place]
        able = [p for p in range(len(board.people)) if loads[p] <= least and board.fits(p, turn)]
        able.sort(key=lambda p: (loads[p], board.night_load(p), p))
        for chosen in combinations(able, board.turns[turn].needs):
            for person in chosen:
                board.give(person, turn)
            if go(place + 1):
                return True
            for person in chosen:
                board.take(person, turn)
            if steps > SEARCH_STEPS_MAX:
                board.gave_up = True
                return False
        return False

    return go(0)
