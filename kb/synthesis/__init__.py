"""What a set of findings adds up to: studies counted by the direction they point, with what this may not be read as."""
