"""What each section of a document becomes."""
