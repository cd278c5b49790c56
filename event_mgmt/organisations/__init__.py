"""Organisations, their sectors, and the cooperation agreements between them."""
