"""The page “Cam kết” and where its days come from."""
