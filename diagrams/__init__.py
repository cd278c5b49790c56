"""The pictures of the documents that are drawn from the code: ``make diagrams``."""
