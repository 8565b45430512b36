"""Training, fitting, calibrating and judging the risk."""
