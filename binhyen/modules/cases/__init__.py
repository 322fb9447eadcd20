"""Cases: what happened, on which legal basis, who works on it, until it is closed.

Legal basis: Bộ luật Tố tụng hình sự 2015; Luật Xử lý vi phạm hành chính 2012 (cần pháp chế kiểm tra).
"""
