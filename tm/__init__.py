"""The translation memory: segmenting, aligning, matching and storing. Imports nothing heavy by itself."""
