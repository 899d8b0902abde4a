"""Hand-ins: from whatever was given to files, students and answers by question."""
