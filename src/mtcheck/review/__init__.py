"""What is known before a run: a baseline, suppressions, reviewers' decisions."""
