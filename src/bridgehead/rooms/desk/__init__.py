"""The desk room: what a trader is served with, and who serves it by when."""
