"""Footage asked for by a case, and the evidence that it becomes (Nghị định 61/2026/NĐ-CP, articles 14 to 21)."""
