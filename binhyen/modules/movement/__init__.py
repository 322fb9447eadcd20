"""The mass movement for security (phong trào toàn dân bảo vệ ANTQ) as a station counts it.

Sessions, meetings whose lines become tasks, education turns, dossiers, sanctions, exhibits, cases that came of it,
nominations that cite records, lesson cards that other units take over; and the report of all of it, whose numbers
are measures and open their rows.
"""
