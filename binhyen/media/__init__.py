"""The media plane: cameras in, segments and live pictures out. Starts without Django."""
