"""Sentences with one thing wrong each, in the many ways that reports word it: (kind, what is found, expected, text)."""

SUMS = [
    ("5.680", "5.681", "Toàn huyện đã thu nhận 5.680 hồ sơ, gồm 2.366 hồ sơ trẻ dưới 6 tuổi, 2.877 hồ sơ từ "
                       "6 đến dưới 14 tuổi và "
     "438 hồ sơ từ 14 tuổi trở lên."),
    ("5.680", "5.681", "Kết quả, đã thu nhận 5.680 hồ sơ căn cước (643 hồ sơ trực tuyến). Cụ thể: công dân "
                       "dưới 6 tuổi 2.366/2.465 "
     "trường hợp; từ 6 đến dưới 14 tuổi 2.877/3.517 trường hợp; từ 14 tuổi trở lên 438 trường hợp."),
    ("5.680", "5.681", "2.366 + 2.877 + 438 = 5.680 hồ sơ."),
    ("5.680", "5.681", "Tổng số hồ sơ đã thu nhận là 5.680 hồ sơ; trong đó: dưới 6 tuổi: 2.366; từ 6 đến "
                       "dưới 14 tuổi: 2.877; từ 14 tuổi "
     "trở lên: 438."),
    ("5.680", "5.681", "Kết quả thu nhận 5.680 hồ sơ, chia ra:\n- Trẻ dưới 6 tuổi: 2.366 hồ sơ;\n- Từ 6 đến "
                       "dưới 14 tuổi: 2.877 hồ sơ;\n"
     "- Từ 14 tuổi trở lên: 438 hồ sơ."),
    ("5.680", "5.681", "Nhóm dưới 6 tuổi có 2.366 hồ sơ, nhóm từ 6 đến dưới 14 tuổi có 2.877 hồ sơ, nhóm "
                       "trên 14 tuổi có 438 hồ sơ, tổng "
     "cộng 5.680 hồ sơ."),
    ("5.680", "5.681", "Nhóm thứ nhất thu nhận 2.366 hồ sơ. Nhóm thứ hai thu nhận 2.877 hồ sơ. Nhóm thứ ba "
                       "thu nhận 438 hồ sơ. Tổng số là "
     "5.680 hồ sơ."),
    ("5.680", "5.681", "Toan huyen da thu nhan 5.680 ho so, gom 2.366 ho so tre duoi 6 tuoi, 2.877 ho so tu "
                       "6 den duoi 14 tuoi va 438 ho so "
     "tu 14 tuoi tro len."),
    ("1.620", "1.621", "Hệ thống có 1.620 camera: 60 camera ở trung tâm chỉ huy, 439 camera của xã, thị "
                       "trấn và 1.122 camera của hộ dân."),
    ("1.620", "1.621", "Ba tầng lần lượt có 60, 439 và 1.122 camera, cộng lại là 1.620 camera."),
    ("100", "101", "Các tổ cung cấp tin làm rõ 100 vụ việc, bao gồm 56 vụ ma túy, 24 vụ trộm cắp và 21 vụ "
                   "gây rối trật tự công cộng."),
    ("12", "11", "Bắt giữ 12 đối tượng, trong đó có 7 nam, 4 nữ."),
    ("14", "13", "Mô hình triển khai ở 14 đơn vị, gồm 9 phường và 4 xã."),
    ("5.680", "5.681", "Đã tiếp nhận 5.680 hồ sơ, trong đó 643 hồ sơ nộp trực tuyến, còn lại 5.038 hồ sơ "
                       "nộp trực tiếp."),
    ("1,5", "1,4", "Tổng kinh phí là 1,5 tỷ đồng, gồm 900 triệu đồng ngân sách và 500 triệu đồng xã hội hóa."),
    ("35", "34", "Trong tháng, tổ công tác lập 35 biên bản (20 biên bản về giao thông, 14 biên bản về trật "
                 "tự đô thị)."),
    ("46", "45", "Tổ chức 46 buổi tuyên truyền, phân ra 30 buổi tại trường học, 15 buổi tại khu dân cư."),
    ("5.680", "5.681", "Toàn huyện thu nhận được 5.680 hồ sơ. Trong đó, trẻ dưới 6 tuổi 2.366 hồ sơ (95,98 "
                       "%), trẻ từ 6 đến dưới 14 tuổi "
     "2.877 hồ sơ (81,80 %), công dân từ 14 tuổi trở lên 438 hồ sơ."),
    ("5.680", "5.681", "Công an huyện thu nhận 5.680 hồ sơ, vượt chỉ tiêu. Cụ thể, đã thu nhận 2.366/2.465 "
                       "công dân dưới 6 tuổi; 2.877hồ "
     "sơ/3.517 công dân từ 6 đến dưới 14 tuổi và 438 công dân trên 14 tuổi."),
    ("5.680", "5.681", "Đợt này có 5.680 hồ sơ được thu nhận. Bà con rất phấn khởi. Trẻ dưới 6 tuổi là "
                       "2.366 em, từ 6 đến dưới 14 tuổi là 2.877 "
     "em, còn người từ 14 tuổi trở lên là 438 người."),
    ("5.680", "5.681", "Kết quả: 2.366 hồ sơ (nhóm 1) + 2.877 hồ sơ (nhóm 2) + 438 hồ sơ (nhóm 3) = 5.680 hồ sơ."),
    ("1.622", "1.621", "Có 1.622 camera thuộc 3 tầng, gồm tầng 1 (60 camera), tầng 2 (439 camera) và tầng 3 "
                       "(1.122 camera)."),
    ("5.680", "5.681", "Nhóm một 2.366 hồ sơ; nhóm hai 2.877 hồ sơ; nhóm ba 438 hồ sơ. Như vậy, toàn huyện "
                       "có 5.680 hồ sơ."),
    ("5.680", "5.681", "Đơn vị\tHồ sơ\nDưới 6 tuổi\t2.366\nTừ 6 đến dưới 14\t2.877\nTừ 14 tuổi\t438\nTổng cộng\t5.680"),
    ("439", "438", "Nhóm\tNam\tNữ\tTổng\nMột\t1.200\t1.166\t2.366\nHai\t1.400\t1.477\t2.877\nBa\t200\t238\t439"),
]  # fmt: skip
PERCENTAGES = [
    ("95,9 %", "96,0 %", "Công dân dưới 6 tuổi thu nhận 2.366/2.465 hồ sơ (95,9 %)."),
    ("95,9%", "96,0%", "Đã thu nhận 2.366/2.465 trường hợp, đạt 95,9%."),
    ("95,9 %", "96,0 %", "Tỷ lệ đạt 95,9 % (2.366/2.465 trường hợp)."),
    ("95,9 %", "96,0 %", "Đã thu nhận 2.366 trên tổng số 2.465 hồ sơ, đạt 95,9 %."),
    ("95,9 %", "96,0 %", "Có 2.366 hồ sơ trong tổng số 2.465 hồ sơ, chiếm 95,9 %."),
    ("95,9 %", "96,0 %", "Chỉ tiêu được giao 2.465 hồ sơ, đã thực hiện 2.366 hồ sơ, đạt 95,9 %."),
    ("95,9 %", "96,0 %", "Dưới 6 tuổi: 2.366/2.465 đạt tỷ lệ 95,9 %; từ 6 đến dưới 14 tuổi: 2.877/3.517 đạt "
                         "tỷ lệ 81,8 %."),
    ("95,9%", "96,0%", "Đã thu nhận 2.366/2.465 công dân dưới 6 tuổi (đạt 95,9%); 2.877/3.517 công dân từ 6 "
                       "đến dưới 14 tuổi (81,8%)."),
    ("95,9%", "96,0%", "Đạt tỷ lệ 95,9%, tương ứng 2.366/2.465 trường hợp."),
    ("11,4 %", "11,3 %", "Số hồ sơ trực tuyến là 643 hồ sơ, chiếm 11,4 % trong tổng số 5.680 hồ sơ."),
    ("95,9 %", "96,0 %", "Da thu nhan 2.366/2.465 ho so, dat 95,9 %."),
    ("97,06 %", "96,07 %", "Lũy kế 20.680/21.526 hồ sơ (97,06 %)."),
    ("95,9", "96,0", "Nhóm\tHồ sơ\tChỉ tiêu\tTỷ lệ "
                     "(%)\nMột\t2.366\t2.465\t95,9\nHai\t2.877\t3.517\t81,8\nBa\t20.680\t21.526\t96,1"),
    ("85,1 %", "85,2 %", "Tiếp nhận 128 vụ mâu thuẫn, hòa giải thành 109 vụ, đạt 85,1 %."),
    ("20 %", "18 %", "Xảy ra 18 vụ, giảm 4 vụ so với cùng kỳ (18/22 vụ, giảm 20 %)."),
]  # fmt: skip
REACHED = [
    "Kết quả vượt 189,3 % chỉ tiêu được giao.",
    "Đơn vị thu nhận 5.680 hồ sơ, vượt 189,3% so với chỉ tiêu.",
    "Công an huyện đã vượt chỉ tiêu 189,3 %.",
    "Thu nhận được 5.680 hồ sơ (vượt 189,3 %).",
    "Hoàn thành vượt mức 189,3 % kế hoạch năm.",
    "Kết quả đạt và vượt 20 % kế hoạch đề ra.",
    "Số hồ sơ vượt kế hoạch được giao là 189,3 %.",
    "Ket qua vuot 189,3 % chi tieu duoc giao.",
    "Toàn đội thu nhận 5.680/3.000 hồ sơ, vượt 189,3 % chỉ tiêu.",
    "Các chỉ tiêu đều đạt vượt 15 % so với mục tiêu.",
    "Thu ngân sách vượt dự toán 120 %.",
]
MARKS = [
    ("81.8 %", "81,8 %", "Dưới 6 tuổi đạt 95,9 %, từ 6 đến dưới 14 tuổi đạt 81.8 %."),
    ("81.8%", "81,8%", "Thu nhận 2.877/3.517 hồ sơ (81.8%); lũy kế đạt 96,07%."),
    ("81.80%", "81,80%", "Đạt 81.80% trên tổng số 3.517 hồ sơ."),
    ("1.5", "1,5", "Kinh phí là 1.5 tỷ đồng, năm trước 1,2 tỷ đồng."),
    ("883.62", "883,62", "Thành phố đạt 883.62 điểm, cải cách hành chính đạt 96,18 điểm."),
    ("3.2", "3,2", "Đoạn đường dài 3.2 km, rộng 5,5 m."),
    ("81.8 %", "81,8 %", "Nhom mot dat 95,9 %, nhom hai dat 81.8 %."),
    ("81.8", "81,8", "Nhóm\tTỷ lệ\nMột\t95,9 %\nHai\t81.8 %"),
    ("0.74", "0,74", "Phường rộng 0.74 km2 với 30.125 người."),
]
STUCK = [
    ("2.877hồ sơ", "2.877 hồ sơ", "Từ 6 đến dưới 14 tuổi có 2.877hồ sơ."),
    ("45vụ", "45 vụ", "Trong kỳ xảy ra 45vụ."),
    ("gần05", "gần 05", "Nhân dân đóng góp gần05 tỷ đồng."),
    ("Tháng9", "Tháng 9", "Tháng9 năm 2022, mô hình được nhân rộng."),
    ("229tổ", "229 tổ", "Thành phố có 229tổ tự quản."),
    ("1.695thành viên", "1.695 thành viên", "Các tổ có 1.695thành viên."),
    ("hơn1.096", "hơn 1.096", "Tổ chức hơn1.096 buổi tuyên truyền."),
    ("12đối tượng", "12 đối tượng", "Bắt giữ 12đối tượng."),
    ("1,5tỷ", "1,5 tỷ", "Kinh phí 1,5tỷ đồng."),
    ("2.877ho so", "2.877 ho so", "Nhom hai co 2.877ho so."),
    ("41camera", "41 camera", "Đã lắp 41camera tại các ngã tư."),
]
DAMAGED = [
    ("bo vệ", "bảo vệ", "Phong trào toàn dân bo vệ an ninh."),
    ("tng s tiền", "tổng số tiền", "Nhân dân đóng góp với tng s tiền gần 05 tỷ đồng."),
    ("chuyển đổi s", "chuyển đổi số", "Công an thành phố đẩy mạnh chuyển đổi s trong mọi mặt."),
    ("Tổ quc", "Tổ quốc", "Ngày hội toàn dân bảo vệ an ninh Tổ quc."),
    ("cùa", "của", "Nhờ sự đồng thuận cùa nhân dân."),
    ("hot động", "hoạt động", "Các tổ hot động có nền nếp."),
    ("quàn lý", "quản lý", "Công tác quàn lý địa bàn được chú trọng."),
    ("tình trng", "tình trạng", "Không còn tình trng lấn chiếm vỉa hè."),
    ("lc lượng", "lực lượng", "Cùng với lc lượng nòng cốt là Công an xã."),
    ("cng đồng", "cộng đồng", "Phát huy sức mạnh của cng đồng dân cư."),
    ("trt tự", "trật tự", "Bảo đảm an ninh, trt tự trên địa bàn."),
    ("xừ lý", "xử lý", "Kịp thời xừ lý các vụ việc phát sinh."),
    ("đưc", "được", "Mô hình đưc nhân dân đồng tình."),
    ("nguời dân", "người dân", "Nhiều nguời dân tham gia."),
    ("tuyên truyn", "tuyên truyền", "Tổ chức các buổi tuyên truyn pháp luật."),
    ("bo đảm", "bảo đảm", "Góp phần bo đảm an toàn giao thông."),
    ("phòng nga", "phòng ngừa", "Làm tốt công tác phòng nga tội phạm."),
    ("t chức", "tổ chức", "Đơn vị đã t chức nhiều buổi gặp mặt."),
]
DATES = [
    ("31/02/2024", "Hội nghị tổ chức ngày 31/02/2024."),
    ("29/02/2023", "Từ 29/02/2023 đến nay chưa xảy ra vụ nào."),
    ("31/4", "Sáng ngày 31/4, đơn vị ra quân."),
    ("31 tháng 11 năm 2026", "Suối Lành, ngày 31 tháng 11 năm 2026"),
    ("15/13/2024", "Quyết định ký ngày 15/13/2024."),
    ("30-02-2025", "Báo cáo gửi trước 30-02-2025."),
    ("31.6.2026", "Đợt kiểm tra kết thúc 31.6.2026."),
    ("32/10/2026", "Ngay 32/10/2026 hop giao ban."),
    ("Từ ngày 15/10/2026 đến ngày 10/10/2026", "Từ ngày 15/10/2026 đến ngày 10/10/2026 là đợt cao điểm."),
]
RANKS = [
    ("8", "9", "Đơn vị từ hạng 12 lên hạng 3, vượt 8 bậc."),
    ("8", "9", "Chỉ số xếp từ vị trí thứ 12 lên vị trí thứ 3, tăng 8 bậc so với năm trước."),
    ("8", "9", "Tăng 8 bậc, từ thứ hạng 12 năm 2020 lên thứ hạng 3 năm 2021."),
    ("10", "9", "Thành phố từ hạng 12/63 vươn lên hạng 03/63, vượt 10 bậc."),
    ("5", "6", "Từ hạng 3 xuống hạng 9, tụt 5 bậc."),
    ("8", "9", "Don vi tu hang 12 len hang 3, vuot 8 bac."),
    ("7", "9", "Phường nhảy 7 bậc, từ hạng 12 lên hạng 3."),
    ("4", "3", "Xếp hạng cải thiện 4 bậc, từ vị trí 10 lên vị trí 7."),
]
CHANGES = [
    ("12", "11", "Giảm 12 vụ, từ 45 xuống còn 34 vụ."),
    ("11", "12", "Số vụ từ 45 xuống còn 33 vụ, giảm 11 vụ."),
    ("30", "25", "Số hộ tham gia từ 40 lên 65 hộ, tăng 30 hộ."),
    ("26", "25", "Từ 40 camera lên 50 camera, tăng 26 %."),
    ("171", "172", "Số hộ tăng từ 40 lên 212 hộ, tăng 171 hộ."),
    ("12", "11", "So vu tu 35 xuong con 24 vu, giam 12 vu."),
    ("19", "18", "Số tin báo từ 82 lên 100 tin, tăng thêm 19 tin."),
    ("9", "10", "Số thôn có tổ tự quản từ 4 lên 14 thôn (tăng 9 thôn)."),
]
MIXED_UNITS = [
    "Trang có 300.000 lượt followers.",
    "Số followers đạt hơn 300.000 lượt.",
    "Thu hút gần 300 nghìn lượt người theo dõi.",
    "Có khoảng 243.000 lượt followers trên trang Facebook.",
    "Số người theo dõi là 300.000 lượt.",
    "Followers: 300.000 lượt.",
    "Trang có 300 nghìn lượt theo dõi (followers).",
    "Lượng followers của trang tăng lên 19 nghìn lượt.",
    "So nguoi theo doi dat 300.000 luot.",
]
WHOLES = [
    ("15", "Bắt 12 đối tượng, trong đó có 15 đối tượng nghiện ma túy."),
    ("52", "Tổ chức 46 buổi tuyên truyền, trong đó 52 buổi tại trường học."),
    ("3.507", "Tiếp nhận 3.128 hồ sơ, trong đó 3.507 hồ sơ nộp trực tuyến."),
    ("18", "Xảy ra 16 vụ, trong đó 18 vụ trộm cắp tài sản."),
    ("130", "Toàn xã có 110 hộ. Trong đó, 130 hộ thuộc diện khó khăn."),
    ("9", "Kiểm tra 7 cơ sở, trong đó có 9 cơ sở vi phạm."),
    ("15", "Bat 12 doi tuong, trong do co 15 doi tuong nghien."),
    ("240", "Huy động 214 cán bộ, trong số đó 240 cán bộ cấp xã."),
]
SHARES = [
    "Cơ cấu: 45 % nông nghiệp, 30 % dịch vụ, 22 % công nghiệp.",
    "Về độ tuổi, thành viên gồm 35 % dưới 40 tuổi, 45 % từ 40 đến 60 tuổi, 24 % trên 60 tuổi.",
    "Kết quả phân loại: tốt 62,5 %, khá 30,2 %, trung bình 5,3 %.",
    "Chia ra 48 % nam và 50 % nữ.",
    "Tỷ lệ lần lượt là 20 %, 35 % và 47 %.",
    "Hồ sơ trực tuyến chiếm 84,9 %, còn lại 14,1 % nộp trực tiếp.",
    "Co cau: 45 % nong nghiep, 30 % dich vu, 22 % cong nghiep.",
    "Cơ cấu phương tiện: xe máy 70 %, ô tô 20 %, xe đạp điện 12 %.",
]
CONTRADICTIONS = [
    ("232", "Toàn huyện có 229 tổ tự quản về an ninh.", "Toàn huyện hiện có 232 tổ tự quản về an ninh."),
    ("1.128", "Toàn thành phố đã có 1.122 mắt camera an ninh.", "Toàn thành phố có 1.128 mắt camera an ninh."),
    ("5.681", "Toàn huyện đã thu nhận 5.680 hồ sơ căn cước.", "Toàn huyện thu nhận 5.681 hồ sơ căn cước."),
    (
        "1.965",
        "Tổng số thành viên là 1.695 thành viên tổ tự quản.",
        "Tổng số thành viên là 1.965 thành viên tổ tự quản.",
    ),
    ("13", "Toàn xã có 11 thôn văn hóa.", "Toàn xã có 13 thôn văn hóa."),
    ("61", "Cả phường có 60 camera giám sát.", "Cả phường hiện có 61 camera giám sát."),
    ("45", "Toàn tỉnh có 42 xã vùng cao.", "Toàn tỉnh có 45 xã vùng cao."),
    ("232", "Toan huyen co 229 to tu quan.", "Toan huyen co 232 to tu quan."),
]
