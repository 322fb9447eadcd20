"""Stories: made-up records that add up to figures which were published. `load` of a module returns who can sign in."""

STORIES = {
    "thainguyen": "tổ tự quản gắn với cụm camera (Thái Nguyên, đến 8/2022)",
    "daitu": "mạng camera ba tầng (Đại Từ, từ 15/10/2021)",
}
