"""Where organisations, sectors and agreements are kept."""
