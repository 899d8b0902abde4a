"""The examiner: is this line right, and if not, why."""
