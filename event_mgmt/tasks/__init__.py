"""Long work as rows: asked for on a page, done by processes of its own, its result kept a day."""
