"""Every component of the pages in every state, for whoever develops them."""
