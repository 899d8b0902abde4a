"""What was decided once of a row, remembered with all that it rests on."""
