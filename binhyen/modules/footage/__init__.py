"""Footage requests and evidence: an area and a window are asked for, never a camera.

The server finds the cameras. Tiers 1 and 2 answer by policy; a household is asked and answers for itself, and whoever
asked cannot tell a refusal from silence or from no camera at all. Law 91/2025/QH15 art. 9 (consent) and 32 (recording
in public places), Decree 61/2026/NĐ-CP art. 16 to 21 (footage of citizens); cần pháp chế kiểm tra.
"""
