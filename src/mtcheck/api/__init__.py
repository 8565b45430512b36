"""mtcheck in Python: audits of frames and files, their notebook view, and `df.mtcheck`."""
