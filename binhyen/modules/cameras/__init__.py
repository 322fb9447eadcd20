"""Cameras of three tiers: the register, who may look, and what their recording nodes are told.

Legal basis: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 32; Nghị định 61/2026/NĐ-CP, Điều 10
(cần pháp chế kiểm tra).
"""
