"""Consent of a household to share its camera, as an object that acts: purposes, hours, live, an end in twelve months.

Without one that stands, nobody records the camera, asks for it, sees it or counts it on a map (`book`).
Luật 91/2025/QH15, Điều 9 and 10 (consent: explicit, for each purpose, silence is none); NĐ 356/2025 (cần pháp chế
kiểm tra).
"""
