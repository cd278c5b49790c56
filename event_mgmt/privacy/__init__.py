"""Data protection: what is known about whom, until when, and how it goes."""
