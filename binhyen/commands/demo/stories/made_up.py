"""What stories make their records of: parts that add up, days, names of nobody."""

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Lý", "Ma", "Nông", "Triệu")
MIDDLES = ("Văn", "Thị", "Minh", "Đức")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Hà", "Hòa", "Lan", "Mai", "Nam", "Phương", "Sơn", "Tú", "Yến")


def shares(total: int, count: int, *, turn: int = 0) -> list[int]:
    """`total` split into `count` whole parts that differ, and add up to it exactly; `turn` says who gets most."""
    weights = [8 + (place + turn) * 5 % 9 for place in range(count)]
    parts = [total * weight // sum(weights) for weight in weights]
    for place in range(total - sum(parts)):
        parts[(place * 3 + turn) % count] += 1
    return parts


def person(number: int) -> str:
    """A made-up name; another for each number below a few hundred."""
    middle, given = MIDDLES[number // 12 % 4], GIVEN[number % 13]
    return f"{SURNAMES[number % 12]} {middle} {given}"
